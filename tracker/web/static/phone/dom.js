// Makes elements; text is always text.

const ICONS = {
  back: "M15 5l-7 7 7 7", next: "M9 5l7 7-7 7", home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
  check: "M5 12.5l4.5 4.5L19 7.5", cross: "M6 6l12 12M18 6L6 18", none: "M6 12h12",
  camera: "M4 8h3.5L9 5.5h6L16.5 8H20v11H4zM12 10a3.2 3.2 0 100 6.4 3.2 3.2 0 000-6.4z",
  alert: "M12 4l9 16H3zM12 10v4.5M12 17.2v.3", list: "M8 6h12M8 12h12M8 18h12M4 6h.5M4 12h.5M4 18h.5",
  up: "M12 19V6M6 11.5L12 5.5l6 6", pen: "M4 20l1-4L16 5l3 3L8 19z", plus: "M12 5v14M5 12h14",
  door: "M6 20V4h11v16M4 20h16M13.5 12v.5", clock: "M12 4a8 8 0 100 16 8 8 0 000-16zM12 8v4.5l3 2",
};

export function h(name, props = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(props ?? {})) set(element, key, value);
  element.append(...children.flat(3).filter((each) => each !== null && each !== undefined && each !== false));
  return element;
}

function set(element, key, value) {
  if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
  else if (key === "data") Object.assign(element.dataset, value);
  else if (value === true) element.setAttribute(key, "");
  else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// Asks in a dialog; returns what its buttons say: the value of the one pressed, or "".
export function asked(title, body, choices) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { class: "asked", "aria-labelledby": "asked-title" },
      h("form", { method: "dialog" },
        h("h2", { id: "asked-title" }, title), body,
        h("div", { class: "choices" }, choices.map(([value, text, kind]) =>
          h("button", { class: `button ${kind ?? ""}`, value }, text)))));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
