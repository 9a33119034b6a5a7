// Inspections as they are made: what is looked at, what was said of it, and how far it is.

import { uuid } from "./ids.js";
import { enter, meta, rows } from "./ledger.js";
import { all } from "./store.js";

export const RESULTS = ["pass", "fail", "na"];

export async function begin({ pack, building, room, kind, inspectors, planned }) {
  const template = pack.template(kind);
  const inspection = {
    id: uuid(), building: building.id, room: room?.id ?? null, kind, inspectors, template,
    planned: planned ?? null, by: (await meta("account")).id, begun_at: new Date().toISOString(),
    finished_at: null, place: { zh: building.zh, en: building.en, number: room?.number ?? null },
    patrol: Boolean(pack.kinds.find((each) => each.key === kind)?.patrol),
    has: { gas: building.gas, lift: building.lift, high_rise: building.high_rise },
  };
  await enter({
    ops: [{ type: "inspection.begin", at: inspection.begun_at, data: {
      inspection: inspection.id, building: inspection.building, room: inspection.room, kind,
      template: template.id, inspectors, planned: inspection.planned,
    } }],
    puts: { inspections: [inspection] },
  });
  await rememberPeople(inspectors);
  return inspection;
}

async function rememberPeople(inspectors) {
  const before = (await meta("colleagues")) ?? [];
  const names = new Map([...inspectors, ...before].reverse().map((each) => [each.name, each]));
  await meta("colleagues", [...names.values()].reverse().slice(0, 12));
}

// Tells whether an item is asked in a room (or, without one, of the building as a whole).
function applies(item, inspection, place) {
  if (item.place && item.place !== "both" && item.place !== place) return false;
  if (inspection.patrol && !item.patrol) return false;
  return Object.entries(item.applies ?? {}).every(([name, wanted]) => Boolean(inspection.has[name]) === wanted);
}

export function itemsAt(inspection, room) {
  return inspection.template.items.filter((item) => applies(item, inspection, room ? "room" : "building"));
}

// Reads an inspection with all that was entered, as {inspection, entries, reviews, signatures}.
export async function open(id) {
  const inspection = (await rows("inspections")).find((each) => each.id === id);
  if (!inspection) return undefined;
  const [entries, reviews, signatures] = await Promise.all(
    ["entries", "reviews", "signatures"].map((name) => rows(name, id)),
  );
  return {
    inspection, signatures,
    entries: new Map(entries.map((each) => [`${each.room}|${each.item}`, each])),
    reviews: new Map(reviews.map((each) => [`${each.hazard}`, each])),
  };
}

export const entryAt = (view, room, code) => view.entries.get(`${room ?? 0}|${code}`);

function itemOp(entry) {
  const { inspection, room, item, result, note, photos, severity, at } = entry;
  return { type: "item.set", at, data: {
    inspection, room: room || null, item, result, note: note ?? "", photos: photos ?? [],
    severity: result === "fail" ? severity ?? null : null,
  } };
}

const blank = (view, room, code) => ({
  inspection: view.inspection.id, room: room ?? 0, item: code, result: null, note: "", photos: [],
  severity: null, unsent: false,
});

// One change of a view after the other: each builds on the one before.
function inTurn(view, work) {
  const mine = (view.turn ?? Promise.resolve()).then(work);
  view.turn = mine.catch(() => {});
  return mine;
}

// Sets what is given of an item; a result makes an entry to be sent. Returns the item's entry.
export function setItem(view, room, code, change, photos = []) {
  const at = new Date().toISOString();
  return inTurn(view, async () => {
    const before = entryAt(view, room, code) ?? blank(view, room, code);
    const entry = { ...before, ...(typeof change === "function" ? change(before) : change), at, unsent: false };
    const ops = entry.result ? [itemOp(entry)] : [];
    await enter({ ops, photos, puts: { entries: [entry] } });
    view.entries.set(`${entry.room}|${code}`, entry);
    return entry;
  });
}

// Keeps a note while it is typed; it goes with the item's next entry, at the latest settle().
export function typeNote(view, room, code, note) {
  const at = new Date().toISOString();
  return inTurn(view, async () => {
    const entry = { ...(entryAt(view, room, code) ?? blank(view, room, code)), note, at, unsent: true };
    await enter({ puts: { entries: [entry] } });
    view.entries.set(`${entry.room}|${code}`, entry);
  });
}

// Enters notes that were typed but not left properly, as when the browser was killed.
export async function settle(id) {
  const typed = (id ? await rows("entries", id) : await all("entries")).filter(
    (entry) => entry.unsent && entry.result,
  );
  if (!typed.length) return;
  await enter({ ops: typed.map(itemOp), puts: { entries: typed.map((each) => ({ ...each, unsent: false })) } });
}

