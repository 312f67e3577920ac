// What every page of the station needs of a script: nothing is sent from here that the page itself could not send.
"use strict";

// The way back from the queue to the form that was settled just before, by the key that takes answers back.
document.addEventListener("keydown", (event) => {
  const undo = document.querySelector("[data-undo]");
  if (!undo || event.code !== "KeyU" || event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, select, textarea")) return;
  event.preventDefault();
  undo.click();
});

// What was chosen, beside the button that chooses.
document.addEventListener("change", (event) => {
  const told = event.target.type === "file" && event.target.labels[0].querySelector("output");
  if (!told) return;
  const { files } = event.target;
  told.textContent = files.length > 1 ? told.dataset.many.replace("{n}", files.length) : (files[0]?.name ?? told.dataset.none);
});
