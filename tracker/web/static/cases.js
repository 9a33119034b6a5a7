// Cards are dragged from state to state, with mouse or finger, or moved by a menu on each. What a
// state asks for (a day, a receipt, a reason) is asked in a dialog: the server's own page for it.
const lanes = document.getElementById("lanes");
const said = document.getElementById("said");
const dialog = document.createElement("dialog");
const HOLD = 350; // milliseconds that a finger rests before it drags
const FAR = 6; // pixels that a mouse moves before it drags
dialog.className = "moves";
document.body.append(dialog);

async function ask(card, to) {
  const back = `${location.pathname}${location.search}#${card.id}`;
  const query = new URLSearchParams(to ? { to, next: back } : { next: back });
  const reply = await fetch(`${card.dataset.case}/move?${query}`);
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const form = page.getElementById("move-form");
  if (!form) return location.assign(card.dataset.case); // signed out, or no longer there
  const close = document.createElement("button");
  close.className = "close";
  close.setAttribute("aria-label", lanes.dataset.close);
  close.textContent = "×";
  close.addEventListener("click", () => dialog.close());
  const heading = form.querySelector("h1");
  heading.id = "moves-title";
  dialog.setAttribute("aria-labelledby", heading.id);
  dialog.replaceChildren(form, close);
  for (const choice of form.querySelectorAll("[data-to]")) {
    choice.addEventListener("click", (event) => {
      event.preventDefault();
      ask(card, choice.dataset.to);
    });
  }
  if (!dialog.open) dialog.showModal();
  form.querySelector("[data-to], input:not([type=hidden]), button")?.focus();
}

dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
dialog.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const choices = [...dialog.querySelectorAll("[data-to]")];
  const at = choices.indexOf(document.activeElement);
  if (!step || at < 0) return;
  event.preventDefault();
  choices[(at + step + choices.length) % choices.length].focus();
});

// Dragging: what is in the hand, and the lane below it.
let drag = null;

function laneAt(x, y) {
  return document.elementFromPoint(x, y)?.closest(".lane") ?? null;
}

function begin(card, event) {
  const { left, top, width } = card.getBoundingClientRect();
  const ghost = card.cloneNode(true);
  ghost.removeAttribute("id");
  ghost.classList.add("ghost");
  ghost.setAttribute("aria-hidden", "true");
  ghost.style.width = `${width}px`;
  document.body.append(ghost);
  drag = { card, ghost, dx: event.clientX - left, dy: event.clientY - top };
  card.classList.add("lifted");
  const moves = card.dataset.moves.split(" ");
  for (const lane of document.querySelectorAll(".lane")) {
    lane.classList.add(moves.includes(lane.dataset.state) ? "takes" : "refuses");
  }
  follow(event);
}

function follow(event) {
  drag.ghost.style.translate = `${event.clientX - drag.dx}px ${event.clientY - drag.dy}px`;
  const over = laneAt(event.clientX, event.clientY);
  for (const lane of document.querySelectorAll(".lane.over")) lane.classList.remove("over");
  over?.classList.add("over");
}

function drop(event) {
  const { card } = drag;
  const lane = event && laneAt(event.clientX, event.clientY);
  end();
  if (!lane || lane.contains(card)) return;
  if (card.dataset.moves.split(" ").includes(lane.dataset.state)) ask(card, lane.dataset.state);
  else if (said) said.textContent = lanes.dataset.refused;
}

function end() {
  const { card, ghost } = drag;
  ghost.remove();
  card.classList.remove("lifted");
  card.classList.add("dropped"); // the click that follows is none
  setTimeout(() => card.classList.remove("dropped"));
  for (const lane of document.querySelectorAll(".lane")) lane.classList.remove("takes", "refuses", "over");
  drag = null;
}

function watch(card, event) {
  const touch = event.pointerType === "touch";
  const waiting = new AbortController();
  const { signal } = waiting;
  const timer = touch && setTimeout(() => begin(card, event), HOLD);
  const stop = () => {
    clearTimeout(timer);
    waiting.abort();
  };
  addEventListener("pointermove", (now) => {
    if (drag) return follow(now);
    const moved = Math.hypot(now.clientX - event.clientX, now.clientY - event.clientY);
    if (touch && moved > FAR) stop();
    else if (!touch && moved > FAR) begin(card, event);
  }, { signal });
  addEventListener("pointerup", (now) => {
    stop();
    if (drag) drop(now);
  }, { signal });
  addEventListener("pointercancel", () => {
    stop();
    if (drag) end();
  }, { signal });
  addEventListener("keydown", (pressed) => {
    if (pressed.key !== "Escape") return;
    stop();
    if (drag) end();
  }, { signal });
}

for (const card of document.querySelectorAll("[data-case]")) {
  card.querySelector(".to")?.addEventListener("click", (event) => {
    event.preventDefault();
    ask(card);
  });
  card.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && !event.target.closest(".to")) watch(card, event);
  });
  card.addEventListener("dragstart", (event) => event.preventDefault()); // links drag by themselves
  card.addEventListener("contextmenu", (event) => drag && event.preventDefault());
  card.addEventListener("click", (event) => {
    if (card.classList.contains("dropped")) event.preventDefault();
  }, true);
}
// A finger that drags does not scroll.
document.addEventListener("touchmove", (event) => drag && event.preventDefault(), { passive: false });
