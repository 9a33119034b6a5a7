// The end of an inspection: what was found, what is missing, who signs.

import { asked, h, icon } from "./dom.js";
import * as inspections from "./inspections.js";
import { enter } from "./ledger.js";
import { departmentName, kindName, placeName, roomName } from "./labels.js";
import * as packs from "./pack.js";
import { pad } from "./pad.js";
import { say } from "./saying.js";
import { get } from "./store.js";
import * as sync from "./sync.js";
import { _, instant, named, ngettext } from "./words.js";

export async function show(id) {
  await inspections.settle(id);
  const [view, pack, draft] = await Promise.all([
    inspections.open(id), packs.current(), get("drafts", `finish|${id}`),
  ]);
  if (!view) return { to: "/" };
  const looked = summary(view, pack);
  return view.inspection.finished_at ? past(view, pack, looked) : screen(view, pack, looked, draft ?? {});
}

function summary(view, pack) {
  const places = inspections.places(view.inspection, pack).map((room) => ({ room: room ?? null, ...inspections.progress(view, room ?? null) }));
  const sum = (name) => places.reduce((total, each) => total + each[name], 0);
  return { places: places.filter((each) => each.all), all: sum("all"), done: sum("done"), pass: sum("pass"), fail: sum("fail"), na: sum("na") };
}

