// The form of one room, or of the building as a whole: last time's findings first, then the items.

import { asked, h, icon } from "./dom.js";
import { finding } from "./finding.js";
import * as inspections from "./inspections.js";
import { card } from "./item.js";
import { floorName, roomName } from "./labels.js";
import * as packs from "./pack.js";
import { say } from "./saying.js";
import { _, named, ngettext } from "./words.js";

export async function show(id, roomId) {
  const [view, pack] = await Promise.all([inspections.open(id), packs.current()]);
  if (!view) return { to: "/" };
  if (view.inspection.finished_at) return { to: `/inspection/${id}/finish` };
  const room = roomId === "0" ? null : pack.room(roomId) ?? gone(roomId);
  return screen(view, pack, room);
}

// A room that the office took out of the register while we stand in it.
const gone = (id) => ({ id: /^\d+$/.test(id) ? Number(id) : id, number: id, use: "dwelling", level: null });

function screen(view, pack, room) {
  const { inspection } = view;
  const items = inspections.itemsAt(inspection, room);
  const place = [pack.building(inspection.building)?.id ?? inspection.building, room?.id];
  const hazards = pack.hazardsAt(...place);
  const lasts = new Map(pack.lastAt(...place).map((each) => [each.item, each]));
  const reviewed = new Set(hazards.map((each) => each.item));
  const tabs = new Map();
  const cards = new Map();

  function count() {
    for (const [section, tab] of tabs) {
      const { all, done, fail } = inspections.progress(view, room, section);
      tab.lastChild.textContent = `${done}/${all}`;
      tab.dataset.state = fail ? "fail" : done === all ? "done" : "";
    }
    const left = inspections.others(view, room).pass.length;
    pass.hidden = !left;
    pass.lastChild.textContent = ngettext("%(num)s other passes", "%(num)s others pass", left);
  }

  function group(section) {
    const own = items.filter((item) => item.section === section.key);
    if (!own.length) return null;
    const heading = h("h2", { id: `section-${section.key}`, tabindex: "-1" }, named(section));
    tabs.set(section.key, h("button", { type: "button", class: "tab", onclick: () => {
      heading.scrollIntoView();
      heading.focus({ preventScroll: true });
    } }, named(section), " ", h("span", {})));
    for (const item of own) {
      cards.set(item.code, card({ view, room, item, changed: count,
        last: reviewed.has(item.code) ? undefined : lasts.get(item.code) }));
    }
    return h("section", { class: "items", "aria-labelledby": heading.id }, heading,
      own.map((item) => cards.get(item.code)));
  }

  async function passOthers() {
    const { pass: all, look } = inspections.others(view, room);
    const answer = await asked(
      ngettext("Does %(num)s other item pass?", "Do the %(num)s other items pass?", all.length),
      h("div", {}, h("p", {}, _("Say so only if you looked at each of them.")),
        look.length > 0 && h("p", { class: "hint" }, ngettext(
          "%(num)s item that asks for a photo stays open.", "%(num)s items that ask for a photo stay open.",
          look.length))),
      [["yes", _("Yes, they pass"), "main"], ["", _("Not yet")]],
    );
    if (answer !== "yes") return;
    await inspections.passOthers(view, room);
    for (const item of all) refresh(item.code);
    say(_("Kept on this phone."));
    count();
  }

  function refresh(code) {
    const element = cards.get(code);
    if (!element) return;
    const result = inspections.entryAt(view, room?.id, code)?.result;
    element.dataset.result = result;
    element.querySelector(`input[value=${result}]`).checked = true;
  }

  const pass = h("button", { type: "button", class: "button", hidden: true, onclick: passOthers },
    icon("check"), h("span", {}));
  const groups = inspection.template.sections.map(group).filter(Boolean);
  const left = inspection.template.sections.length - groups.length;
  const findings = hazards.map((hazard) => finding({ view, room, hazard, changed: () => {
    refresh(hazard.item);
    count();
  } }));
  count();
  return {
    name: "form", place: room?.id ?? 0, busy: true,
    title: roomName(room),
    back: inspection.room === null ? `/inspection/${inspection.id}` : "/",
    body: [
      h("p", { class: "under" }, named(inspection.place), room?.level ? ` · ${floorName(room.level)}` : ""),
      findings.length > 0 && h("section", { class: "findings" }, h("h2", {}, _("Found before, still open")), findings),
      h("nav", { class: "sections", "aria-label": _("Sections") }, ...tabs.values()),
      ...groups,
      left > 0 && h("p", { class: "hint" }, _("What this place does not have is left out.")),
    ].filter(Boolean),
    bar: [pass, onward(view, pack, room)],
    leave: () => document.activeElement?.matches?.("textarea") && document.activeElement.blur(),
  };
}

function onward({ inspection }, pack, room) {
  const places = inspections.places(inspection, pack);
  const here = places.findIndex((each) => each?.id === room?.id);
  const next = inspection.room === null && here >= 0 ? places[here + 1] : undefined;
  const [to, text] = next
    ? [`/inspection/${inspection.id}/room/${next.id}`, next.number]
    : [`/inspection/${inspection.id}/finish`, _("Sign and finish")];
  return h("a", { class: "button main", href: `#${to}` }, text, icon("next"));
}
