// Exact sums in the browser: what a person types is put into the controls the way review/controls.py would.
// Amounts are {n: BigInt, scale: digits after the mark}; no floating point anywhere.
"use strict";
window.Qagaz = window.Qagaz || {};

Qagaz.sums = (() => {
  const GAPS = /[ \u00a0\u202f\u2009']/g; // what groups thousands
  const NUMBER = /^-?[0-9]+(?:[.,][0-9]+)?$/;
  const MOST_DIGITS = 15;
  const DASH = /^[-–—]$/;

  // The amount a person means, null if it is none. A dash alone is zero.
  function parse(text) {
    const bare = text.trim().replace(GAPS, "");
    if (DASH.test(bare)) return { n: 0n, scale: 0 };
    if (!NUMBER.test(bare) || bare.replace(/\D/g, "").length > MOST_DIGITS) return null;
    return exact(bare.replace(",", "."));
  }

  // A plain decimal, as long as it may be.
  function exact(text) {
    const [whole, part = ""] = text.split(".");
    const n = BigInt((whole + part).replace("-", "") || "0");
    return trim({ n: whole.startsWith("-") ? -n : n, scale: part.length });
  }

  function trim(amount) {
    let { n, scale } = amount;
    while (scale > 0 && n % 10n === 0n) { n /= 10n; scale -= 1; }
    return { n, scale };
  }

  function add(a, b, sign = 1n) {
    const scale = Math.max(a.scale, b.scale);
    const up = (x) => x.n * 10n ** BigInt(scale - x.scale);
    return trim({ n: up(a) + sign * up(b), scale });
  }

  const total = (amounts) => amounts.reduce((sum, each) => add(sum, each), { n: 0n, scale: 0 });

  // A plain decimal as the server writes it.
  function plain(amount) {
    const digits = (amount.n < 0n ? -amount.n : amount.n).toString().padStart(amount.scale + 1, "0");
    const whole = digits.slice(0, digits.length - amount.scale);
    const part = amount.scale ? "." + digits.slice(-amount.scale) : "";
    return (amount.n < 0n ? "-" : "") + whole + part;
  }

  // As the reader's language writes it.
  function shown(amount, group, mark) {
    const [whole, part] = plain(amount).replace("-", "").split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
    return (amount.n < 0n ? "−" : "") + grouped + (part ? mark + part : "");
  }

  // One control: both sums, their difference, and whether it holds. `left`, `right`: plain decimals, "" is blank.
  function weigh(left, right, relation, tolerance) {
    const sides = [left, right].map((side) => total(side.map((text) => exact(text || "0"))));
    const difference = add(sides[0], sides[1], -1n);
    const slack = exact(tolerance || "0");
    const least = add(difference, slack).n >= 0n;
    const most = add(slack, difference, -1n).n >= 0n;
    return { left: sides[0], right: sides[1], difference, holds: relation === "=" ? least && most : least };
  }

  // Whether twelve digits obey the check digit of a BIN or IIN (postprocess/identifiers.py).
  function checkDigit(digits) {
    const number = [...digits].map(Number);
    for (const weights of [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]]) {
      const rest = weights.reduce((sum, weight, i) => sum + weight * number[i], 0) % 11;
      if (rest !== 10) return rest === number[11];
    }
    return false;
  }

  return { checkDigit, exact, parse, plain, shown, weigh };
})();