function figures(view, pack, looked) {
  const rooms = inspections.places(view.inspection, pack);
  const rows = view.inspection.template.sections.map((section) => {
    const parts = rooms.map((room) => inspections.progress(view, room ?? null, section.key));
    const sum = (name) => parts.reduce((total, each) => total + each[name], 0);
    return { section, all: sum("all"), pass: sum("pass"), fail: sum("fail"), na: sum("na"), done: sum("done") };
  }).filter((each) => each.all);
  const cell = (number, kind) => h("td", { class: number ? kind : "nothing" }, `${number}`);
  return h("table", { class: "figures" }, h("caption", { class: "hidden" }, _("Results by section")),
    h("thead", {}, h("tr", {}, [_("Section"), _("Pass"), _("Fail"), _("N/A"), _("Not seen")].map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, [...rows, { section: null, ...looked }].map((row) => h("tr", { class: row.section ? "" : "total" },
      h("th", { scope: "row" }, row.section ? named(row.section) : _("Together")),
      cell(row.pass, "good-text"), cell(row.fail, "bad-text"), cell(row.na, ""), cell(row.all - row.done, "soon-text")))));
}

function missing(view, looked) {
  const link = (room, item, text) => h("li", {}, h("a", { href: `#/inspection/${view.inspection.id}/room/${room?.id ?? 0}`,
    data: { state: "fail" } }, h("b", {}, `${room ? room.number : roomName(null)} · ${item.code}`),
    h("span", { class: "facts" }, text), icon("next")));
  return looked.places.flatMap(({ room, bare }) => bare.map((item) => link(room, item, _("a photo, or a note why there is none"))));
}

function hints(looked) {
  const open = looked.all - looked.done;
  const photos = looked.places.reduce((sum, each) => sum + each.unseen.length, 0);
  const untouched = looked.places.filter((each) => !each.done).length;
  return [
    open > 0 && ngettext("%(num)s item was not looked at.", "%(num)s items were not looked at.", open),
    untouched > 0 && ngettext("%(num)s place was not entered.", "%(num)s places were not entered.", untouched),
    photos > 0 && ngettext("%(num)s item that passed asks for a photo.", "%(num)s items that passed ask for a photo.", photos),
  ].filter(Boolean);
}

function screen(view, pack, looked, typed) {
  const { inspection } = view;
  const lacks = missing(view, looked);
  const open = hints(looked);
  const signers = h("ul", { class: "places signers" });
  const keep = () => enter({ puts: { drafts: [{ key: `finish|${inspection.id}`, value: { ...typed } }] } });

  function drawSigners() {
    const people = [...inspection.inspectors.map((each) => ({ ...each, side: "inspector" })),
      { side: "inspected", name: (typed.accompanied_by ?? "").trim(), department: null }];
    signers.replaceChildren(...people.map(signer));
  }

  function signer(person) {
    const signature = view.signatures.find((each) => each.side === person.side && (each.name === person.name || person.side === "inspected"));
    const role = person.side === "inspected" ? _("Inspected side") : departmentName(pack, person.department);
    return h("li", {}, h("button", { type: "button", class: "signer", data: { signed: signature ? "yes" : "" }, disabled: !person.name,
      onclick: () => signNow(person) },
      h("b", {}, person.name || _("Inspected side")), h("span", { class: "facts" }, person.name ? role : _("Enter the name above first")),
      signature ? h("img", { src: signature.image, alt: _("Signature of %(name)s", { name: person.name }), height: 40 }) : h("span", { class: "far" }, icon("pen"), _("Sign"))));
  }

  async function signNow(person) {
    const image = await pad(person.name);
    if (!image) return;
    await inspections.sign(view, { ...person, image });
    drawSigners();
    say(_("Kept on this phone."));
  }

  async function finish() {
    const unsigned = inspection.inspectors.length + 1 - view.signatures.length;
    const said = [...open, unsigned > 0 && ngettext("%(num)s signature is missing.", "%(num)s signatures are missing.", unsigned)].filter(Boolean);
    const answer = await asked(_("Finish this inspection?"),
      h("div", {}, said.map((text) => h("p", {}, text)), h("p", { class: "hint" }, _("After that nothing of it can be changed on this phone."))),
      [["yes", _("Finish"), "main"], ["", _("Not yet")]]);
    if (answer !== "yes") return;
    sync.packIsOld();
    await inspections.finish(view, { note: typed.note ?? "", accompanied_by: (typed.accompanied_by ?? "").trim() });
    say(_("Kept on this phone."));
    location.hash = "#/";
  }

  drawSigners();
  return {
    name: "finish", title: _("Sign and finish"), busy: true,
    back: inspection.room === null ? `/inspection/${inspection.id}` : `/inspection/${inspection.id}/room/${inspection.room}`,
    body: [
      about(inspection, pack), figures(view, pack, looked),
      lacks.length > 0 && h("section", {}, h("h2", {}, _("Before you can finish")), h("ul", { class: "places" }, lacks)),
      open.length > 0 && h("div", { class: "note warn" }, open.map((text) => h("p", {}, text))),
      h("label", { class: "field-label" }, _("Accompanied by (inspected side)"), h("input", { id: "accompanied", maxlength: 60,
        autocomplete: "off", value: typed.accompanied_by ?? "", oninput: (event) => {
          typed.accompanied_by = event.target.value;
          keep();
          drawSigners();
        } })),
      h("section", {}, h("h2", {}, _("Signatures")), signers),
      h("label", { class: "field-label" }, _("Remarks"), note(typed, keep)),
    ].filter(Boolean),
    bar: [h("button", { type: "button", class: "button main", disabled: lacks.length > 0, onclick: finish }, icon("check"), _("Finish"))],
  };
}

function note(typed, keep) {
  const area = h("textarea", { id: "remarks", rows: 3, maxlength: 2000, oninput: () => {
    typed.note = area.value;
    keep();
  } });
  area.value = typed.note ?? "";
  return area;
}

function about(inspection, pack) {
  const room = inspection.place.number && { number: inspection.place.number };
  return h("p", { class: "under" }, `${placeName(inspection.place, room)} · ${kindName(pack, inspection.kind)} · ${instant(inspection.begun_at)}`);
}

function past(view, pack, looked) {
  const { inspection } = view;
  return {
    name: "finished", title: _("Finished"), back: "/",
    body: [about(inspection, pack), figures(view, pack, looked),
      h("section", {}, h("h2", {}, _("Signatures")), h("ul", { class: "places" }, view.signatures.map((each) =>
        h("li", {}, h("p", { class: "line" }, h("b", {}, each.name), h("img", { src: each.image, height: 40,
          alt: _("Signature of %(name)s", { name: each.name }) })))))),
      inspection.note && h("p", {}, inspection.note)].filter(Boolean),
  };
}
