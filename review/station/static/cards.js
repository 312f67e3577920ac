// Cards side by side: each has a letter that goes to it; where nothing is written, the same letter says blank or nought.
"use strict";
window.Qagaz = window.Qagaz || {};

Qagaz.Cards = class {
  static LETTERS = "ASDGHJKLETYIOPNMQVXZ"; // by reach; the others do something else on this page

  // `rows`: elements of one input each; `toggles`: whether a letter changes what the input holds; `blank`: that word.
  constructor(rows, toggles, blank, typed) {
    this.inputs = rows.map((row) => row.querySelector("[name=value]"));
    this.toggles = toggles;
    this.blank = blank;
    this.typed = typed;
    this.begun = ""; // the first letter of two
    const names = Qagaz.Cards.names(rows.length);
    this.byName = new Map(this.inputs.map((input, n) => [names[n], input]));
    rows.forEach((row, n) => {
      const sign = document.createElement("kbd");
      sign.className = "letter";
      sign.textContent = names[n];
      row.querySelector("label").append(" ", sign);
    });
  }

  // As many names as cards: one letter each while there are enough, and no name begins another.
  static names(count) {
    const letters = [...Qagaz.Cards.LETTERS], most = letters.length;
    const firsts = Math.max(0, Math.ceil((count - most) / (most - 1)));
    const pairs = letters.slice(most - firsts).flatMap((first) => letters.map((second) => first + second));
    return [...letters.slice(0, most - firsts), ...pairs].slice(0, count);
  }

  // A key; whether it was a letter of some card.
  press(code) {
    const letter = /^Key([A-Z])$/.exec(code)?.[1];
    const name = this.begun + (letter ?? "");
    const begins = letter && [...this.byName.keys()].some((each) => each.startsWith(name));
    this.begun = begins && !this.byName.has(name) ? name : "";
    if (begins && !this.begun) this.go(this.byName.get(name));
    return Boolean(begins);
  }

  go(input) {
    const said = input.value.trim().toLowerCase();
    const nought = said === "" || said === this.blank.toLowerCase();
    if (this.toggles && (nought || said === "0")) {
      input.value = nought ? "0" : this.blank;
      this.typed(input);
    }
    input.focus();
    input.select();
  }

  // By an arrow, from the card that has the cursor or from none.
  step(from, code) {
    const tops = this.inputs.map((input) => input.getBoundingClientRect().top);
    const across = tops.filter((top) => Math.abs(top - tops[0]) < 4).length || 1;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[code];
    const at = this.inputs.indexOf(from);
    if (!step) return false;
    const to = this.inputs[at < 0 ? 0 : Math.min(Math.max(at + step, 0), this.inputs.length - 1)];
    to.focus();
    to.select();
    return true;
  }
};
