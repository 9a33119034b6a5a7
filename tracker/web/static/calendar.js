// Walk a month by keyboard: arrows move between days, Page Up and Page Down turn the page.
const days = [...document.querySelectorAll(".box h2 a")];
const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

const shown = (day) => day !== undefined && day.offsetParent !== null;

function walk(event) {
  const from = days.indexOf(document.activeElement);
  const step = steps[event.key];
  if (from < 0 || step === undefined) return;
  let to = from + step;
  while (days[to] && !shown(days[to])) to += Math.sign(step);
  if (!shown(days[to])) return;
  event.preventDefault();
  days[to].focus();
}

function turn(event) {
  const rel = { PageUp: "prev", PageDown: "next" }[event.key];
  const link = rel && document.querySelector(`.turn a[rel="${rel}"]`);
  if (!link || !(event.altKey || days.includes(document.activeElement))) return;
  event.preventDefault();
  link.click();
}

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, select, textarea")) return;
  walk(event);
  turn(event);
});
