// Beginning an inspection: which building or room, what kind, and who inspects.

import { h, icon } from "./dom.js";
import { nothingYet } from "./home.js";
import * as inspections from "./inspections.js";
import { enter, meta, rows } from "./ledger.js";
import { departmentName, floorName, kindName, placeName } from "./labels.js";
import * as packs from "./pack.js";
import { get } from "./store.js";
import { _, named, ngettext } from "./words.js";

export async function buildings() {
  const pack = await packs.current();
  if (!pack) return { name: "start", title: _("Inspect"), body: [nothingYet()] };
  const campuses = [...new Set(pack.buildings.map((each) => campusOf(each)))];
  const none = h("div", { class: "card empty" }, h("h2", {}, _("There is no building yet")),
    h("p", {}, _("The office enters buildings and rooms on its own pages; they come here by themselves.")));
  return {
    name: "start", title: _("Which building?"),
    body: campuses.length ? campuses.map((campus) => h("section", {}, h("h2", {}, campus),
      h("ul", { class: "places" }, pack.buildings.filter((each) => campusOf(each) === campus).map((each) => choice(each, pack))))) : [none],
  };
}

const campusOf = ({ campus }) => (typeof campus === "string" ? campus : named(campus));

function choice(building, pack) {
  const count = building.floors.reduce((sum, floor) => sum + floor.rooms.length, 0);
  const open = (pack.hazards ?? []).filter((each) => `${each.building}` === `${building.id}`).length;
  return h("li", {}, h("a", { href: `#/start/${building.id}` }, h("b", {}, named(building)),
    h("span", { class: "facts" }, h("span", {}, ngettext("%(num)s room", "%(num)s rooms", count)),
      open > 0 && h("span", { class: "soon-text" }, ngettext("%(num)s open hazard", "%(num)s open hazards", open))),
    icon("next")));
}

// Leads from the code at a door to what one does there.
export async function door(roomId) {
  const [pack, account, found] = await Promise.all([packs.current(), meta("account"), rows("inspections")]);
  if (!pack) return { name: "start", title: _("Inspect"), body: [nothingYet()] };
  const room = pack.room(roomId);
  if (!room) return unknown();
  const open = found.filter((each) => !each.finished_at && each.by === account.id &&
    (`${each.room}` === `${room.id}` || (each.room === null && `${each.building}` === `${room.building.id}`)));
  if (open.length) return { to: `/inspection/${open.at(-1).id}/room/${room.id}` };
  return { to: `/start/${room.building.id}/${room.id}` };
}

function unknown() {
  return { name: "start", title: _("Unknown room"), back: "/", body: [h("div", { class: "card empty" },
    h("p", {}, _("This phone does not know that room yet. With signal, load the buildings anew under Outbox.")),
    h("a", { class: "button main", href: "#/queue" }, _("Outbox")))] };
}

export const setUpDue = (buildingId, kind) => setUp(buildingId, "", kind);

export async function setUp(buildingId, roomId, kind) {
  const pack = await packs.current();
  const building = pack?.building(buildingId);
  if (!building) return { to: "/start" };
  const key = `start|${building.id}`;
  const [account, colleagues, draft] = await Promise.all([meta("account"), meta("colleagues"), get("drafts", key)]);
  const planned = (pack.planned ?? []).filter((each) => `${each.building}` === `${building.id}`);
  const first = { name: account.name, department: pack.departments[0]?.key };
  const chosen = { kind: "joint", people: [first], room: "", ...draft, ...(roomId && { room: roomId }), ...(kind && { kind, room: "" }) };
  return screen({ pack, building, planned, colleagues: colleagues ?? [], chosen, key });
}

