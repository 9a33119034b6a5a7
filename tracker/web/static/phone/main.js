// The page: one screen at a time by its address, what waits always above it, the ways on below it.

import { h, icon } from "./dom.js";
import * as inspections from "./inspections.js";
import { announce, counts, meta, onChange, onlyHeld, strangers } from "./ledger.js";
import * as building from "./building.js";
import * as form from "./form.js";
import * as hazard from "./hazard.js";
import * as home from "./home.js";
import * as queue from "./queue.js";
import { place as saying, say } from "./saying.js";
import * as signing from "./signing.js";
import * as starting from "./starting.js";
import { whenReplaced } from "./store.js";
import * as sync from "./sync.js";
import { tidy } from "./tidying.js";
import { _, ngettext, speak } from "./words.js";

const ID = "([\\w-]+)";
const SCREENS = [
  [/^\/?$/, home.show],
  [/^\/start$/, starting.buildings],
  [new RegExp(`^/start/${ID}$`), starting.setUp],
  [new RegExp(`^/start/${ID}/${ID}$`), starting.setUp],
  [new RegExp(`^/start/${ID}/due/${ID}$`), starting.setUpDue],
  [new RegExp(`^/room/${ID}$`), starting.door],
  [new RegExp(`^/inspection/${ID}$`), building.show],
  [new RegExp(`^/inspection/${ID}/finish$`), signing.show],
  [new RegExp(`^/inspection/${ID}/room/${ID}$`), form.show],
  [/^\/hazard$/, hazard.show],
  [new RegExp(`^/hazard/${ID}$`), hazard.show],
  [/^\/queue$/, queue.show],
];

const title = h("h1", { tabindex: "-1" });
const back = h("a", { class: "back-arrow" });
const chip = h("a", { class: "waiting", href: "#/queue", hidden: true }); // until it can say something
const banner = h("div", { class: "banner", role: "status" });
const main = h("main", { id: "main" });
const bar = h("div", { class: "bar-row" });

let shown; // the screen that is shown, with what it wants done when it is left
let turn = 0;
let newVersion = false;

async function route() {
  if (newVersion) return location.reload(); // everything entered lies in the database
  const mine = (turn += 1);
  await shown?.leave?.();
  const path = decodeURI(location.hash.slice(1));
  const [pattern, screen] = SCREENS.find(([each]) => each.test(path)) ?? SCREENS[0];
  const found = await screen(...(pattern.exec(path) ?? []).slice(1));
  if (mine !== turn) return undefined;
  if (found.to !== undefined) return location.replace(`#${found.to}`);
  return draw(found);
}

function draw(screen) {
  const same = shown?.address === location.hash;
  shown = { ...screen, address: location.hash };
  title.replaceChildren(screen.title);
  document.title = [screen.title, _("Inspections")].join(" · ");
  back.hidden = screen.back === undefined;
  if (!back.hidden) back.href = `#${screen.back}`;
  back.setAttribute("aria-label", _("Back"));
  back.replaceChildren(icon("back"));
  main.replaceChildren(...screen.body);
  Object.assign(main.dataset, { screen: screen.name, place: screen.place ?? "" });
  bar.replaceChildren(...(screen.bar ?? ways(screen.name)));
  bar.parentElement.setAttribute("aria-label", _("Ways on"));
  if (!same) {
    scrollTo(0, 0);
    title.focus({ preventScroll: true });
  }
  return told();
}

function ways(name) {
  const way = (to, sign, text) => h("a", { class: "way", href: `#${to}`,
    "aria-current": (to.slice(1) || "home") === name ? "page" : false }, icon(sign), h("span", {}, text));
  return [way("/", "home", _("Home")), way("/start", "check", _("Inspect")),
    way("/hazard", "alert", _("Hazard")), way("/queue", "list", _("Outbox"))];
}

