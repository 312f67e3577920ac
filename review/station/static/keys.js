// The keys of the form page, by where they lie on the board: they do the same on a Kazakh, Russian or English one.
"use strict";

Qagaz.keys = (() => {
  const page = Qagaz.page;
  const dialog = document.querySelector("#whole");
  const help = document.querySelector("#keys");

  async function whole(address) {
    const answer = await fetch(address, { headers: { "x-requested-with": "qagaz" } });
    if (!answer.ok) { location.href = address; return; }
    document.querySelector("#figures").innerHTML = await answer.text();
    dialog.showModal();
    dialog.querySelector(".here")?.scrollIntoView({ block: "center" });
    (dialog.querySelector(".here") || dialog.querySelector(".slot[href]"))?.focus();
  }
  dialog.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-goto]");
    if (!cell) return;
    event.preventDefault();
    dialog.close();
    page.show(cell.href);
  });

  const click = (selector) => { const button = page.holder.querySelector(selector); if (button && !button.disabled) button.click(); return Boolean(button); };
  const skip = (to) => { if (to) page.show(`${page.panel.dataset.address}?at=${encodeURIComponent(to)}`); };
  const numeric = (target) => target.matches?.("[data-figure], [data-digits]:not([data-places])"); // no letter can be meant there
  const untouched = (input) => input.value === "" || input.value === input.defaultValue; // nothing was typed
  const writing = (target) => target.matches?.("input:not([type=checkbox]), select, textarea");

  const TOOLS = { KeyC: "cell", KeyW: "fit", KeyR: "turn", BracketLeft: "darker", BracketRight: "brighter", Backslash: "plain", PageUp: "page-back", PageDown: "page-on" };
  const ZOOM = { Equal: "in", NumpadAdd: "in", Minus: "out", NumpadSubtract: "out" };
  const ARROWS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

  function withAlt(code) {
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(code);
    if (digit) {
      const chosen = page.holder.querySelectorAll("[data-chip], [data-choice]")[Number(digit[1]) - 1];
      if (chosen && !chosen.closest("fieldset:disabled")) chosen.click();
      return true;
    }
    if (code === "KeyR") { const part = page.holder.querySelector(".respondent"); if (part) part.open = !part.open; return true; }
    if (code === "KeyF") return click("[data-whole]");
    if (code === "BracketLeft" || code === "BracketRight") { page.viewer.tool(code === "BracketLeft" ? "contrast-less" : "contrast-more"); return true; }
    if (ZOOM[code]) { page.viewer.tool(ZOOM[code]); return true; }
    return false;
  }

  function inMain(event) { // keys of the input an answer is typed into
    const input = event.target;
    if (event.code === "Tab") { const to = event.shiftKey ? page.panel.dataset.before : page.panel.dataset.after; if (!to) return false; skip(to); return true; }
    if ((input.value === "" && event.code === "Delete") || (untouched(input) && event.code === "KeyB" && numeric(input))) return click("[data-blank]");
    if (untouched(input) && event.code === "KeyU" && numeric(input)) return click("#undo button");
    return false;
  }

  // Cards lie side by side: arrows go from one to the next, letters to any of them.
  function amongCards({ target, code, shiftKey, repeat }) {
    if (!page.cards || shiftKey || !(["accept", "asked"].includes(target.id) || target.closest?.(".card-row"))) return false;
    return page.cards.step(target, code) || page.cards.press(code, repeat);
  }

  function inRow(event) { // one of several inputs: blank is typed as a word, Enter keeps all
    if (untouched(event.target) && "figure" in event.target.dataset && (event.code === "Delete" || event.code === "KeyB")) { event.target.value = page.words.sayBlank; page.typed(event.target); return true; }
    if (event.target.value === "" && event.code === "Delete" && "figure" in event.target.dataset) { event.target.value = page.words.sayBlank; page.typed(event.target); return true; }
    return false;
  }

  function free(event) { // where no letter can be meant
    if (TOOLS[event.code]) { page.viewer.tool(TOOLS[event.code]); return true; }
    if (event.key === "+" || (event.code in ZOOM && !writing(event.target))) { page.viewer.tool(ZOOM[event.code] || "in"); return true; }
    if (event.code === "KeyF") return click("[data-whole]");
    if (event.key === "?") { help.showModal(); return true; }
    if (event.code === "KeyU" && !writing(event.target)) return click("#undo button");
    return false;
  }

  function does(event) {
    const { target, code } = event;
    const inside = writing(target), main = target === page.input;
    if (code === "F1") { help.showModal(); return true; }
    if (event.altKey && !event.ctrlKey && !event.metaKey) return withAlt(code);
    if ((event.ctrlKey || event.metaKey) && (code === "Enter" || code === "NumpadEnter")) return click("[data-confirm]");
    if ((event.ctrlKey || event.metaKey) && code === "KeyZ" && (!inside || untouched(target))) return click("#undo button");
    if (event.ctrlKey || event.metaKey) return false;
    if (event.shiftKey && ARROWS[code] && (!inside || numeric(target))) { page.viewer.tool(ARROWS[code]); return true; }
    if (code === "Escape" && inside) { target.blur(); page.holder.querySelector("#asked")?.focus(); return true; }
    if (main && !target.closest(".row") && inMain(event)) return true;
    if (amongCards(event)) return true;
    if (target.closest?.(".row") && inRow(event)) return true;
    if (!inside || numeric(target) || code === "PageUp" || code === "PageDown") return free(event);
    return false;
  }

  document.addEventListener("keydown", (event) => {
    if (help.open || event.isComposing) return;
    if (dialog.open) { if (event.code === "KeyF") { dialog.close(); event.preventDefault(); } return; }
    if (does(event)) event.preventDefault();
  });

  return { whole };
})();
