// The form page: panels come and go, sums follow what is typed, the paper follows what is asked.
"use strict";

Qagaz.Page = class {
  static STAY = 60000; // milliseconds between two words that the form is still worked on
  static IDLE = 240000; // without a key or a move of the mouse the page is not in use

  constructor(work) {
    this.work = work;
    this.words = work.dataset;
    this.holder = work.querySelector("#panel");
    this.viewer = new Qagaz.Viewer(work.querySelector("#viewer"), this.words);
    this.sending = new Qagaz.Sending(this.words, (...told) => this.wait(...told), () => this.waited());
    this.timely = new Qagaz.Timely(this.holder, () => this.ready(), () => this.trouble(this.words.sayTooEarly));
    this.away = false; // something is on its way that another panel follows
    this.turn = 0; // counts panels asked for: of several on their way the last one is shown
    this.used = Date.now();
    this.holder.addEventListener("submit", (event) => this.submit(event));
    this.holder.addEventListener("input", (event) => this.typed(event.target));
    this.holder.addEventListener("click", (event) => this.click(event));
    this.holder.addEventListener("focusin", (event) => this.focused(event.target));
    this.holder.addEventListener("toggle", (event) => this.toggled(event.target), true);
    for (const sign of ["keydown", "pointermove", "wheel"]) addEventListener(sign, () => { this.used = Date.now(); }, { passive: true });
    addEventListener("popstate", () => this.show(location.href, false));
    addEventListener("beforeunload", (event) => { if (this.sending.busy) event.preventDefault(); });
    setInterval(() => this.stay(), Qagaz.Page.STAY);
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); }); // gone back to: as it is now
    this.settle(false);
  }

  get panel() { return this.holder.querySelector(".panel"); }
  get answer() { return this.holder.querySelector("#answer"); }
  get input() { return this.holder.querySelector(".main-input"); }
  get mine() { return "mine" in this.panel.dataset; }

  // A new panel is there: look at what it asks, work its sums out.
  settle(scroll = true) {
    this.away = false;
    this.holder.classList.remove("busy");
    for (const mark of ["ready", "pictured"]) delete this.work.dataset[mark];
    this.timely.come();
    this.picture(this.panel);
    const looks = JSON.parse(this.holder.querySelector("#looks").textContent);
    this.viewer.look(looks);
    document.title = `${this.panel.dataset.title} · qagaz`;
    if (scroll) this.work.querySelector("#side").scrollTop = 0;
    const rows = [...this.holder.querySelectorAll(".card-row")];
    this.cards = rows.length ? new Qagaz.Cards(rows, this.panel.dataset.kind === "noughts", this.words.sayBlank, (input) => this.typed(input)) : null;
    this.sum();
    if (this.input) this.echo(this.input);
  }

  // It may have been seen: the cursor goes where it belongs, keys do what they say.
  ready() {
    const first = this.holder.querySelector("[data-first] .main") || (this.mine && (this.input || this.holder.querySelector("#accept"))) || this.holder.querySelector("#asked");
    if (first) { first.focus({ preventScroll: true }); if (first.select && first.value) first.select(); }
    this.work.dataset.ready = "";
  }

  // Every crop of a panel is there, or known not to come.
  async picture(panel) {
    await Promise.all([...panel.querySelectorAll("img.crop")].map((crop) => crop.decode().catch(() => {})));
    if (panel === this.panel) this.work.dataset.pictured = "";
  }

  // --- going from panel to panel
  async show(address, push = true) {
    if (this.away) return; // its answer leads on
    this.timely.going(true);
    const turn = ++this.turn;
    let answer;
    try {
      answer = await fetch(address, { headers: { "x-requested-with": "qagaz" } });
    } catch {
      this.timely.going(false);
      this.trouble(this.words.sayUnsaved);
      return;
    }
    if (turn !== this.turn) return;
    if (!answer.ok) { location.href = address; return; }
    await this.put(answer, turn, push);
  }

  async put(answer, turn = ++this.turn, push = true) {
    const address = answer.headers.get("x-address");
    let panel;
    try {
      panel = await answer.text();
    } catch { // broken off: what was sent is kept, the page is asked for anew
      location.href = address || location.href;
      return;
    }
    if (turn !== this.turn) return;
    this.holder.innerHTML = panel;
    if (push && address) history.pushState(null, "", address);
    this.settle();
  }

  // --- sending
  async submit(event) {
    const form = event.target;
    if (!("post" in form.dataset)) return;
    event.preventDefault();
    await this.send(form, event.submitter);
  }

  async send(form, submitter) {
    if (this.away || this.sending.busy || !this.complete(form, submitter)) return;
    const body = new FormData(form, submitter || undefined);
    this.freeze(true);
    const answer = await this.sending.post(submitter && submitter.formAction && submitter.hasAttribute("formaction") ? submitter.formAction : form.action, new URLSearchParams(body));
    if (!answer) { this.freeze(false); return; }
    const leave = answer.headers.get("x-leave"), refused = answer.headers.has("x-refused");
    if (leave) { location.href = leave; return; }
    if (answer.ok && !refused) { await this.put(answer); return; }
    this.freeze(false);
    this.trouble(refused ? await answer.text() : this.words.sayBroken, refused);
  }

  // Whether there is something to send: an empty field says nothing, and Enter on it is no answer; nor is it one about
  // a crop that has not come yet.
  complete(form, submitter) {
    if (submitter && submitter.value === "others-blank" && !this.meant(form)) { this.trouble(this.words.saySureBlank); return false; }
    if (form.id === "answer" && this.unseen(form)) { this.trouble(this.words.sayPictureComes); return false; }
    if (form.id !== "answer" || (submitter && submitter.name !== "do") || (submitter && submitter.value !== "answer")) return true;
    const inputs = [...form.querySelectorAll("[name=value]")];
    const wrong = inputs.find((input) => "figure" in input.dataset && !this.isBlank(input.value) && !Qagaz.sums.parse(input.value));
    if (wrong) { this.trouble(this.words.sayNoNumber); wrong.focus(); return false; }
    if (inputs.length && inputs.every((input) => !input.value.trim())) { this.trouble(this.words.sayNothingTyped); return false; }
    for (const input of inputs) if (/^[-–—]$/.test(input.value.trim()) && "figure" in input.dataset) input.value = "0";
    return true;
  }

  // That a whole page is blank is said twice.
  meant(form) {
    const before = this.blankPage;
    this.blankPage = form;
    return before === form || [...form.querySelectorAll("[name=value]")].some((input) => input.value.trim());
  }

  // Nothing, or the word that says that nothing is written.
  isBlank(text) { return ["", this.words.sayBlank.toLowerCase()].includes(text.trim().toLowerCase()); }

  unseen(form) {
    const inputs = [...form.querySelectorAll("[name=value]")];
    const typed = inputs.length === 1 && inputs[0].value !== inputs[0].defaultValue;
    return !typed && !("pictured" in this.work.dataset);
  }

  freeze(on) {
    this.away = on;
    if (on) this.timely.gone(); else this.timely.back();
    this.holder.classList.toggle("busy", on);
    for (const input of this.holder.querySelectorAll("input, textarea")) input.readOnly = on;
  }

  trouble(text, html = false) {
    const said = this.holder.querySelector("#said") || this.panel;
    if (html) said.innerHTML = text;
    else {
      const words = document.createElement("p");
      words.className = "trouble";
      words.textContent = text;
      if (said === this.panel) said.prepend(words); else said.replaceChildren(words);
    }
  }

  wait(text, word) {
    this.waited();
    const bar = document.createElement("div");
    bar.className = "warning waiting";
    bar.id = "waiting";
    bar.setAttribute("role", "alert");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = word;
    bar.append(text, button);
    this.holder.prepend(bar);
    return button;
  }

  waited() { this.holder.querySelector("#waiting")?.remove(); }

  async stay() {
    if (!this.mine || document.hidden || Date.now() - this.used > Qagaz.Page.IDLE || this.sending.busy) return;
    const body = new URLSearchParams({ form_key: this.words.formKey });
    const answer = await this.sending.once(`${this.panel.dataset.address}/stay`, body);
    if (answer && answer.headers.has("x-refused")) this.trouble(await answer.text(), true);
  }

  // Take a lost form again without losing what is typed.
  async take(address) {
    const answer = await this.sending.post(address, new URLSearchParams({ form_key: this.words.formKey, at: this.panel.dataset.at }));
    if (!answer) return;
    if (answer.ok && !answer.headers.has("x-refused")) this.holder.querySelector("#said")?.replaceChildren();
    else this.trouble(await answer.text(), true);
    this.input?.focus();
  }

  // --- what is typed
  typed(input) {
    if (input.name !== "value") return;
    this.holder.querySelector("#said")?.replaceChildren(); // what was said was about another figure
    if (input === this.input) this.echo(input);
    input.closest(".card-row")?.classList.toggle("other", input.value !== input.defaultValue);
    this.chosen(input.value);
    this.sum();
  }

  echo(input) {
    const echo = this.holder.querySelector("#echo");
    if (!echo) return;
    const text = input.value.trim();
    let said = "", bad = false;
    if ("figure" in input.dataset && text) {
      const amount = Qagaz.sums.parse(text);
      bad = !amount && !this.isBlank(text);
      said = bad ? this.words.sayNoNumber : `= ${amount ? Qagaz.sums.shown(amount, this.words.group, this.words.mark) : this.words.sayBlank}`;
    } else if (input.dataset.digits && text) {
      const digits = text.replace(/[\s']/g, "");
      bad = !/^\d*$/.test(digits) || digits.length > Number(input.dataset.digits);
      said = this.words.sayDigits.replace("{n}", digits.length).replace("{all}", input.dataset.digits);
      if (["bin", "iin"].includes(input.dataset.place) && /^\d{12}$/.test(digits) && !Qagaz.sums.checkDigit(digits)) { bad = true; said = this.words.sayCheckDigit; }
    }
    echo.textContent = said;
    echo.classList.toggle("bad", bad);
  }

  chosen(value) {
    for (const chip of this.holder.querySelectorAll("[data-chip]")) chip.setAttribute("aria-pressed", String(chip.dataset.chip !== "" && chip.dataset.chip === value));
  }

  // Every control anew, with what is typed in the place of what was read.
  sum() {
    const now = new Map();
    for (const input of this.holder.querySelectorAll("[name=value][data-figure]")) {
      const amount = input.value.trim() ? Qagaz.sums.parse(input.value) : null;
      if (amount) now.set(input.dataset.place, Qagaz.sums.plain(amount));
    }
    for (const control of this.holder.querySelectorAll("[data-control]")) this.weigh(control, now);
  }

  weigh(control, now) {
    const { group, mark } = this.words;
    const shown = (amount) => Qagaz.sums.shown(amount, group, mark);
    const sides = {};
    let open = false;
    const unsaid = {}; // sides whose sum would tell what the machine makes of the cell asked about
    for (const side of ["left", "right"]) {
      sides[side] = [...control.querySelectorAll(`[data-side=${side}] .term`)].map((term) => {
        const typed = now.get(term.dataset.place);
        const value = typed ?? term.dataset.value;
        if ("hidden" in term.dataset && typed === undefined) unsaid[side] = true;
        open ||= "open" in term.dataset && typed === undefined;
        term.classList.toggle("typed-in", typed !== undefined);
        const amount = term.querySelector(".amount");
        amount.dataset.was ??= amount.textContent;
        amount.textContent = typed === undefined ? amount.dataset.was : shown(Qagaz.sums.exact(value));
        return value;
      });
      const total = control.querySelector(`[data-side=${side}] [data-total]`);
      control[side] = total;
    }
    const found = Qagaz.sums.weigh(sides.left, sides.right, control.dataset.relation, control.dataset.tolerance);
    for (const side of ["left", "right"]) if (control[side]) control[side].textContent = unsaid[side] ? "–" : shown(found[side]);
    control.querySelector("[data-difference]").textContent = unsaid.left || unsaid.right ? "–" : shown(found.difference);
    const stand = open ? "undecided" : found.holds ? "holds" : "fails";
    control.classList.remove("holds", "fails", "undecided");
    control.classList.add(stand);
    control.querySelector("[data-stand]").textContent = control.dataset[stand];
  }

  // --- clicks
  click(event) {
    const at = (selector) => event.target.closest(selector);
    const chip = at("[data-chip]"), term = at(".term"), type = at("[data-type]"), take = at("[data-take]"), link = at("a[data-skip], a[data-questions]"), whole = at("[data-whole]");
    if (chip && chip.dataset.chip !== "" && this.input) { event.preventDefault(); this.choose(chip.dataset.chip); }
    else if (term) this.look(term.dataset.place);
    else if (type && this.input) { this.input.value = type.dataset.type; this.typed(this.input); this.send(this.answer, this.holder.querySelector("#accept")); }
    else if (take) this.take(take.dataset.take);
    else if (whole) { event.preventDefault(); Qagaz.keys.whole(whole.href); }
    else if (at("[data-keys]")) document.querySelector("#keys").showModal();
    else if (link && !event.ctrlKey && !event.metaKey) { event.preventDefault(); this.show(link.href); }
  }

  choose(value) {
    this.input.value = value.replace(".", "figure" in this.input.dataset ? this.words.mark : ".");
    this.typed(this.input);
    this.chosen(value);
    this.input.focus();
  }

  // A cell of a control: on the paper; a second time, to be corrected.
  look(place) {
    if (this.looked === place && this.panel.dataset.at !== place) { this.show(`${this.panel.dataset.address}?at=${encodeURIComponent(place)}`); return; }
    this.looked = place;
    this.viewer.goto(place);
  }

  focused(target) {
    this.cards?.begin("");
    if (target.name === "value" && target !== this.input && target.dataset.place) this.viewer.goto(target.dataset.place);
    else if (target === this.input && this.viewer.size && target.closest(".row")) this.viewer.goto(target.dataset.place);
  }

  toggled(details) {
    if (!details.classList.contains("respondent")) return;
    details.querySelector("[name=origin]").checked = details.open;
    if (details.open) details.querySelector("[name=who]").focus();
  }
};

Qagaz.page = new Qagaz.Page(document.querySelector("#work"));
