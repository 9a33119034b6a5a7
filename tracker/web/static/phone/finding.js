// An open hazard of this place: then and now, and one tap to say whether it is still there.

import { h, icon } from "./dom.js";
import { review } from "./inspections.js";
import { gradeName, hazardGrade } from "./labels.js";
import { strip, thumb } from "./strip.js";
import { _, day } from "./words.js";

export function finding({ view, room, hazard, changed }) {
  const said = () => view.reviews.get(`${hazard.id}`);
  const severity = hazardGrade(hazard.grade);
  const then = h("div", { class: "strip" });
  const now = h("div", { class: "now" });
  const element = h("article", { class: "finding", data: { hazard: hazard.id, verdict: said()?.verdict ?? "" } },
    h("h3", {}, hazard.item && h("span", { class: "code" }, hazard.item), hazard.text,
      h("span", { class: `grade ${severity}` }, gradeName(severity))),
    h("p", { class: "hint" }, _("Found %(day)s", { day: day(hazard.found_at) }),
      hazard.due_on && [" · ", _("to be mended by %(day)s", { day: day(hazard.due_on) })]),
    h("div", { class: "then-now" }, h("div", {}, h("p", { class: "hint" }, _("Photo then")), then), now),
    h("fieldset", { class: "two" }, h("legend", {}, _("Is it still there?")),
      choice("fixed", "check", _("Fixed")), choice("still", "cross", _("Still there"))));

  function choice(verdict, sign, text) {
    return h("label", { class: verdict }, h("input", { type: "radio", name: `hazard-${hazard.id}`, value: verdict,
      checked: said()?.verdict === verdict, onchange: () => say(verdict) }), h("span", {}, icon(sign), text));
  }

  async function say(verdict) {
    const kept = await review(view, room, hazard, { verdict });
    element.dataset.verdict = kept.verdict;
    draw();
    changed();
  }

  function draw() {
    if (!said()) return;
    now.replaceChildren(h("p", { class: "hint" }, _("Photo now")), strip({ ids: said().photos,
      words: _("Photo of now"), wanted: said().photos.length ? undefined : _("Photo of now"),
      add: (photo) => review(view, room, hazard, { verdict: said().verdict, photos: [...said().photos, photo.id] }, [photo]) }));
  }

  const ids = hazard.photos ?? [];
  if (!ids.length) then.append(h("p", { class: "hint" }, _("No photo")));
  Promise.all(ids.map((id) => thumb(id, _("Photo of then")))).then((thumbs) => then.append(...thumbs));
  draw();
  return element;
}
