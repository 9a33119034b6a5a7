// What things are called.

import { _, named } from "./words.js";

export const gradeName = (severity) => ({ M: _("Major"), H: _("Serious"), L: _("Minor") })[severity] ?? "";
export const hazardGrade = (grade) => ({ major: "M", serious: "H", minor: "L" })[grade] ?? "L";
export const resultName = (result) => ({ pass: _("Pass"), fail: _("Fail"), na: _("N/A") })[result];

export const kindName = (pack, key) => named(pack?.kinds.find((each) => each.key === key)) || key;
export const departmentName = (pack, key) => named(pack?.departments.find((each) => each.key === key)) || key || "";

export function floorName(level) {
  return level < 0 ? _("Basement %(level)s", { level: -level }) : _("Floor %(level)s", { level });
}

export const roomName = (room) => (room ? _("Room %(number)s", { number: room.number }) : _("Whole building"));

export function placeName(building, room) {
  return room ? `${named(building)} · ${room.number}` : named(building);
}
