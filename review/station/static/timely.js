// Keys struck before a question was there never answer it: nobody had seen it yet.
"use strict";
window.Qagaz = window.Qagaz || {};

Qagaz.Timely = class {
  static SIGHT = 150; // milliseconds: nobody answers sooner to what appears
  static PAUSE = 600; // milliseconds without a key: the end of a run of keys that began too early
  static COMMANDS = ["Enter", "NumpadEnter", "Delete", "Backspace"];

  // `place` holds what is asked; `seen()` runs when it may be answered, `early()` when letters came too soon.
  constructor(place, seen, early) {
    this.place = place;
    this.seen = seen;
    this.early = early;
    this.from = Infinity; // the moment from which keys are for what is shown
    this.strayed = Number(sessionStorage.getItem("strayed") || 0); // when the last letter came that was meant for something else; 0: none
    document.addEventListener("keydown", (event) => this.sift(event), true);
  }

  // What is shown is on its way out: what is struck from now on is for nothing.
  gone() {
    this.from = Infinity;
    clearTimeout(this.timer);
  }

  // It may be replaced soon, and answered until then; what is typed meanwhile may be half of something.
  going(on) { this.leaving = on; }

  // Something new is there: it may be answered once it can have been seen.
  come() {
    this.gone();
    this.leaving = false;
    this.place.inert = true;
    requestAnimationFrame(() => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.open(), Qagaz.Timely.SIGHT);
    });
  }

  // Nothing new came: what was there may be answered on.
  back() { this.from = Qagaz.Timely.now(); }

  open() {
    this.back();
    this.place.inert = false;
    this.seen();
    if (this.strayed) this.early();
  }

  sift(event) {
    if (!event.isTrusted || !Qagaz.Timely.says(event) || this.elsewhere(event.target)) return;
    const at = performance.timeOrigin + event.timeStamp;
    const held = event.repeat && Qagaz.Timely.COMMANDS.includes(event.code) && !Qagaz.Timely.erases(event);
    const early = held || at < this.from || (!this.leaving && at - this.strayed < Qagaz.Timely.PAUSE);
    const letter = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (letter && (early || this.leaving)) this.stray(at);
    else if (!early) this.stray(0);
    if (!early) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (letter && at >= this.from) this.early();
  }

  // Kept over pages: the form after the last one may come as a page of its own.
  stray(at) {
    this.strayed = at;
    if (at) sessionStorage.setItem("strayed", String(at)); else sessionStorage.removeItem("strayed");
  }

  // A link or button that has nothing to do with what is asked.
  elsewhere(target) {
    return target.closest("#waiting, dialog") || (target.closest("a, button, input, select, textarea, summary") && !this.place.contains(target));
  }

  static now() { return performance.timeOrigin + performance.now(); }

  static erases(event) { return event.code === "Backspace" || (event.code === "Delete" && event.target.value); }

  // Whether a key writes, answers or takes back; looking around is never too early.
  static says(event) {
    if (event.altKey) return /^(?:Digit|Numpad)\d$/.test(event.code);
    if (event.ctrlKey || event.metaKey) return ["Enter", "NumpadEnter", "KeyV", "KeyX", "KeyZ"].includes(event.code);
    return event.key.length === 1 || Qagaz.Timely.COMMANDS.includes(event.code);
  }
};
