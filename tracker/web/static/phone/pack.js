// What the phone knows without signal: buildings, templates, open hazards, last time's findings.

import { ifRoom, meta } from "./ledger.js";
import { done, get } from "./store.js";
import { ask } from "./sending.js";

const PICTURES = "tracker-phone-photos";
const MOST_PICTURES = 400;

let known;
let knownFor;

// Returns the pack of the account that signed in last, or undefined before it ever connected.
export async function current() {
  const account = await meta("account");
  if (!account) return undefined;
  if (!known || knownFor !== account.id) {
    const row = await get("packs", account.id);
    known = row && index(row.pack);
    knownFor = account.id;
  }
  return known;
}

// Fetches the pack if it changed. Returns whether it did.
export async function refresh(account) {
  const row = await get("packs", account.id);
  const headers = row?.etag ? { "If-None-Match": row.etag } : {};
  const { status, told, headers: sent } = await ask("pack.json", { headers }, 60);
  if (status !== 200 || !Array.isArray(told?.buildings)) return false;
  const row_ = { pack: told, etag: sent.get("ETag"), at: new Date().toISOString() };
  if (!(await ifRoom(["packs"], (in_) => done(in_("packs").put(row_, account.id))))) return false;
  known = undefined;
  keepPictures(told).catch(() => {}); // pictures of then are a help, not a condition
  return true;
}

function index(pack) {
  const buildings = new Map();
  const rooms = new Map();
  for (const building of pack.buildings) {
    buildings.set(`${building.id}`, building);
    for (const floor of building.floors) {
      for (const room of floor.rooms) rooms.set(`${room.id}`, { ...room, building, level: floor.level });
    }
  }
  const place = (each) => `${each.building ?? rooms.get(`${each.room}`)?.building.id}|${each.room ?? 0}`;
  const hazards = grouped(pack.hazards ?? [], place);
  const last = grouped(pack.last ?? [], place);
  return {
    ...pack,
    building: (id) => buildings.get(`${id}`),
    room: (id) => rooms.get(`${id}`),
    hazardsAt: (building, room) => hazards.get(`${building}|${room || 0}`) ?? [],
    lastAt: (building, room) => last.get(`${building}|${room || 0}`) ?? [],
    template: (kind) => pack.templates.find((each) => each.kinds?.includes(kind)) ?? pack.templates[0],
  };
}

function grouped(list, key) {
  const groups = new Map();
  for (const each of list) {
    if (!groups.has(key(each))) groups.set(key(each), []);
    groups.get(key(each)).push(each);
  }
  return groups;
}

export const pictureOf = (id) => new URL(`../photos/${id}/small`, location.href).href;
export const largePictureOf = (id) => new URL(`../photos/${id}`, location.href).href;

// Keeps the small pictures of open hazards, so that "then" can be seen beside "now" in a cellar.
async function keepPictures({ hazards = [], last = [] }) {
  if (!("caches" in self)) return;
  const wanted = [...hazards, ...last].flatMap((each) => each.photos ?? []).slice(0, MOST_PICTURES);
  const cache = await caches.open(PICTURES);
  const addresses = new Set(wanted.map(pictureOf));
  for (const kept of await cache.keys()) if (!addresses.has(kept.url)) await cache.delete(kept);
  for (const address of addresses) {
    if (await cache.match(address)) continue;
    const answer = await fetch(address, { redirect: "error" }); // a sign-in page is no picture
    if (answer.ok) await cache.put(address, answer);
  }
}
