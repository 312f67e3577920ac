// The collage by keyboard: arrows move, Space or X strikes out; nothing is confirmed before every crop was in view.
"use strict";
(() => {
  const form = document.querySelector("form.collage");
  if (!form) return;
  const boxes = [...form.querySelectorAll("[name=struck]")];
  const confirm = form.querySelector(".confirm");
  const told = form.querySelector(".told");
  const seen = new Set();
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);

  const count = () => {
    const struck = boxes.filter((box) => box.checked).length;
    const left = boxes.length - seen.size;
    confirm.disabled = left > 0;
    told.textContent = left > 0
      ? filled(form.dataset.unseen, { left })
      : filled(form.dataset.counts, { struck, rest: boxes.length - struck });
  };

  const go = (to) => {
    const box = boxes[Math.max(0, Math.min(boxes.length - 1, to))];
    boxes.forEach((each) => { each.tabIndex = each === box ? 0 : -1; });
    box.focus({ preventScroll: true });
    box.parentElement.scrollIntoView({ block: "nearest" });
  };

  // The crop above or below: the one nearest in the next row.
  const vertical = (at, way) => {
    const here = boxes[at].parentElement;
    let row = null;
    let best = at;
    let nearest = Infinity;
    for (let to = at + way; to >= 0 && to < boxes.length; to += way) {
      const there = boxes[to].parentElement;
      if (there.offsetTop === here.offsetTop) continue;
      row = row ?? there.offsetTop;
      if (there.offsetTop !== row) break;
      const away = Math.abs(there.offsetLeft - here.offsetLeft);
      if (away < nearest) [nearest, best] = [away, to];
    }
    return best;
  };

  const moves = {
    ArrowRight: (at) => at + 1,
    ArrowLeft: (at) => at - 1,
    ArrowDown: (at) => vertical(at, 1),
    ArrowUp: (at) => vertical(at, -1),
    Home: () => 0,
    End: () => boxes.length - 1,
  };

  // From a crop Enter never confirms by itself: it leads to what was not in view yet, or to the button.
  const onward = () => {
    const next = boxes.findIndex((box) => !seen.has(box));
    if (next >= 0) go(next); else confirm.focus();
  };

  form.addEventListener("keydown", (event) => {
    const at = boxes.indexOf(event.target);
    if (at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key in moves) go(moves[event.key](at));
    else if (event.key === "Enter") onward();
    else if (event.code === "KeyX") event.target.click();
    else return;
    event.preventDefault();
  });
  form.addEventListener("change", count);

  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const image = entry.target.querySelector("img");
      if (entry.isIntersecting && image.complete) {
        seen.add(entry.target.querySelector("input"));
        watcher.unobserve(entry.target);
      }
    }
    count();
  }, { threshold: 0.95 });

  // What cannot be seen cannot be confirmed: it stays in the queue.
  const unseeable = (image) => {
    const label = image.parentElement;
    label.classList.add("broken");
    label.querySelector("input").checked = true;
    label.querySelector(".out").textContent = form.dataset.noPicture;
  };

  for (const box of boxes) {
    const label = box.parentElement;
    const image = label.querySelector("img");
    const ready = () => {
      if (!image.naturalWidth) unseeable(image);
      watcher.unobserve(label);
      watcher.observe(label);
    };
    if (image.complete) ready();
    else for (const what of ["load", "error"]) image.addEventListener(what, ready, { once: true });
  }
  go(0);
  count();
})();