async function told() {
  const { waiting, refused } = await counts();
  const words = waiting
    ? ngettext("%(num)s waiting", "%(num)s waiting", waiting)
    : refused ? ngettext("%(num)s refused", "%(num)s refused", refused) : _("All sent");
  chip.replaceChildren(icon(waiting ? "up" : refused ? "alert" : "check"), h("span", {}, words));
  chip.dataset.state = onlyHeld() || refused ? "bad" : waiting ? sync.state.phase : "sent";
  chip.dataset.waiting = waiting;
  chip.hidden = false;
  banner.replaceChildren(...(await warnings(waiting)).flat());
}

async function warnings(waiting) {
  const notes = [];
  if (onlyHeld()) {
    notes.push(h("div", { class: "note bad", data: { full: "" } },
      h("p", {}, h("b", {}, _("This phone is full.")), " ",
        _("What you entered last is only in memory: keep this page open, send it now, or free some space.")),
      h("button", { class: "button", onclick: () => sync.now() }, _("Send now"))));
  }
  if (sync.state.outcome === "signed_out") {
    notes.push(h("div", { class: "note warn", data: { signedOut: "" } },
      h("p", {}, waiting ? _("Your sign-in has ended. Nothing is lost.") : _("Nobody is signed in here.")),
      // What is in memory only would not survive leaving the page.
      h("a", { class: "button main", href: signIn(), target: onlyHeld() ? "_blank" : null }, waiting ? _("Sign in to send") : _("Sign in"))));
  }
  if (sync.state.outcome === "not_open") {
    notes.push(h("p", { class: "note warn" }, _("This account does not inspect. Sign in as somebody who does."), " ",
      h("a", { href: "../" }, _("Pages of the office"))));
  }
  if (waiting && sync.state.phase === "idle") {
    notes.push((await strangers()).map(({ name, count }) => h("p", { class: "note warn", data: { other: name } }, ngettext(
      "%(num)s entry of %(name)s stays here until %(name)s signs in.",
      "%(num)s entries of %(name)s stay here until %(name)s signs in.", count, { name }))));
  }
  if (!isSecureContext) {
    notes.push(h("p", { class: "note warn" },
      _("This address is not https, so the page opens only with signal. Ask the administrator.")));
  }
  if (newVersion) notes.push(h("p", { class: "note good" }, _("A newer version opens with the next screen.")));
  return notes;
}

// The sign-in page brings back to the screen one was on.
function signIn() {
  const next = new URL(location.href);
  return `../sign-in?next=${encodeURIComponent(next.pathname + next.hash)}`;
}

function replaced() {
  newVersion = true;
  announce("phase");
}

async function work() {
  const worker = navigator.serviceWorker;
  if (!worker) return;
  const before = worker.controller;
  worker.addEventListener("controllerchange", () => before && replaced());
  const registration = await worker.register("./sw.js", { scope: "./", type: "module", updateViaCache: "none" });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registration.update().catch(() => {});
  });
}

async function language() {
  const account = await meta("account");
  const picked = (await meta("language")) ?? account?.language;
  speak(picked ?? (navigator.language.startsWith("zh") ? "zh" : "en"));
}

function frame() {
  document.body.replaceChildren(
    h("header", { class: "head-bar" }, back, title, chip), banner, main,
    h("nav", { class: "bar" }, bar), saying,
  );
}

async function redrawn(what) {
  await told();
  const spoke = document.documentElement.lang;
  await language();
  if (spoke !== document.documentElement.lang || (what === "pack" && !shown?.busy)) await route();
}

async function open() {
  addEventListener("unhandledrejection", (event) => say(_("That did not work: %(why)s", { why: event.reason?.message ?? "" })));
  await language();
  frame();
  whenReplaced(replaced);
  await inspections.settle();
  onChange((what) => redrawn(what).catch((error) => say(error.message)));
  addEventListener("hashchange", () => route());
  addEventListener("pagehide", () => shown?.leave?.());
  addEventListener("beforeunload", (event) => {
    if (onlyHeld()) event.preventDefault();
  });
  await route();
  work().catch(() => {}); // without it everything works, with signal
  await sync.start();
  await tidy();
}

open();
