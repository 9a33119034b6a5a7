// Photos in a row, and the way to take another one.

import { h, icon } from "./dom.js";
import { photo } from "./ledger.js";
import { largePictureOf, pictureOf } from "./pack.js";
import { NoPicture, taken } from "./pictures.js";
import { get } from "./store.js";
import { _ } from "./words.js";

// Returns a photo of this phone or of the server, to be seen large on a tap.
export async function thumb(id, words) {
  const kept = await photo(id);
  const image = h("img", { alt: words, loading: "lazy", width: 96, height: 96 });
  if (kept?.small) image.src = addressOf(kept.small, image);
  else image.src = pictureOf(id);
  return h("button", { type: "button", class: "thumb-button", "aria-label": _("Larger: %(what)s", { what: words }),
    onclick: () => larger(id, kept, words) }, image);
}

function addressOf(bytes, image) {
  const address = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
  image.addEventListener("load", () => URL.revokeObjectURL(address), { once: true });
  return address;
}

async function larger(id, kept, words) {
  const bytes = (await get("bytes", id)) ?? (navigator.onLine ? undefined : kept?.small);
  const image = h("img", { alt: words });
  image.src = bytes ? addressOf(bytes, image) : largePictureOf(id);
  const dialog = h("dialog", { class: "large", "aria-label": words },
    h("form", { method: "dialog" }, image, h("button", { class: "button" }, _("Close"))));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

// Returns a row of photos with a camera button; `add` is given a photo and keeps it.
export function strip({ ids, add, words, wanted }) {
  const row = h("div", { class: "strip" });
  const hint = h("p", { class: "wrong", hidden: true });
  const input = h("input", { type: "file", accept: "image/*", capture: "environment", class: "camera-input",
    onchange: () => received() });
  const button = h("label", { class: `camera ${wanted ? "wanted" : ""}` }, input, icon("camera"),
    h("span", {}, wanted ?? _("Photo")));

  async function received() {
    const [file] = input.files;
    if (!file) return;
    button.classList.add("busy");
    hint.hidden = true;
    try {
      const photo_ = await taken(file);
      await add(photo_);
      row.insertBefore(await thumb(photo_.id, words), button);
      button.classList.remove("wanted");
    } catch (error) {
      if (!(error instanceof NoPicture)) throw error;
      hint.textContent = _("This is no picture that can be read here. Take another one.");
      hint.hidden = false;
    } finally {
      button.classList.remove("busy");
      input.value = "";
    }
  }

  row.append(button);
  Promise.all(ids.map((id) => thumb(id, words))).then((thumbs) => button.before(...thumbs));
  return h("div", {}, row, hint);
}
