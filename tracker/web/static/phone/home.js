// Where one begins: what is under way, what is due, and the two things one comes for.

import { h, icon } from "./dom.js";
import { draft as draftOf } from "./hazard.js";
import * as inspections from "./inspections.js";
import { meta, rows } from "./ledger.js";
import { kindName, placeName } from "./labels.js";
import * as packs from "./pack.js";
import { _, day, instant, named } from "./words.js";

const SHOWN = 8;

export async function show() {
  const [pack, account, found, draft] = await Promise.all([
    packs.current(), meta("account"), rows("inspections"), draftOf(),
  ]);
  if (!pack) return { name: "home", title: _("Inspections"), body: [nothingYet()] };
  const newest = found.sort((a, b) => (a.begun_at < b.begun_at ? 1 : -1));
  const open = newest.filter((each) => !each.finished_at);
  const finished = newest.filter((each) => each.finished_at).slice(0, SHOWN);
  const made = new Set(found.map((each) => each.planned).filter(Boolean));
  return {
    name: "home", title: _("Inspections"),
    body: [
      h("div", { class: "starts" },
        h("a", { class: "start", href: "#/hazard" }, icon("alert"),
          h("b", {}, draft ? _("Go on with a hazard") : _("Report a hazard")), h("small", {}, _("Photo, place, done"))),
        h("a", { class: "start", href: "#/start" }, icon("check"),
          h("b", {}, _("Start an inspection")), h("small", {}, _("A room or a building")))),
      section(_("Under way"), await Promise.all(open.map((each) => underWay(each, pack, account)))),
      section(_("Due"), (pack.planned ?? []).filter((each) => !made.has(each.ref)).slice(0, SHOWN).map((each) => due(each, pack))),
      section(_("Finished on this phone"), finished.map((each) => past(each, pack))),
      await installing(),
    ].filter(Boolean),
  };
}

export function nothingYet() {
  return h("div", { class: "card empty" }, h("h2", {}, _("Connect once to load buildings")),
    h("p", {}, _("Sign in with signal one time. From then on this page works in cellars and corridors without any.")),
    h("a", { class: "button main", href: `../sign-in?next=${encodeURIComponent(location.pathname)}` }, _("Sign in")));
}

function section(title, entries) {
  return entries.length > 0 && h("section", {}, h("h2", {}, title), h("ul", { class: "places" }, entries));
}

async function underWay(inspection, pack, account) {
  const place = placeName(inspection.place, inspection.place.number && { number: inspection.place.number });
  const about = `${kindName(pack, inspection.kind)} · ${instant(inspection.begun_at)}`;
  if (inspection.by !== account.id) {
    return h("li", {}, h("p", { class: "line" }, h("b", {}, place), h("span", { class: "facts" },
      about, " · ", _("of another account"))));
  }
  const view = await inspections.open(inspection.id);
  let all = 0;
  let done = 0;
  for (const room of inspections.places(inspection, pack)) {
    const counted = inspections.progress(view, room ?? null);
    all += counted.all;
    done += counted.done;
  }
  return h("li", {}, h("a", { href: `#/inspection/${inspection.id}`, data: { state: "begun" } },
    h("b", {}, place), h("span", { class: "facts" }, about), h("span", { class: "far" }, `${done}/${all}`), icon("next")));
}

function due(planned, pack) {
  const building = pack.building(planned.building);
  return h("li", {}, h("a", { href: `#/start/${planned.building}/due/${planned.kind}` }, h("b", {}, named(building)),
    h("span", { class: "facts" }, kindName(pack, planned.kind), " · ", _("by %(day)s", { day: day(planned.due_on) })), icon("next")));
}

function past(inspection, pack) {
  const place = placeName(inspection.place, inspection.place.number && { number: inspection.place.number });
  return h("li", {}, h("a", { href: `#/inspection/${inspection.id}/finish`, data: { state: "done" } }, h("b", {}, place),
    h("span", { class: "facts" }, `${kindName(pack, inspection.kind)} · ${instant(inspection.finished_at)}`), icon("next")));
}

let offer;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
});

// Browsers may clear what pages keep; not that of pages on the home screen.
async function installing() {
  if (matchMedia("(display-mode: standalone)").matches || !offer) return null;
  return h("p", { class: "install" }, h("button", { class: "button", onclick: () => offer.prompt() },
    icon("plus"), _("Put on the home screen")));
}
