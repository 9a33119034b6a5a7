// A button beside a box that copies what is in it; without script the box can be selected by hand.
for (const button of document.querySelectorAll("[data-copies]")) {
  const box = document.getElementById(button.dataset.copies);
  button.hidden = false;
  button.addEventListener("click", async () => {
    box.select();
    try {
      await navigator.clipboard.writeText(box.value);
    } catch {
      document.execCommand("copy"); // over plain http there is no clipboard
    }
    button.textContent = button.dataset.done;
  });
}
