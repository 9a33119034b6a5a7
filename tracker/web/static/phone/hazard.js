// A hazard seen in passing: photo, place, text, done.

import { h, icon } from "./dom.js";
import { nothingYet } from "./home.js";
import { uuid } from "./ids.js";
import { enter, meta, photo } from "./ledger.js";
import { floorName, gradeName } from "./labels.js";
import * as packs from "./pack.js";
import { say } from "./saying.js";
import { get } from "./store.js";
import { strip } from "./strip.js";
import { _, named } from "./words.js";

const KEY = "hazard";

export const draft = () => get("drafts", KEY);

export async function show(roomId) {
  const pack = await packs.current();
  if (!pack) return { name: "hazard", title: _("Report a hazard"), body: [nothingYet()] };
  const [begun, last] = await Promise.all([draft(), meta("last_place")]);
  const typed = { building: "", room: "", text: "", severity: null, photos: [], ...last, ...begun };
  const room = roomId && pack.room(roomId);
  if (room) Object.assign(typed, { room: room.id, building: room.building.id });
  if (!pack.building(typed.building)) Object.assign(typed, { building: pack.buildings[0]?.id ?? "", room: "" });
  return screen(pack, typed);
}

function screen(pack, typed) {
  const rooms = h("select", { id: "hazard-room", onchange: (event) => keep({ room: event.target.value }) });
  const wrong = h("p", { class: "wrong", role: "alert", hidden: true });
  let writing = Promise.resolve();

  function keep(change, photos = []) {
    Object.assign(typed, change);
    const value = { ...typed };
    writing = writing.then(() => enter({ photos, puts: { drafts: [{ key: KEY, value }] } }));
    return writing;
  }

  function drawRooms() {
    const building = pack.building(typed.building);
    rooms.replaceChildren(h("option", { value: "" }, _("Whole building")), ...(building?.floors ?? []).map((floor) =>
      h("optgroup", { label: floorName(floor.level) }, floor.rooms.map((room) =>
        h("option", { value: room.id, selected: `${room.id}` === `${typed.room}` }, room.number)))));
  }

  async function report() {
    await writing;
    wrong.hidden = Boolean(typed.text.trim() || typed.photos.length) && Boolean(typed.building);
    wrong.textContent = typed.building ? _("Take a photo or write what is wrong.") : _("Choose a building.");
    if (!wrong.hidden) return;
    const building = pack.building(typed.building);
    const room = typed.room ? pack.room(typed.room) : null;
    const drafts = await Promise.all(typed.photos.map(photo));
    await enter({
      ops: [{ type: "hazard.report", data: { hazard: uuid(), building: building.id, room: room?.id ?? null,
        text: typed.text.trim(), item: null, severity: typed.severity, photos: typed.photos } }],
      puts: { photos: drafts.map(({ bytes: _bytes, ...row }) => ({ ...row, state: row.state === "draft" ? "waiting" : row.state })) },
      drops: { drafts: [KEY] },
    });
    await meta("last_place", { building: building.id, room: room?.id ?? "" });
    await navigator.storage?.persist?.();
    say(_("Kept on this phone; it is sent by itself."));
    location.hash = "#/";
  }

  const area = h("textarea", { id: "hazard-text", rows: 3, maxlength: 2000, placeholder: _("What is wrong?"),
    "aria-label": _("What is wrong?"), oninput: () => keep({ text: area.value }) });
  area.value = typed.text;
  drawRooms();
  return {
    name: "hazard", title: _("Report a hazard"), back: "/", busy: true,
    body: [
      strip({ ids: typed.photos, words: _("Photo of the hazard"), wanted: typed.photos.length ? undefined : _("Take a photo"),
        add: (taken) => keep({ photos: [...typed.photos, taken.id] }, [{ ...taken, state: "draft" }]) }),
      area,
      h("div", { class: "place-row" },
        h("label", { class: "field-label" }, _("Building"), h("select", { id: "hazard-building", onchange: (event) => {
          keep({ building: event.target.value, room: "" });
          drawRooms();
        } }, pack.buildings.map((each) => h("option", { value: each.id, selected: `${each.id}` === `${typed.building}` }, named(each))))),
        h("label", { class: "field-label" }, _("Room"), rooms)),
      h("fieldset", { class: "three grades" }, h("legend", {}, _("How bad, if you can say")), ["L", "H", "M"].map((key) =>
        h("label", { class: `grade-${key}` }, h("input", { type: "radio", name: "severity", value: key, checked: typed.severity === key,
          onchange: () => keep({ severity: key }) }), h("span", {}, gradeName(key))))),
      wrong,
    ],
    bar: [h("button", { type: "button", class: "button main", onclick: report }, icon("up"), _("Report"))],
  };
}
