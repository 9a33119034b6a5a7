// Sends what waits: entries in the order they were made, then photos. Runs in the page and in the
// worker. Nothing leaves the phone's database before the server said that it keeps it.

import { announce, held, ifRoom, meta, onlyHeld, owner, settleHeld } from "./ledger.js";
import { done, read, write } from "./store.js";

const BATCH = 100;
const BATCH_BYTES = 400_000;
const SECONDS = { ask: 20, ops: 60, photo: 180 };

export class SignedOut extends Error {}
export class NotOpen extends Error {} // signed in, but as somebody who does not inspect
export class Unreachable extends Error {}

const base = () => new URL("./", self.registration?.scope ?? location.href);

// Asks the server for JSON. A sign-in page of the campus network in between is no answer of ours.
export async function ask(path, options = {}, seconds = SECONDS.ask) {
  let answer;
  try {
    answer = await fetch(new URL(path, base()), {
      cache: "no-store", credentials: "same-origin", redirect: "error",
      signal: AbortSignal.timeout(seconds * 1000), ...options,
      headers: { Accept: "application/json", ...options.headers },
    });
    if (answer.status === 401) throw new SignedOut();
    if (answer.status === 403) throw new NotOpen();
    if (answer.status === 304) return { status: 304, headers: answer.headers };
    return { status: answer.status, headers: answer.headers, told: await answer.json() };
  } catch (error) {
    if (error instanceof SignedOut || error instanceof NotOpen) throw error;
    throw new Unreachable(answer ? `${answer.status}` : error.message);
  }
}

// Returns who is signed in, and notes by how much the phone's clock is off.
export async function session() {
  const asked = Date.now();
  const { status, told } = await ask("session");
  if (status !== 200 || !told.account || !told.csrf) throw new Unreachable(`${status}`);
  const skew = told.now ? (asked + Date.now()) / 2 - Date.parse(told.now) : 0;
  return { account: told.account, csrf: told.csrf, skew };
}

// Sends everything of the account that is signed in. Returns {account, skew}.
export async function send() {
  const here = await session();
  await owner(here.account);
  const exclusively = navigator.locks
    ? (work) => navigator.locks.request("tracker-phone-sending", work)
    : (work) => work();
  await exclusively(async () => {
    do {
      await sendOps(here);
      while (await sendPhoto(here)) await sendOps(here);
    } while (onlyHeld() && ((await settleHeld()) || (await sendHeld(here))));
  });
  announce("sent");
  return here;
}

function post(ops, { csrf }) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf,
    "X-Device-Now": new Date().toISOString() };
  return ask("ops", { method: "POST", headers, body: JSON.stringify({ ops }) }, SECONDS.ops);
}

const asSent = ({ id, device, seq, at, by, type, data }) => ({ id, device, seq, at, by, type, data });

async function sendOps(here) {
  for (;;) {
    const batch = await nextOps(here.account.id);
    if (!batch.length) return;
    const results = resultsOf(await post(batch.map(asSent), here));
    const settled = batch.filter((op) => results.has(op.id));
    if (!settled.length) throw new Unreachable("no answer for any entry");
    await write(["ops"], async (in_) => {
      for (const op of settled) {
        const { state, error } = results.get(op.id);
        if (state === "refused") in_("ops").put({ ...op, state, error: error ?? "" });
        else in_("ops").delete(op.seq);
      }
    });
    announce();
  }
}

function resultsOf({ status, told }) {
  if (status !== 200 || !Array.isArray(told.results)) throw new Unreachable(`${status}`);
  const known = told.results.filter((each) => ["kept", "known", "refused"].includes(each.state));
  return new Map(known.map((each) => [each.id, each]));
}

function nextOps(account) {
  return read(["ops"], (in_) => new Promise((resolve, reject) => {
    const found = [];
    let bytes = 0;
    const request = in_("ops").openCursor();
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor || found.length === BATCH || bytes > BATCH_BYTES) return resolve(found);
      if (cursor.value.state === "waiting" && cursor.value.by === account) {
        found.push(cursor.value);
        bytes += JSON.stringify(cursor.value.data).length;
      }
      return cursor.continue();
    };
  }));
}

// Sends the oldest photo that waits; returns whether there was one.
async function sendPhoto(here) {
  const next = await read(["photos", "bytes"], async (in_) => {
    const waiting = await done(in_("photos").index("state").getAll("waiting"));
    const mine = waiting.filter((photo) => photo.by === here.account.id);
    const photo = mine.sort((a, b) => (a.taken_at < b.taken_at ? -1 : 1))[0];
    return photo && { photo, bytes: await done(in_("bytes").get(photo.id)) };
  });
  if (!next) return false;
  const gone = { state: "refused", error: "gone" };
  const outcome = next.bytes ? await upload(next.photo, next.bytes, here) : gone;
  const { id } = next.photo;
  const noted = await ifRoom(["photos", "bytes"], async (in_) => {
    in_("photos").put({ ...next.photo, ...outcome });
    if (outcome.state === "kept") in_("bytes").delete(id);
  });
  if (!noted && outcome.state === "kept") {
    await write(["photos", "bytes"], async (in_) => ["photos", "bytes"].forEach((name) => in_(name).delete(id)));
  }
  announce();
  return true;
}

async function upload({ id, taken_at }, bytes, { csrf }) {
  const { status, told } = await ask(`photos/${id}?taken_at=${encodeURIComponent(taken_at)}`, {
    method: "PUT", body: bytes, headers: { "Content-Type": "image/jpeg", "X-CSRFToken": csrf },
  }, SECONDS.photo);
  if (status === 200 || status === 201) {
    if (told.id === id && ["kept", "known"].includes(told.state)) return { state: "kept" };
  }
  if (status === 413 || status === 422) {
    return { state: "refused", error: typeof told.error === "string" ? told.error : "" };
  }
  throw new Unreachable(`${status}`);
}

let heldSeq = 0;

// Sends what the phone has no room for, straight from memory; returns whether some went.
async function sendHeld(here) {
  const change = held.find((each) => !each.sent);
  const { device, last } = await read(["meta"], async (in_) => ({
    device: await done(in_("meta").get("device")), last: (await done(in_("meta").get("seq"))) ?? 0,
  }));
  const seq = Math.max(last, heldSeq);
  const by = change.by?.id ?? here.account.id;
  if (by !== here.account.id || !device) return false;
  const ops = change.ops.map((op, number) => ({ ...op, device, seq: seq + number + 1, by }));
  if (ops.length) {
    const results = resultsOf(await post(ops.map(asSent), here));
    if (ops.some((op) => !["kept", "known"].includes(results.get(op.id)?.state))) return false;
  }
  for (const photo of change.photos) {
    if ((await upload(photo, photo.bytes, here)).state !== "kept") return false;
  }
  const typing = !ops.length && !change.photos.length && change === held.at(-1);
  if (typing) return false; // the beginning of an entry is nothing to send
  Object.assign(change, { sent: true, ops: [], photos: change.photos.map((photo) => ({ ...photo, state: "kept" })) });
  heldSeq = seq + ops.length;
  await meta("seq", heldSeq);
  announce();
  return true;
}
