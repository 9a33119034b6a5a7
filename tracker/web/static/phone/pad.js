// A place to sign with a finger.

import { h } from "./dom.js";
import { _ } from "./words.js";

const WIDTH = 640;
const HEIGHT = 260;
const INK = "#1b232d";

// Lets somebody sign; returns a PNG as a data URL, or "" when nothing was drawn.
export function pad(name) {
  return new Promise((resolve) => {
    const canvas = h("canvas", { class: "pad", width: WIDTH, height: HEIGHT, role: "img",
      "aria-label": _("Signature of %(name)s", { name }) });
    const keep = h("button", { class: "button main", value: "keep", disabled: true }, _("Keep"));
    const dialog = h("dialog", { class: "asked signing", "aria-labelledby": "pad-title" },
      h("form", { method: "dialog" }, h("h2", { id: "pad-title" }, name), canvas,
        h("p", { class: "hint" }, _("Sign with a finger in the box.")),
        h("div", { class: "choices" }, keep,
          h("button", { type: "button", class: "button", onclick: () => clear() }, _("Once more")),
          h("button", { class: "button", value: "" }, _("Cancel")))));
    const drawn = drawing(canvas, () => {
      keep.disabled = false;
    });
    function clear() {
      drawn.clear();
      keep.disabled = true;
    }
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "keep" ? drawn.image() : "");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function drawing(canvas, begun) {
  const pen = canvas.getContext("2d");
  Object.assign(pen, { lineWidth: 4, lineCap: "round", lineJoin: "round", strokeStyle: INK });
  let from;
  const extent = { left: WIDTH, top: HEIGHT, right: 0, bottom: 0 };

  function at(event) {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * (WIDTH / box.width), (event.clientY - box.top) * (HEIGHT / box.height)];
  }

  function line(to) {
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...to);
    pen.stroke();
    for (const [x, y] of [from, to]) {
      Object.assign(extent, { left: Math.min(extent.left, x), right: Math.max(extent.right, x),
        top: Math.min(extent.top, y), bottom: Math.max(extent.bottom, y) });
    }
    from = to;
  }

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    from = at(event);
    line(from);
    begun();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!from) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) line(at(each));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      from = undefined;
    });
  }
  return {
    clear() {
      pen.clearRect(0, 0, WIDTH, HEIGHT);
      Object.assign(extent, { left: WIDTH, top: HEIGHT, right: 0, bottom: 0 });
    },
    image: () => cropped(canvas, extent),
  };
}

// Returns what was drawn, without the empty paper around it, on white.
function cropped(canvas, { left, top, right, bottom }) {
  const edge = 8;
  const x = Math.max(0, left - edge);
  const y = Math.max(0, top - edge);
  const cut = h("canvas", { width: Math.ceil(Math.min(WIDTH, right + edge) - x), height: Math.ceil(Math.min(HEIGHT, bottom + edge) - y) });
  const pen = cut.getContext("2d");
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, cut.width, cut.height);
  pen.drawImage(canvas, -x, -y);
  return cut.toDataURL("image/png");
}
