// A button beside each field copies its value and says so; without script it is selected by hand.
const said = document.getElementById("said");
const { copied } = document.querySelector("[data-copied]").dataset;

async function copy(button) {
  const box = document.getElementById(button.dataset.copy);
  box.select();
  try {
    await navigator.clipboard.writeText(box.value);
  } catch {
    document.execCommand("copy"); // over plain http there is no clipboard
  }
  for (const other of document.querySelectorAll(".copied")) other.classList.remove("copied");
  button.closest("li").classList.add("copied");
  said.textContent = `${copied}: ${box.labels[0].textContent}`;
  button.focus();
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