// Returns the items nobody has looked at that may pass together: those that ask for a photo may not.
export function others(view, room) {
  const open_ = itemsAt(view.inspection, room).filter((item) => !entryAt(view, room?.id, item.code)?.result);
  return { pass: open_.filter((item) => !item.photo), look: open_.filter((item) => item.photo) };
}

export function passOthers(view, room) {
  return inTurn(view, () => passed(view, room));
}

async function passed(view, room) {
  const at = new Date().toISOString();
  const entries = others(view, room).pass.map((item) => ({
    ...(entryAt(view, room?.id, item.code) ?? blank(view, room?.id, item.code)),
    result: "pass", at, unsent: false,
  }));
  await enter({ ops: entries.map(itemOp), puts: { entries } });
  for (const entry of entries) view.entries.set(`${entry.room}|${entry.item}`, entry);
}

// Says of a hazard that it is fixed or still there; the item it was found with follows.
export function review(view, room, hazard, change, photos = []) {
  return inTurn(view, () => reviewed(view, room, hazard, change, photos));
}

async function reviewed(view, room, hazard, change, photos) {
  const before = view.reviews.get(`${hazard.id}`);
  const said = { inspection: view.inspection.id, hazard: hazard.id, note: "", photos: [], ...before, ...change };
  const ops = [{ type: "hazard.review", data: {
    inspection: said.inspection, hazard: said.hazard, verdict: said.verdict, note: said.note, photos: said.photos,
  } }];
  const puts = { reviews: [said] };
  const item = itemsAt(view.inspection, room).find((each) => each.code === hazard.item);
  if (item && change.verdict) {
    const entry = { ...(entryAt(view, room?.id, item.code) ?? blank(view, room?.id, item.code)),
      result: change.verdict === "still" ? "fail" : "pass", at: new Date().toISOString(), unsent: false };
    if (entry.result === "fail") entry.photos = [...new Set([...entry.photos, ...said.photos])];
    ops.push(itemOp(entry));
    puts.entries = [entry];
  }
  await enter({ ops, photos, puts });
  view.reviews.set(`${hazard.id}`, said);
  for (const entry of puts.entries ?? []) view.entries.set(`${entry.room}|${entry.item}`, entry);
  return said;
}

export async function sign(view, { side, name, department, image }) {
  const before = view.signatures.find((each) => each.side === side && each.name === name);
  const signature = { inspection: view.inspection.id, id: before?.id ?? uuid(), side, name,
    department: department ?? null, image };
  await enter({
    ops: [{ type: "signature.add", data: {
      inspection: signature.inspection, signature: signature.id, side, name, department: signature.department, image,
    } }],
    puts: { signatures: [signature] },
  });
  view.signatures = [...view.signatures.filter((each) => each.id !== signature.id), signature];
}

export async function finish(view, { note, accompanied_by }) {
  const finished = { ...view.inspection, finished_at: new Date().toISOString(), note, accompanied_by };
  await enter({
    ops: [{ type: "inspection.finish", at: finished.finished_at, data: { inspection: finished.id, note, accompanied_by } }],
    puts: { inspections: [finished] },
    drops: { drafts: [`finish|${finished.id}`] },
  });
  view.inspection = finished;
}

// Counts a room's items: {all, done, pass, fail, na, bare: failed with neither photo nor note}.
export function progress(view, room, section) {
  const counted = { all: 0, done: 0, pass: 0, fail: 0, na: 0, bare: [], unseen: [] };
  for (const item of itemsAt(view.inspection, room)) {
    if (section && item.section !== section) continue;
    const entry = entryAt(view, room?.id, item.code);
    counted.all += 1;
    if (entry?.result) {
      counted.done += 1;
      counted[entry.result] += 1;
    }
    if (entry?.result === "fail" && !entry.photos.length && !entry.note) counted.bare.push(item);
    if (entry?.result === "pass" && item.photo && !entry.photos.length) counted.unseen.push(item);
  }
  return counted;
}

// Returns the places of an inspection: its one room, or the building as a whole and its rooms; only
// where something is asked.
export function places(inspection, pack) {
  if (inspection.room !== null) return [pack.room(inspection.room) ?? { id: inspection.room, number: `${inspection.place.number}` }];
  const building = pack.building(inspection.building);
  const rooms = building?.floors.flatMap((floor) => floor.rooms.map((room) => pack.room(room.id))) ?? [];
  return [null, ...rooms].filter((room) => itemsAt(inspection, room).length > 0);
}
