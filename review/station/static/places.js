// Places of the classifier, found by the letters of their names while these are typed where a code is asked.
"use strict";

(() => {
  const WAIT = 120; // milliseconds after the last key
  const { page } = Qagaz;
  let timer, last = 0, offered = []; // what was there before letters were typed

  const box = () => page.holder.querySelector("#places[data-search]");

  page.holder.addEventListener("input", (event) => {
    const input = event.target, places = box();
    if (!("places" in input.dataset) || !places) return;
    clearTimeout(timer);
    const number = ++last;
    if (!/\p{L}/u.test(input.value)) { back(places); return; }
    page.holder.querySelector("#echo").textContent = "";
    timer = setTimeout(() => find(places, input.value, number), WAIT);
  });

  async function find(places, text, number) {
    let found;
    try {
      const answer = await fetch(`${places.dataset.search}&q=${encodeURIComponent(text)}`, { headers: { "x-requested-with": "qagaz" } });
      found = answer.ok ? await answer.text() : "";
    } catch { found = ""; }
    if (number !== last || places !== box()) return; // something else was typed, or is asked, meanwhile
    if (!("found" in places.dataset)) offered = [...places.childNodes];
    places.dataset.found = "";
    places.innerHTML = found;
    const chips = [...page.holder.querySelectorAll("[data-chip]")];
    for (const chip of places.querySelectorAll("[data-chip]")) {
      const at = chips.indexOf(chip) + 1, key = chip.querySelector("kbd");
      if (at <= 9) key.textContent = `Alt ${at}`; else key.remove();
    }
  }

  function back(places) {
    if (!("found" in places.dataset)) return;
    delete places.dataset.found;
    places.replaceChildren(...offered);
  }
})();
