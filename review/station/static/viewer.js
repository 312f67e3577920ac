// The paper: one page at a time, the right way up, moved and enlarged; the cell asked about framed.
"use strict";
window.Qagaz = window.Qagaz || {};

Qagaz.Viewer = class {
  static CELL = 40; // CSS pixels a cell is high when it is looked at
  static FIELD = 26; // and a field written on a line, which is as high as its letters
  static STEP = 1.25; // one step of zoom
  static NUDGE = 60; // CSS pixels one arrow key moves

  constructor(root, words) {
    this.root = root;
    this.words = words;
    this.stage = root.querySelector("#stage");
    this.sheet = root.querySelector("#sheet");
    this.lost = root.querySelector("#lost");
    this.image = new Image();
    this.image.alt = "";
    this.sheet.append(this.image);
    this.pictures = new Map(); // address → promise of {url, width, height of the page in its unit}
    this.turned = new Map(); // page → degrees a person turned it by
    this.light = Number(sessionStorage.getItem("light") || 1);
    this.contrast = Number(sessionStorage.getItem("contrast") || 1);
    this.scale = 0; // CSS pixels for one unit of the page; 0: nothing was shown yet
    this.byHand = false; // the zoom was chosen by a person: it stays
    this.listen();
  }

  // Show what a panel asks about.
  async look(looks) {
    const other = this.looks && this.looks.address !== looks.address;
    this.looks = looks;
    if (other) { this.byHand = false; this.turned.clear(); }
    await this.goto(looks.at[0] || "", true);
    if (looks.next.length) this.picture(looks.next[1]).catch(() => {});
  }

  // Bring one cell into view; `main` is the one asked about.
  async goto(place, main = false) {
    const box = this.looks.boxes[place];
    await this.open(box ? box[0] : this.looks.pages[0]);
    this.mark(place, main);
    if (box) this.centre(box.slice(1), place); else this.fit();
  }

  async open(page) {
    if (page === undefined) return;
    this.page = page;
    this.tell();
    try {
      const picture = await this.picture(page);
      if (this.page !== page) return;
      this.size = picture;
      if (this.image.src !== picture.url) { this.image.src = picture.url; await this.image.decode().catch(() => {}); }
      this.lost.hidden = true;
    } catch {
      this.size = { width: 100, height: 140 };
      this.image.removeAttribute("src");
      this.lost.textContent = this.words.sayNoPicture;
      this.lost.hidden = false;
    }
    this.sheet.querySelectorAll(".band, .frame").forEach((each) => each.remove());
  }

  picture(page) {
    const address = `${this.looks.address}/pages/${page}.jpg`;
    if (!this.pictures.has(address)) {
      const wanted = (async () => {
        const answer = await fetch(address);
        if (!answer.ok) throw new Error(address);
        const [width, height] = answer.headers.get("x-size").split(" ").map(Number);
        return { url: URL.createObjectURL(await answer.blob()), width, height };
      })();
      wanted.catch(() => this.pictures.delete(address));
      this.pictures.set(address, wanted);
      this.forget();
    }
    return this.pictures.get(address);
  }

  forget() { // old pictures, so that a day's work does not fill the memory
    for (const [address, wanted] of this.pictures) {
      if (this.pictures.size <= 24) break;
      this.pictures.delete(address);
      wanted.then((old) => { if (this.image.src !== old.url) URL.revokeObjectURL(old.url); }).catch(() => {});
    }
  }

  mark(place, main) {
    const own = this.looks.at[0];
    const shown = new Set([own, place, ...this.looks.at]);
    if (main || place === own) this.looks.bands.forEach((band) => this.draw(band, "band", own));
    for (const name of shown) {
      const box = this.looks.boxes[name];
      if (box && box[0] === this.page) this.draw(box.slice(1), name === (place || own) ? "frame" : "frame other", name);
    }
  }

  draw([x0, y0, x1, y1], kind, place) {
    const box = document.createElement("div");
    box.className = kind;
    box.dataset.marks = place || "";
    const { width, height } = this.size;
    box.style.left = `${(100 * x0) / width}%`;
    box.style.top = `${(100 * y0) / height}%`;
    box.style.width = `${(100 * (x1 - x0)) / width}%`;
    box.style.height = `${(100 * (y1 - y0)) / height}%`;
    this.sheet.append(box);
  }

  get turn() { return (((this.looks.turns[this.page] || 0) + (this.turned.get(this.page) || 0)) % 360 + 360) % 360; }

  // Where a point of the page lies from the sheet's corner on the screen.
  vector(x, y, scale = this.scale) {
    const [cos, sin] = { 0: [1, 0], 90: [0, 1], 180: [-1, 0], 270: [0, -1] }[this.turn];
    return [scale * (x * cos - y * sin), scale * (x * sin + y * cos)];
  }

  centre([x0, y0, x1, y1], place = "") {
    const upright = this.turn % 180 === 0;
    const [wide, tall] = upright ? [x1 - x0, y1 - y0] : [y1 - y0, x1 - x0];
    const high = Math.max(1, Math.min(tall, wide * 0.45)); // a tall cell holds one line of figures too
    if (!this.byHand) this.scale = Math.max(this.whole(), Math.min((place.startsWith("s") ? Qagaz.Viewer.CELL : Qagaz.Viewer.FIELD) / high, 6 * this.whole()));
    const [x, y] = this.vector((x0 + x1) / 2, (y0 + y1) / 2);
    this.x = this.stage.clientWidth / 2 - x;
    this.y = this.stage.clientHeight * 0.45 - y;
    this.hold();
  }

  whole() { // the scale at which the whole page is seen
    const { width, height } = this.size;
    const [w, h] = this.turn % 180 === 0 ? [width, height] : [height, width];
    return Math.min(this.stage.clientWidth / w, this.stage.clientHeight / h);
  }

  fit() {
    this.byHand = false;
    this.scale = this.whole();
    const [x, y] = this.vector(this.size.width / 2, this.size.height / 2);
    this.x = this.stage.clientWidth / 2 - x;
    this.y = this.stage.clientHeight / 2 - y;
    this.apply();
  }

  // Keep the page from being moved out of sight, and without bare edges where it is larger than the stage.
  hold() {
    const corners = [[0, 0], [this.size.width, 0], [0, this.size.height], [this.size.width, this.size.height]].map(([x, y]) => this.vector(x, y));
    for (const [axis, at, room] of [[0, "x", this.stage.clientWidth], [1, "y", this.stage.clientHeight]]) {
      const low = Math.min(...corners.map((corner) => corner[axis])), high = Math.max(...corners.map((corner) => corner[axis]));
      if (high - low <= room) this[at] = (room - high - low) / 2;
      else this[at] = Math.min(-low, Math.max(room - high, this[at]));
    }
    this.apply();
  }

  zoom(factor, cx = this.stage.clientWidth / 2, cy = this.stage.clientHeight / 2) {
    const least = this.whole() * 0.8, most = this.whole() * 20;
    const scale = Math.min(most, Math.max(least, this.scale * factor));
    this.x = cx - ((cx - this.x) * scale) / this.scale;
    this.y = cy - ((cy - this.y) * scale) / this.scale;
    this.scale = scale;
    this.byHand = true;
    this.hold();
  }

  pan(dx, dy) { this.x += dx; this.y += dy; this.hold(); }

  apply() {
    const { width, height } = this.size;
    const pixels = Math.max(1, this.image.naturalWidth || width);
    const each = pixels / width; // the sheet is as large as the picture, and made smaller by the transform
    this.sheet.style.width = `${pixels}px`;
    this.sheet.style.height = `${height * each}px`;
    this.sheet.style.setProperty("--hair", String(each / this.scale));
    this.sheet.style.transform = `translate(${this.x}px, ${this.y}px) rotate(${this.turn}deg) scale(${this.scale / each})`;
    this.image.style.filter = this.light === 1 && this.contrast === 1 ? "" : `brightness(${this.light}) contrast(${this.contrast})`;
  }

  shade(name, by) {
    this[name] = Math.min(3, Math.max(0.3, Math.round((this[name] + by) * 100) / 100));
    sessionStorage.setItem(name, String(this[name]));
    this.apply();
  }

  tell() {
    const at = this.looks.pages.indexOf(this.page);
    const text = this.words.sayPage.replace("{n}", String(at + 1)).replace("{all}", String(this.looks.pages.length));
    this.root.querySelector("#which").textContent = at < 0 ? "" : text;
  }

  async leaf(by) {
    const { pages } = this.looks;
    const at = Math.min(pages.length - 1, Math.max(0, pages.indexOf(this.page) + by));
    if (pages[at] === this.page) return;
    await this.open(pages[at]);
    this.mark("", true);
    this.fit();
  }

  // What a button or key of this name does.
  tool(name) {
    const own = this.looks && this.looks.at[0];
    const does = {
      in: () => this.zoom(Qagaz.Viewer.STEP), out: () => this.zoom(1 / Qagaz.Viewer.STEP),
      fit: () => this.fit(), cell: () => { this.byHand = false; return this.goto(own || "", true); },
      turn: () => { this.turned.set(this.page, (this.turned.get(this.page) || 0) + 90); this.recentre(own); },
      brighter: () => this.shade("light", 0.15), darker: () => this.shade("light", -0.15),
      "contrast-more": () => this.shade("contrast", 0.25), "contrast-less": () => this.shade("contrast", -0.25),
      plain: () => { this.light = this.contrast = 1; sessionStorage.clear(); this.turned.delete(this.page); this.recentre(own); },
      "page-back": () => this.leaf(-1), "page-on": () => this.leaf(1),
      left: () => this.pan(Qagaz.Viewer.NUDGE, 0), right: () => this.pan(-Qagaz.Viewer.NUDGE, 0),
      up: () => this.pan(0, Qagaz.Viewer.NUDGE), down: () => this.pan(0, -Qagaz.Viewer.NUDGE),
    }[name];
    if (does && this.size) return does();
  }

  recentre(place) {
    const box = this.looks.boxes[place];
    if (box && box[0] === this.page) this.centre(box.slice(1), place); else this.fit();
  }

  listen() {
    this.root.addEventListener("click", (event) => {
      const tool = event.target.closest("[data-tool]");
      if (tool) this.tool(tool.dataset.tool);
    });
    this.stage.addEventListener("wheel", (event) => {
      event.preventDefault();
      const { left, top } = this.stage.getBoundingClientRect();
      if (this.size) this.zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, event.clientX - left, event.clientY - top);
    }, { passive: false });
    this.stage.addEventListener("pointerdown", (event) => {
      this.stage.setPointerCapture(event.pointerId);
      this.from = [event.clientX, event.clientY];
      event.preventDefault(); // what one types stays where it is
    });
    this.stage.addEventListener("pointermove", (event) => {
      if (!this.from || !this.size) return;
      this.pan(event.clientX - this.from[0], event.clientY - this.from[1]);
      this.from = [event.clientX, event.clientY];
    });
    for (const end of ["pointerup", "pointercancel"]) this.stage.addEventListener(end, () => { this.from = null; });
    new ResizeObserver(() => { if (this.size && this.looks) this.recentre(this.looks.at[0]); }).observe(this.stage);
  }
};
