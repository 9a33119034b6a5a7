// Enters what people do: the entry to be sent and what the screens show of it, in one transaction.

import { uuid } from "./ids.js";
import { DeviceFull, STORES, all, done, get, read, write } from "./store.js";

const listeners = new Set();
const channel = "BroadcastChannel" in self ? new BroadcastChannel("tracker-phone") : null;
if (channel) channel.onmessage = (event) => tell(event.data);

// What the phone had no room for: it is here only, and goes first into freed space. What of it was
// sent from here (`sent`) stays for the screens.
export const held = [];
export const onlyHeld = () => held.some((change) => !change.sent);

function tell(what) {
  for (const listener of listeners) listener(what);
}

// Calls back after each change, of other windows and the worker too.
export function onChange(listener) {
  listeners.add(listener);
}

export function announce(what = "changed") {
  tell(what);
  channel?.postMessage(what);
}

// Keeps who signed in last: what is entered from now on is theirs.
export async function owner(account) {
  const [known, device] = await Promise.all([meta("account"), meta("device")]);
  if (!device) await meta("device", uuid());
  if (JSON.stringify(known) !== JSON.stringify(account)) await meta("account", account);
}

// Reads or sets what is nice to remember: for that a full phone is no reason to stop.
export async function meta(key, value) {
  if (value === undefined) return get("meta", key);
  return ifRoom(["meta"], (in_) => done(in_("meta").put(value, key)));
}

// Writes; returns whether there was room.
export async function ifRoom(names, work) {
  try {
    await write(names, work);
    return true;
  } catch (error) {
    if (error instanceof DeviceFull) return false;
    throw error;
  }
}

// Enters one change: `ops` as [{type, data, at}], `photos` as [{id, taken_at, bytes, small}],
// `puts` and `drops` by store. Returns false when the phone is full: then it is held in memory.
export async function enter({ ops = [], photos = [], puts = {}, drops = {}, by }) {
  const made = ops.map((op) => ({ id: uuid(), at: new Date().toISOString(), ...op }));
  const change = { ops: made, photos, puts, drops, by };
  let kept = true;
  if (held.length) kept = false; // behind what is held, so that the order stays
  else kept = await store(change);
  if (!kept) held.push(change);
  announce(made.length ? "entered" : "changed");
  return kept;
}

const store = (change) => ifRoom(STORES, (in_) => lay(change, in_));

async function lay({ ops, photos, puts, drops, by }, in_) {
  const device = (await done(in_("meta").get("device"))) ?? uuid();
  const account = by ?? (await done(in_("meta").get("account")));
  let seq = (await done(in_("meta").get("seq"))) ?? 0;
  for (const op of ops) {
    seq += 1;
    in_("ops").put({ ...op, device, seq, by: account.id, name: account.name, state: "waiting" });
  }
  for (const { bytes, ...photo } of photos) {
    in_("photos").put({ state: "waiting", ...photo, by: account.id, name: account.name });
    if (photo.state !== "kept") in_("bytes").put(bytes, photo.id);
  }
  for (const [name, values] of Object.entries(puts)) {
    for (const value of values) {
      if (name === "drafts") in_(name).put(value.value, value.key);
      else in_(name).put(value);
    }
  }
  for (const [name, keys] of Object.entries(drops)) for (const key of keys) in_(name).delete(key);
  in_("meta").put(device, "device");
  in_("meta").put(seq, "seq");
}

// Tries to lay down what was held. Returns whether all of it lies there now.
export async function settleHeld() {
  while (held.length) {
    if (!(await store(held[0]))) return false;
    held.shift();
    announce();
  }
  return true;
}

// Returns the rows of a store, those held in memory included.
export async function rows(name, inspection) {
  const found = inspection ? await all(name, "inspection", inspection) : await all(name);
  const extra = held.flatMap((change) => change.puts[name] ?? []);
  const mine = extra.filter((row) => !inspection || row.inspection === inspection);
  if (!mine.length) return found;
  const key = { inspections: ["id"], entries: ["inspection", "room", "item"],
    reviews: ["inspection", "hazard"], signatures: ["inspection", "id"] }[name];
  const named = (row) => key.map((part) => row[part]).join("|");
  return [...new Map([...found, ...mine].map((row) => [named(row), row])).values()];
}

// Returns a photo with its small picture, held ones too.
export async function photo(id) {
  const kept = held.flatMap((change) => change.photos).find((each) => each.id === id);
  return kept ?? (await get("photos", id));
}

// Counts what has not left yet: entries and photos.
export async function counts() {
  const [ops, photos, refusedOps, refusedPhotos] = await read(["ops", "photos"], (in_) =>
    Promise.all(["waiting", "refused"].flatMap((state) => ["ops", "photos"].map(
      (name) => done(in_(name).index("state").count(state)),
    ))));
  const inMemory = held.filter((each) => !each.sent)
    .reduce((sum, each) => sum + each.ops.length + each.photos.length, 0);
  return { waiting: ops + photos + inMemory, refused: refusedOps + refusedPhotos, held: inMemory };
}

// Returns what has not left yet, in the order entered.
export async function queue() {
  return read(["ops", "photos"], async (in_) => ({
    ops: await done(in_("ops").getAll()),
    photos: await done(in_("photos").index("state").getAll(IDBKeyRange.bound("refused", "waiting"))),
  }));
}

// Lets what was refused be tried once more.
export async function retryRefused() {
  await write(["ops", "photos"], async (in_) => {
    for (const name of ["ops", "photos"]) {
      const refused = await done(in_(name).index("state").getAll("refused"));
      for (const each of refused) in_(name).put({ ...each, state: "waiting", error: "" });
    }
  });
  announce();
}

// Returns whose entries wait besides those of the account that signed in last: [{name, count}].
export async function strangers() {
  const [{ ops, photos }, account] = await Promise.all([queue(), get("meta", "account")]);
  const theirs = [...ops, ...photos].filter((each) => each.state === "waiting" && each.by !== account?.id);
  const names = [...new Set(theirs.map((each) => each.name))];
  return names.map((name) => ({ name, count: theirs.filter((each) => each.name === name).length }));
}
