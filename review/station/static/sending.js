// What a person says is sent until it has arrived: the same words with the same token, however often the line fails.
"use strict";
window.Qagaz = window.Qagaz || {};

Qagaz.Sending = class {
  static PAUSES = [1000, 2000, 4000, 8000]; // milliseconds before each further try; the last one again and again

  // `notice(text, buttonText)` shows what is not kept yet and gives its button; `clear()` takes it away.
  constructor(words, notice, clear) {
    this.words = words;
    this.notice = notice;
    this.clear = clear;
    this.busy = false;
  }

  // The answer to what was sent; null where something is on its way already.
  async post(address, body) {
    if (this.busy) return null;
    this.busy = true;
    try {
      for (let attempt = 0; ; attempt += 1) {
        const answer = await this.once(address, body);
        if (answer && answer.status < 500 && answer.status !== 401) { this.clear(); return answer; }
        await this.pause(attempt, answer && answer.status === 401 ? this.words.sayLogIn : this.words.sayUnsaved);
      }
    } finally {
      this.busy = false;
    }
  }

  async once(address, body) {
    try {
      return await fetch(address, { method: "POST", body, headers: { "x-requested-with": "qagaz" }, redirect: "follow" });
    } catch {
      return null; // no connection
    }
  }

  pause(attempt, text) {
    return new Promise((done) => {
      const button = this.notice(text, this.words.sayTryNow);
      const pauses = Qagaz.Sending.PAUSES;
      const timer = setTimeout(done, pauses[Math.min(attempt, pauses.length - 1)]);
      button.addEventListener("click", () => { clearTimeout(timer); done(); });
    });
  }
};
