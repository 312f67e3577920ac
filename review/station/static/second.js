// Second keying, disputes and the list of respondents: small helps for the keyboard, printing and copying.
"use strict";
(() => {
  const word = document.querySelector("form.word");
  if (word) {
    const value = word.querySelector("[name=value]");
    const early = document.querySelector("#early");
    const timely = new Qagaz.Timely(word, () => { value.focus(); value.select(); word.dataset.ready = ""; }, () => { early.hidden = false; });
    timely.come();
    word.addEventListener("submit", () => timely.gone());
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); }); // gone back to: as it is now
    value.addEventListener("keydown", (event) => {
      if (event.key === " " && !value.value) {
        event.preventDefault();
        word.querySelector(".blank").click();
      }
    });
  }

  // Who types a third value means it.
  for (const third of document.querySelectorAll(".third")) {
    third.addEventListener("input", () => {
      third.closest("fieldset").querySelector("[value=typed]").checked = true;
    });
  }

  // What is on its way is not sent twice.
  for (const form of document.querySelectorAll("form.word, form.decide")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
    });
  }

  const print = document.querySelector(".print");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }

  for (const copy of navigator.clipboard ? document.querySelectorAll(".copy") : []) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(copy.closest("label").querySelector("textarea").value);
      copy.textContent = copy.dataset.done;
    });
  }
})();
