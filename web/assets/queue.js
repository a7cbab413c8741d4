// Keys for the coordinators' queue; without it all of it works by pointing.
"use strict";

(() => {
  const isTyping = (element) => element.closest("input, textarea, select, [contenteditable]");

  const go = (step) => {
    const rows = [...document.querySelectorAll(".queue .item")];
    const at = rows.findIndex((one) => one.hasAttribute("aria-current"));
    const row = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    const link = row && row.querySelector("a.what");
    if (link && row !== rows[at]) location.replace(link.href);
  };

  const press = (key) => {
    const found = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!found) return false;
    found.click();
    return true;
  };

  const back = () => {
    const way = document.querySelector("[data-back]");
    if (way) way.click();
    else history.back();
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.closest(".queue form")) {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && isTyping(event.target)) {
      event.target.blur();
      return;
    }
    if (isTyping(event.target)) return;
    const keys = document.getElementById("keys");
    if (keys && keys.open) return;
    if (event.key === "Enter" && event.target !== document.body) return;
    const known = { j: () => go(1), k: () => go(-1), u: back, "?": () => keys && keys.showModal() };
    if (known[event.key]) {
      event.preventDefault();
      known[event.key]();
    } else if (press(event.key)) {
      event.preventDefault();
    }
  });

  // The text that an act asks for can be typed at once.
  const text = document.querySelector(".queue #do textarea");
  if (text) text.focus();
})();
