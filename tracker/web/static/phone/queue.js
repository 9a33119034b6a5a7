// What has not left the phone yet, why, and what can be done about it.

import { h, icon } from "./dom.js";
import { announce, counts, meta, onChange, queue, retryRefused } from "./ledger.js";
import * as packs from "./pack.js";
import { get } from "./store.js";
import * as sync from "./sync.js";
import { _, instant, ngettext, spoken } from "./words.js";

const SHOWN = 50;
const TWO_MINUTES = 120_000;

let redraw;
onChange(() => redraw?.());

export async function show() {
  const list = h("div", { class: "queue" });
  let turn = 0;
  async function draw() {
    const mine = (turn += 1);
    const drawn = await parts();
    if (mine === turn) list.replaceChildren(...drawn.filter(Boolean));
  }
  await draw();
  redraw = draw;
  return {
    name: "queue", title: _("Outbox"), body: [list],
    leave: () => {
      redraw = undefined;
    },
  };
}

async function parts() {
  const [{ ops, photos }, account] = await Promise.all([queue(), meta("account")]);
  const both = [...ops, ...photos.map((photo) => ({ ...photo, type: "photo", at: photo.taken_at }))];
  const mine = both.filter((each) => each.state === "waiting" && each.by === account?.id);
  const refused = both.filter((each) => each.state === "refused");
  const others = both.filter((each) => each.state === "waiting" && each.by !== account?.id);
  return [
    (mine.length || !others.length) && sentence(mine.length + (await counts()).held),
    h("p", {}, h("button", { type: "button", class: "button main", onclick: () => sync.now() }, icon("up"), _("Send now"))),
    others.length > 0 && h("section", {}, h("h2", {}, _("Of other accounts")), lines(others)),
    refused.length > 0 && h("section", {}, h("h2", {}, _("Sent back by the office")), lines(refused),
      h("p", {}, h("button", { type: "button", class: "button", onclick: () => retryRefused() }, _("Try these again")))),
    mine.length > 0 && h("section", {}, h("h2", {}, _("Still to be sent")), lines(mine)),
    both.length > 0 && h("p", {}, h("button", { type: "button", class: "button", onclick: () => take(ops) }, _("Save a copy of what waits"))),
    await about(account),
  ];
}

function sentence(count) {
  if (!count) return h("p", { class: "note good" }, _("Everything entered on this phone has arrived."));
  const { phase } = sync.state;
  const why = { sending: _("Being sent."), offline: _("No answer from the office; it is tried again by itself."),
    signed_out: _("Sign in to send.") }[phase] ?? "";
  return h("p", { class: "note warn" }, ngettext("%(num)s entry lies safely on this phone.", "%(num)s entries lie safely on this phone.", count), " ", why);
}

function lines(list) {
  const rest = list.length - SHOWN;
  return h("ul", { class: "lines" }, list.slice(0, SHOWN).map((each) => h("li", { data: { state: each.state } },
    h("span", { class: "date" }, instant(each.at)), typeName(each),
    each.state === "refused" && h("p", { class: "wrong" }, reason(each.error)))),
    rest > 0 && h("li", {}, ngettext("and %(num)s more", "and %(num)s more", rest)));
}

const reason = (error) => ({
  other_account: _("It belongs to another account."), too_large: _("It is too large."),
  gone: _("It is not on this phone any more."),
})[error] ?? (error || _("The office did not say why."));

function typeName({ type, data }) {
  const item = data?.item ?? "";
  return ({
    "inspection.begin": _("Inspection begun"), "item.set": _("Item %(item)s", { item }), "hazard.review": _("Hazard looked at again"),
    "signature.add": _("Signature of %(name)s", { name: data?.name }), "inspection.finish": _("Inspection finished"),
    "hazard.report": _("Hazard reported"), photo: _("Photo"),
  })[type] ?? type;
}

// Gives what waits as a file, for the day a phone is about to go.
function take(ops) {
  const blob = new Blob([JSON.stringify({ ops }, null, 1)], { type: "application/json" });
  const address = URL.createObjectURL(blob);
  h("a", { href: address, download: "tracker-waiting.json" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function about(account) {
  const [row, persisted, space] = await Promise.all([
    account && get("packs", account.id), navigator.storage?.persisted?.(), navigator.storage?.estimate?.(), 
  ]);
  const pack = await packs.current();
  const off = Math.round(sync.state.skew / 60_000);
  const other = spoken() === "zh" ? ["en", "English"] : ["zh", "中文"];
  return h("section", { class: "about" }, h("h2", {}, _("This phone")),
    Math.abs(sync.state.skew) > TWO_MINUTES && h("p", { class: "note warn" },
      off > 0 ? ngettext("This phone's clock is %(num)s minute fast. Set it right.", "This phone's clock is %(num)s minutes fast. Set it right.", off)
        : ngettext("This phone's clock is %(num)s minute slow. Set it right.", "This phone's clock is %(num)s minutes slow. Set it right.", -off)),
    h("dl", { class: "facts-list" },
      fact(_("Signed in last"), account?.name ?? "–"),
      fact(_("Buildings loaded"), row ? `${instant(row.at)} · ${pack?.buildings.length ?? 0}` : "–"),
      fact(_("Kept when space is short"), persisted ? _("yes") : _("not promised by this browser: put the page on the home screen")),
      fact(_("Space used"), space ? `${(space.usage / 1e6).toFixed(1)} / ${(space.quota / 1e6).toFixed(0)} MB` : "–"),
      fact(_("Version"), document.body.dataset.version ?? "")),
    h("p", { class: "choices" },
      h("button", { type: "button", class: "button", onclick: () => {
        sync.packIsOld();
        sync.now();
      } }, _("Load buildings anew")),
      h("button", { type: "button", class: "button", lang: other[0], onclick: async () => {
        await meta("language", other[0]);
        announce("language");
      } }, other[1]),
      h("a", { class: "button", href: "../" }, _("Pages of the office"))));
}

const fact = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
