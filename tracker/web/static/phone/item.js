// One item of the form: passed, failed or not applicable, with a note and photos.

import { h, icon } from "./dom.js";
import { RESULTS, entryAt, setItem, typeNote } from "./inspections.js";
import { gradeName, resultName } from "./labels.js";
import { strip, thumb } from "./strip.js";
import { _, day, named } from "./words.js";

const SIGNS = { pass: "check", fail: "cross", na: "none" };
const PAUSE = 300;

// Returns the element of an item; `changed` is called after each entry, once it is on the phone.
export function card({ view, room, item, last, changed }) {
  const entry = () => entryAt(view, room?.id, item.code);
  const said = entry();
  const details = h("div", { class: "details", hidden: true });
  const more = h("button", { type: "button", class: "more", "aria-expanded": "false", onclick: () => toggle() });
  const name = named(item);
  const element = h("article", { class: "item", id: `item-${item.code}`,
    data: { item: item.code, result: said?.result ?? "" } },
    h("h3", {}, h("span", { class: "code" }, item.code), name,
      item.severity === "M" && h("span", { class: "grade M" }, gradeName("M"))),
    last && before(last),
    h("div", { class: "row" },
      h("fieldset", { class: "three" }, h("legend", {}, `${item.code} ${name}`),
        RESULTS.map((result) => h("label", { class: result },
          h("input", { type: "radio", name: `${item.code}`, value: result,
            checked: said?.result === result, onchange: () => choose(result) }),
          h("span", {}, icon(SIGNS[result]), resultName(result))))),
      more),
    details);
  let note;

  async function choose(result) {
    const kept = await setItem(view, room?.id, item.code, { result });
    element.dataset.result = kept.result;
    changed();
    if (result === "fail") toggle(true);
    else if (details.childElementCount) fill(true);
    label();
  }

  function toggle(open = details.hidden) {
    if (open || details.childElementCount) fill(open);
    details.hidden = !open;
    more.setAttribute("aria-expanded", `${open}`);
  }

  function label() {
    const { note: text, photos } = entry() ?? {};
    const count = (text ? 1 : 0) + (photos?.length ?? 0);
    const bare = element.dataset.result === "fail" && !count;
    more.replaceChildren(icon(bare ? "camera" : "pen"), h("span", { class: "hidden" },
      _("Note and photos of %(item)s", { item: item.code })), count ? h("b", {}, `${count}`) : "");
    more.classList.toggle("wanted", bare);
  }

  function fill(open) {
    if (!open) return;
    const { photos = [], severity, result } = entry() ?? {};
    note ??= box();
    const failed = result === "fail";
    const asks = (failed || item.photo) && !photos.length;
    const shown = h("div", { class: "strip" });
    if (item.picture) thumb(item.picture, _("What to look for")).then((picture) => shown.append(picture));
    details.replaceChildren(...[
      item.help && h("p", { class: "hint" }, typeof item.help === "string" ? item.help : named(item.help)),
      item.picture && shown,
      failed && grade(severity),
      h("label", { class: "field-label" }, _("Note"), note),
      strip({ ids: photos, add, words: _("Photo of %(item)s", { item: item.code }),
        wanted: asks ? _("Photo needed") : undefined }),
      failed && asks && h("p", { class: "hint" }, _("If there cannot be a photo, say why in the note.")),
    ].filter(Boolean));
  }

  async function add(photo) {
    await setItem(view, room?.id, item.code, (was) => ({ photos: [...was.photos, photo.id] }), [photo]);
    label();
    changed();
  }

  function box() {
    let timer;
    const area = h("textarea", { rows: 2, maxlength: 2000, enterkeyhint: "done",
      oninput: () => {
        clearTimeout(timer);
        timer = setTimeout(() => typeNote(view, room?.id, item.code, area.value), PAUSE);
      },
      onchange: async () => {
        clearTimeout(timer);
        await setItem(view, room?.id, item.code, { note: area.value });
        area.dataset.kept = area.value;
        label();
        changed();
      } });
    area.value = entry()?.note ?? "";
    return area;
  }

  function grade(severity) {
    return h("label", { class: "field-label" }, _("How bad"),
      h("select", { onchange: async (event) => {
        await setItem(view, room?.id, item.code, { severity: event.target.value });
      } }, ["L", "H", "M"].map((key) =>
        h("option", { value: key, selected: (severity ?? item.severity) === key }, gradeName(key)))));
  }

  label();
  return element;
}

function before(last) {
  const photos = h("span", { class: "strip" });
  Promise.all((last.photos ?? []).slice(0, 3).map((id) => thumb(id, _("Photo of then")))).then((thumbs) =>
    photos.append(...thumbs));
  return h("div", { class: "then" }, h("p", {}, _("Failed last time, %(day)s.", { day: day(last.at) }), " ",
    last.note ?? ""), photos);
}
