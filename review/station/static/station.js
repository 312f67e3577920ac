// What every page of the station needs of a script: nothing is sent from here that the page itself could not send.
"use strict";

// The way back from the queue to the form that was settled just before, by the key that takes answers back.
document.addEventListener("keydown", (event) => {
  const undo = document.querySelector("[data-undo]");
  if (!undo || event.code !== "KeyU" || event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, select, textarea")) return;
  event.preventDefault();
  undo.click();
});
