// Follow a piece of work: draw how far it is, and show the page anew when it has ended.
const box = document.querySelector("[data-progress]");
const EVERY = 1000;

async function look() {
  const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) return location.reload();
  const found = await answer.json();
  if (found.standing !== "running") return location.reload();
  if (found.percent) box.querySelector("progress").value = found.percent;
  const text = box.querySelector("[data-text]");
  if (found.done && text.textContent !== found.text) text.textContent = found.text;
  setTimeout(follow, EVERY);
}

function follow() {
  look().catch(() => setTimeout(follow, 5 * EVERY)); // the network was away: ask again
}

if (box) setTimeout(follow, EVERY / 2);
