// When to send: after each entry, when signal comes back, when the page is looked at, and ever more
// rarely while it fails. Says in one state what the person can do about it.

import { announce, counts, onChange, settleHeld } from "./ledger.js";
import * as pack from "./pack.js";
import { NotOpen, SignedOut, send } from "./sending.js";

const WAITS = [1, 3, 8, 20, 60, 120, 300];
const FRESH = 10 * 60 * 1000;

// phase: idle, sending, offline (no answer), signed_out, not_open (the account does not inspect);
// outcome: the last of these that was no sending, so that what it asks for does not flicker.
export const state = { phase: "idle", outcome: "idle", skew: 0, account: undefined, sent_at: undefined };

let failures = 0;
let timer;
let running;
let again = false;
let packAt = 0;

export function start() {
  onChange((what) => {
    if (what === "entered" || (what === "sent" && state.outcome === "signed_out")) soon(0);
  });
  addEventListener("online", () => soon(0));
  addEventListener("offline", () => become("offline"));
  addEventListener("pageshow", () => soon(0));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") soon(0);
  });
  return now();
}

function become(phase) {
  state.phase = phase;
  if (phase !== "sending") state.outcome = phase;
  announce("phase");
}

// Sends in a moment; what was planned before does not wait longer for it.
export function soon(seconds) {
  clearTimeout(timer);
  timer = setTimeout(now, seconds * 1000);
}

export function now() {
  clearTimeout(timer);
  if (running) {
    again = true;
    return running;
  }
  running = once().finally(() => {
    running = undefined;
    if (again) {
      again = false;
      soon(0);
    }
  });
  return running;
}

async function once() {
  become("sending");
  await settleHeld();
  try {
    const here = await send();
    failures = 0;
    Object.assign(state, { account: here.account, skew: here.skew, sent_at: Date.now() });
    if (Date.now() - packAt > FRESH && (await refreshed(here.account))) announce("pack");
    become("idle");
  } catch (error) {
    if (error instanceof SignedOut) return become("signed_out");
    if (error instanceof NotOpen) return become("not_open");
    become("offline");
    soon(WAITS[Math.min(failures, WAITS.length - 1)] * (0.75 + Math.random() / 2));
    failures += 1;
    if ((await counts()).waiting) await inBackground();
  }
}

async function refreshed(account) {
  const changed = await pack.refresh(account);
  packAt = Date.now();
  return changed;
}

// Lets the next sending fetch buildings and hazards anew.
export function packIsOld() {
  packAt = 0;
}

// Lets the browser send when signal is back, even if the page is closed by then.
async function inBackground() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.sync?.register("send").catch(() => {});
}
