// Handing in files: by choosing, dropping or by folder, one request a paper, with progress; and watching them being read.
"use strict";
(() => {
  const BUSY = 1000; // milliseconds between looks while papers are read
  const QUIET = 8000; // the same while nothing is
  const SPEAK = 10000; // the least time between two things said aloud
  const came = document.getElementById("came");
  const spoken = document.getElementById("spoken");
  let shown = came.innerHTML;
  let last = 0;
  let timer = 0;

  function speak(over) {
    const word = came.querySelector(".progress").dataset.spoken;
    const due = over || Date.now() - last > SPEAK;
    if (due && spoken.textContent !== word) {
      spoken.textContent = word;
      last = Date.now();
    }
  }

  async function look() {
    clearTimeout(timer);
    let unread = 0;
    try {
      const answer = await fetch(came.dataset.address, { headers: { "x-requested-with": "qagaz" } });
      if (answer.status === 401) location.reload();
      if (answer.ok) {
        const text = await answer.text();
        if (text !== shown && !came.querySelector(":active")) { // nothing is changed under a finger
          const focused = came.contains(document.activeElement) ? document.activeElement.id : "";
          came.innerHTML = text;
          shown = text;
          if (focused) document.getElementById(focused)?.focus();
          const left = Number(came.querySelector(".progress").dataset.unread);
          speak(left === 0);
        }
      }
      unread = Number(came.querySelector(".progress").dataset.unread);
    } catch {
      unread = 0; // the station is not to be reached: looked at again later
    }
    timer = setTimeout(look, document.hidden || !unread ? QUIET : BUSY);
  }
  timer = setTimeout(look, BUSY);
  document.addEventListener("visibilitychange", () => document.hidden || look());

  const form = document.getElementById("upload");
  if (!form) return;
  const words = form.dataset;
  const bar = document.getElementById("sending-bar");
  const word = document.getElementById("sending-word");
  const box = document.getElementById("sending");
  const failed = document.getElementById("failed");
  const stop = document.getElementById("stop");
  const folder = document.getElementById("folder");
  let request = null;
  let queue = [];
  let running = false;
  for (const each of form.querySelectorAll(".scripted")) each.hidden = false;

  const say = (text, told) => text.replace(/\{(\w+)\}/g, (_, name) => told[name] ?? "");
  const pathOf = (file) => file.fromFolder || file.webkitRelativePath || file.name;

  function fail(name, why) {
    const line = document.createElement("li");
    line.textContent = `${name}: ${why}`;
    failed.append(line);
    failed.hidden = false;
  }

  // Papers out of files: each its own, or the pictures of each folder together.
  function papersOf(files) {
    const seen = files.filter((file) => !file.name.startsWith("."));
    if (!form.elements.pages.checked) return seen.map((file) => [file]);
    const folders = new Map();
    for (const file of seen) {
      const path = pathOf(file).split("/").slice(0, -1).join("/");
      folders.set(path, [...(folders.get(path) ?? []), file]);
    }
    return [...folders.values()];
  }

  function send(paper, pages, progress) {
    return new Promise((done) => {
      const data = new FormData();
      data.append("form_key", form.elements.form_key.value);
      if (pages) data.append("pages", "1");
      for (const file of paper) data.append("papers", file, pathOf(file));
      request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("x-requested-with", "qagaz");
      request.upload.onprogress = (event) => progress(event.loaded);
      request.onload = () => done(request);
      request.onerror = () => done(null);
      request.onabort = () => done("stopped");
      request.send(data);
    });
  }

  function troubleOf(answer) {
    if (answer === null) return words.noNetwork;
    if (answer.status === 413) return words.tooLarge;
    try {
      return JSON.parse(answer.responseText).trouble ?? "";
    } catch {
      return answer.status === 200 ? "" : `${words.failed} (${answer.status})`;
    }
  }

  async function sendAll() {
    if (running) return;
    running = true;
    box.hidden = stop.hidden = false;
    let number = 0;
    while (queue.length) {
      const { paper, pages } = queue.shift();
      const size = paper.reduce((sum, file) => sum + file.size, 0);
      number += 1;
      const name = paper[0].name;
      word.textContent = say(words.sending, { number, all: number + queue.length, file: name });
      if (size > Number(words.largest)) {
        fail(name, words.tooLarge);
        continue;
      }
      const answer = await send(paper, pages, (loaded) => { bar.value = size ? Math.min(1, loaded / size) : 1; });
      if (answer === "stopped") break;
      const trouble = troubleOf(answer);
      if (trouble) fail(name, trouble);
      look();
    }
    queue = [];
    running = false;
    stop.hidden = true;
    bar.value = 1;
    word.textContent = words.done;
    request = null;
    look();
  }

  function take(files) {
    if (!files.length) return;
    const pages = form.elements.pages.checked;
    failed.replaceChildren();
    failed.hidden = true;
    queue.push(...papersOf(files).map((paper) => ({ paper, pages })));
    sendAll();
  }

  // What lies in a folder that was dropped, to the bottom.
  async function filesIn(entry) {
    if (entry.isFile) {
      const file = await new Promise((done, broken) => entry.file(done, broken));
      file.fromFolder = entry.fullPath.replace(/^\//, "");
      return [file];
    }
    const reader = entry.createReader();
    const found = [];
    for (;;) {
      const some = await new Promise((done, broken) => reader.readEntries(done, broken));
      if (!some.length) return found;
      for (const each of some) found.push(...(await filesIn(each)));
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    take([...form.elements.papers.files, ...folder.files]);
    for (const input of [form.elements.papers, folder]) {
      input.value = "";
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
  stop.addEventListener("click", () => {
    queue = [];
    request?.abort();
  });
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => form.classList.remove("over"));
  form.addEventListener("drop", async (event) => {
    event.preventDefault();
    const plain = [...event.dataTransfer.files];
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const folders = entries.some((entry) => entry.isDirectory);
    take(folders ? (await Promise.all(entries.map(filesIn))).flat() : plain);
  });
  addEventListener("beforeunload", (event) => {
    if (running) event.preventDefault();
  });
})();
