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
    this.byName = new Map(Qagaz.Cards.names(rows.length).map((name, n) => [name, this.inputs[n]]));
    for (const [name, input] of this.byName) {
      const sign = document.createElement("kbd");
      sign.className = "letter";
      sign.textContent = name;
      input.labels[0].append(" ", sign);
    }
  }

  // As many names as cards: one letter each while there are enough, and no name begins another.
  static names(count) {
    const letters = [...Qagaz.Cards.LETTERS], most = letters.length;
    const firsts = Math.min(most, Math.max(0, Math.ceil((count - most) / (most - 1))));
    const pairs = letters.slice(most - firsts).flatMap((first) => letters.map((second) => first + second));
    return [...letters.slice(0, most - firsts), ...pairs].slice(0, count);
  }

  // A key; whether it was a letter of some card, or the second one of none. A key that is held says nothing more.
  press(code, held) {
    const letter = /^Key([A-Z])$/.exec(code)?.[1], begun = this.begun;
    if (!letter) return false;
    const name = begun + letter;
    const meant = [...this.byName.keys()].some((each) => each.startsWith(name));
    if (held && meant) return true;
    const input = this.byName.get(name);
    this.begin(meant && !input ? name : "");
    if (input) this.go(input);
    return meant || begun !== "";
  }

  // The first letter of two was struck: the cards it may lead to are marked. "" takes it back.
  begin(name) {
    this.begun = name;
    for (const [each, input] of this.byName) input.closest(".card-row").classList.toggle("meant", name !== "" && each.startsWith(name));
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
    this.begin("");
    const to = this.inputs[at < 0 ? 0 : Math.min(Math.max(at + step, 0), this.inputs.length - 1)];
    to.focus();
    to.select();
    return true;
  }
};
