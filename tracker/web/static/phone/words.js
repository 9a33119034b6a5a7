// Says everything in the reader's language: English stands in the code, Chinese comes with the page.

const chinese = JSON.parse(document.getElementById("words")?.textContent ?? "{}");
const ZONE = "Asia/Shanghai";
let language = "zh";

export function speak(wanted) {
  language = wanted === "en" ? "en" : "zh";
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
}

export const spoken = () => language;

function filled(text, values) {
  return values ? text.replace(/%\((\w+)\)s/g, (_whole, name) => values[name]) : text;
}

export function _(message, values) {
  return filled(language === "zh" ? chinese[message] || message : message, values);
}

export function ngettext(one, many, num, values) {
  const english = num === 1 ? one : many;
  return filled(language === "zh" ? chinese[one] || english : english, { num, ...values });
}

// Returns the reader's of a thing's two names.
export function named(thing) {
  const [first, second] = language === "zh" ? [thing?.zh, thing?.en] : [thing?.en, thing?.zh];
  return first || second || "";
}

const locale = () => (language === "zh" ? "zh-CN" : "en-GB");

export function instant(iso) {
  return new Intl.DateTimeFormat(locale(), {
    timeZone: ZONE, month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false,
  }).format(new Date(iso));
}

export function day(iso) {
  const options = { timeZone: ZONE, year: "numeric", month: "short", day: "numeric" };
  return new Intl.DateTimeFormat(locale(), options).format(new Date(iso));
}
