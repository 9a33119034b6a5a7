// A sentence that shows for a moment and is read out.

import { h } from "./dom.js";

export const place = h("p", { class: "saying", role: "status" });
const SHOWN = 4000;
let timer;

export function say(text) {
  place.replaceChildren(text);
  clearTimeout(timer);
  timer = setTimeout(() => place.replaceChildren(), SHOWN);
}
