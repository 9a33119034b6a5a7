// Shows beside a form what saving it would change, as it is typed. The server works it out.
const form = document.querySelector("form[data-foresees]");
const place = document.getElementById("foreseen");
let asking;
let timer;

function answers(text) {
  place.innerHTML = text; // our own page's fragment, escaped by the server
}

async function ask() {
  asking?.abort();
  if (![...form.elements].every((box) => box.type === "file" || !box.willValidate || box.validity.valid)) return;
  asking = new AbortController();
  const typed = new FormData(form);
  typed.delete("file");
  typed.set("do", "effects");
  try {
    const reply = await fetch(form.action, { method: "POST", body: typed, signal: asking.signal });
    if (reply.ok && !reply.redirected) answers(await reply.text());
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

if (form && place) {
  for (const button of form.querySelectorAll("[data-scriptless]")) button.hidden = true;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 350);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    asking?.abort();
  });
  ask();
}
