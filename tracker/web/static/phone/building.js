// An inspection of a building: its rooms by floor, and how far each is.

import { h, icon } from "./dom.js";
import * as inspections from "./inspections.js";
import { floorName, kindName, roomName } from "./labels.js";
import * as packs from "./pack.js";
import { _, instant, named, ngettext } from "./words.js";

export async function show(id) {
  const [view, pack] = await Promise.all([inspections.open(id), packs.current()]);
  if (!view) return { to: "/" };
  const { inspection } = view;
  if (inspection.finished_at) return { to: `/inspection/${id}/finish` };
  if (inspection.room !== null) return { to: `/inspection/${id}/room/${inspection.room}` };
  const places = inspections.places(inspection, pack);
  const levels = [...new Set(places.map((room) => room?.level))];
  return {
    name: "building", title: named(inspection.place), back: "/",
    body: [
      h("p", { class: "under" }, `${kindName(pack, inspection.kind)} · ${instant(inspection.begun_at)} · `,
        inspection.inspectors.map((each) => each.name).join(_(", "))),
      ...levels.map((level) => h("section", {},
        level === undefined ? null : h("h2", {}, floorName(level)),
        h("ul", { class: "places" }, places.filter((room) => room?.level === level).map((room) => place(view, pack, room))))),
    ],
    bar: [
      h("a", { class: "button", href: "#/hazard" }, icon("alert"), _("Hazard")),
      h("a", { class: "button main", href: `#/inspection/${id}/finish` }, _("Sign and finish"), icon("next")),
    ],
  };
}

function place(view, pack, room) {
  const { all, done, fail } = inspections.progress(view, room);
  const open = pack.hazardsAt(view.inspection.building, room?.id).length;
  const state = done === all ? (fail ? "fail" : "done") : done ? "begun" : "";
  return h("li", {}, h("a", { href: `#/inspection/${view.inspection.id}/room/${room?.id ?? 0}`, data: { state } },
    h("b", {}, room ? room.number : roomName(null)),
    h("span", { class: "facts" }, fail > 0 && h("span", { class: "bad-text" }, ngettext("%(num)s fail", "%(num)s fails", fail)),
      open > 0 && h("span", { class: "soon-text" }, ngettext("%(num)s open", "%(num)s open", open))),
    h("span", { class: "far" }, all ? `${done}/${all}` : "–"), icon("next")));
}