function screen({ pack, building, planned, colleagues, chosen, key }) {
  const people = h("div", { class: "people" });
  const known = h("div", { class: "chips" });
  const wrong = h("p", { class: "wrong", role: "alert", hidden: true });
  const keep = () => enter({ puts: { drafts: [{ key, value: { ...chosen } }] } });

  function drawPeople() {
    people.replaceChildren(...chosen.people.map((person, place) => row(person, place)));
    const names = new Set(chosen.people.map((each) => each.name));
    known.replaceChildren(...colleagues.filter((each) => !names.has(each.name)).slice(0, 6).map((each) =>
      h("button", { type: "button", class: "quick", onclick: () => add(each) }, icon("plus"),
        `${each.name} · ${departmentName(pack, each.department)}`)));
  }

  function add(person) {
    chosen.people = [...chosen.people.filter((each) => each.name), person];
    drawPeople();
    keep();
    if (!person.name) people.lastChild.querySelector("input").focus();
  }

  function row(person, place) {
    const number = place + 1;
    return h("div", { class: "person" },
      h("input", { value: person.name, maxlength: 60, autocomplete: "off", "aria-label": _("Inspector %(number)s", { number }),
        placeholder: _("Name"), oninput: (event) => change(place, { name: event.target.value }) }),
      h("select", { "aria-label": _("Department of inspector %(number)s", { number }),
        onchange: (event) => change(place, { department: event.target.value }) },
        pack.departments.map((each) => h("option", { value: each.key, selected: each.key === person.department }, named(each)))),
      h("button", { type: "button", class: "remove", "aria-label": _("Leave out inspector %(number)s", { number }),
        onclick: () => remove(place) }, icon("cross")));
  }

  function change(place, what) {
    chosen.people = chosen.people.map((each, at) => (at === place ? { ...each, ...what } : each));
    keep();
  }

  function remove(place) {
    chosen.people = chosen.people.filter((_each, at) => at !== place);
    drawPeople();
    keep();
  }

  async function begin() {
    const inspectors = chosen.people.map((each) => ({ ...each, name: each.name.trim() })).filter((each) => each.name);
    wrong.hidden = inspectors.length > 0;
    wrong.textContent = _("Name at least one inspector.");
    if (!inspectors.length) return;
    const room = chosen.room ? pack.room(chosen.room) : null;
    const due = planned.find((each) => each.kind === chosen.kind);
    const inspection = await inspections.begin({ pack, building, room, kind: chosen.kind, inspectors, planned: due?.ref });
    await enter({ drops: { drafts: [key] } });
    await navigator.storage?.persist?.();
    location.hash = room ? `#/inspection/${inspection.id}/room/${room.id}` : `#/inspection/${inspection.id}`;
  }

  drawPeople();
  return {
    name: "set-up", title: placeName(building, chosen.room && pack.room(chosen.room)), back: "/start", busy: true,
    body: [
      h("label", { class: "field-label" }, _("What is inspected"), h("select", { id: "room", onchange: (event) => {
        chosen.room = event.target.value;
        keep();
      } }, h("option", { value: "" }, _("The building with its rooms")), building.floors.map((floor) =>
        h("optgroup", { label: floorName(floor.level) }, floor.rooms.map((room) =>
          h("option", { value: room.id, selected: `${room.id}` === `${chosen.room}` }, room.number)))))),
      h("label", { class: "field-label" }, _("Kind"), h("select", { id: "kind", onchange: (event) => {
        chosen.kind = event.target.value;
        keep();
      } }, pack.kinds.map((each) => h("option", { value: each.key, selected: each.key === chosen.kind },
        kindName(pack, each.key), planned.some((due) => due.kind === each.key) && [" · ", _("due")])))),
      h("section", {}, h("h2", {}, _("Who inspects")), people, known,
        h("p", {}, h("button", { type: "button", class: "button", onclick: () =>
          add({ name: "", department: pack.departments[Math.min(chosen.people.length, pack.departments.length - 1)]?.key }) },
          icon("plus"), _("Another inspector")))),
      wrong,
    ],
    bar: [h("button", { type: "button", class: "button main", onclick: begin }, _("Begin"), icon("next"))],
  };
}
