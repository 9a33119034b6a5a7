// Counts what is ticked, and lets a row's own button mean that row alone.
const boxes = [...document.querySelectorAll("input[name=items]")];
const count = document.querySelector("[data-ticked]");
const tell = () => { if (count) count.textContent = boxes.filter((box) => box.checked).length || ""; };
boxes.forEach((box) => box.addEventListener("change", tell));
tell();
document.querySelectorAll("[data-only]").forEach((button) => button.addEventListener("click", () => {
  boxes.forEach((box) => { box.checked = false; });
}));
