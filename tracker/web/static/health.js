// One key a row: the letter chooses the result, and the next row is at hand.
const boxes = [...document.querySelectorAll("#sheet select[name=result]")];

for (const [number, box] of boxes.entries()) {
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    const option = [...box.options].find((each) => each.dataset.key === key);
    if (!option && event.key !== "Enter") return;
    event.preventDefault();
    if (option) box.value = option.value;
    boxes[number + 1]?.focus();
  });
}
