// Second keying, disputes and the list of respondents: small helps for the keyboard, printing and copying.
"use strict";
(() => {
  const value = document.querySelector("form.word [name=value]");
  if (value) {
    value.select();
    value.addEventListener("keydown", (event) => {
      if (event.key === " " && !value.value) {
        event.preventDefault();
        document.querySelector("form.word .blank").click();
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
