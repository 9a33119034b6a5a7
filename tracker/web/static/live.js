// Shows what a form would do while it is filled in: sends it as its first "preview" button would,
// and puts the answer's part named by data-live in the place of the one here.
// A button marked data-frame is then pressed too: it sends the form into the frame it names, which
// is made anew so that the browser's way back does not lead through every look.
const PAUSE = 600;

function show(form) {
  const button = form.querySelector("button[data-frame]");
  if (!button) return;
  const frame = document.querySelector(`iframe[name="${button.formTarget}"]`);
  frame.replaceWith(frame.cloneNode());
  form.requestSubmit(button);
}

for (const form of document.querySelectorAll("form[data-live]")) {
  show(form);
  let timer = 0;
  let asked = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => look(form), PAUSE);
  });

  async function look(form) {
    const number = (asked += 1);
    const body = new FormData(form);
    body.set("action", "preview");
    // Not form.action: that is the button of this name.
    const answer = await fetch(form.getAttribute("action") ?? location.href, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (number !== asked) return;
    for (const selector of form.dataset.live.split(" ")) {
      const [old, fresh] = [document.querySelector(selector), page.querySelector(selector)];
      if (old && fresh) old.replaceWith(fresh);
    }
    show(form);
  }
}
