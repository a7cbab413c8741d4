// Makes the pages nicer; without it all of them work.
"use strict";

(() => {
  const body = document.body;

  // The page that an answer holds, without Telegram's colours: they are in force here already, and
  // those of the answer have a nonce that counts for that answer alone.
  const pageOf = (text) => {
    const bare = text.replace(/<style\b[^>]*>[^<]*<\/style>/g, "");
    return new DOMParser().parseFromString(bare, "text/html");
  };

  // A page that answers a form stands at the address at which it can be read again.
  if (body.dataset.readAt) history.replaceState(null, "", body.dataset.readAt);

  // What was done elsewhere shows here: the server says that something has changed.
  let follow = () => {};
  if (body.dataset.live && "EventSource" in window) {
    let isTyped = false;
    document.addEventListener("input", () => { isTyped = true; });

    const renew = async () => {
      if (isTyped) {
        document.getElementById("changed").hidden = false;
        return;
      }
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!(answer.ok || answer.status === 404) || isTyped) return;
      const fresh = pageOf(await answer.text());
      const open = [...document.querySelectorAll("details[open] summary")].map((one) => one.textContent);
      const held = document.activeElement && document.activeElement.id;
      const kept = document.querySelector("main [data-held]");
      document.querySelector("main").replaceWith(fresh.querySelector("main"));
      if (kept) document.querySelector("main .page-head, main h1").after(kept);
      for (const one of document.querySelectorAll("details")) {
        one.open = open.includes(one.querySelector("summary").textContent);
      }
      if (held && document.getElementById(held)) document.getElementById(held).focus();
    };

    let stream = null;
    follow = () => {
      if (stream) stream.close();
      isTyped = document.querySelector("main .error:not([hidden])") !== null;
      document.getElementById("changed").hidden = true;
      stream = new EventSource(body.dataset.live);
      stream.onmessage = () => { renew().catch(() => {}); };
    };
    follow();
    addEventListener("pagehide", () => stream.close());
  }

  // Of a navigation that is wider than the screen, the page's own entry is in sight.
  for (const one of document.querySelectorAll("nav [aria-current]")) {
    const nav = one.closest("nav");
    nav.scrollLeft = one.offsetLeft - nav.offsetLeft - (nav.clientWidth - one.offsetWidth) / 2;
  }

  // A button that is pressed twice acts once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
    const bar = form.querySelector("progress");
    if (bar && [...form.querySelectorAll("input[type=file]")].some((one) => one.files.length)) {
      event.preventDefault();
      upload(form, bar, event.submitter);
    }
  });

  addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });

  // A slash goes to the search, where there is one.
  document.addEventListener("keydown", (event) => {
    const find = document.getElementById("find");
    if (event.key !== "/" || !find || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    find.focus();
  });

  // A link is copied by one press.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    const range = document.createRange();
    range.selectNodeContents(source);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    const done = () => { button.textContent = button.dataset.done; };
    if (navigator.clipboard) navigator.clipboard.writeText(source.textContent).then(done, () => {});
    else if (document.execCommand("copy")) done();
  });

  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;

  // Files on their way show how far they are.
  function upload(form, bar, pressed) {
    const data = new FormData(form);
    if (pressed && pressed.name) data.append(pressed.name, pressed.value);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.onprogress = (event) => {
      bar.hidden = false;
      bar.max = event.total;
      bar.value = event.loaded;
    };
    const offline = document.getElementById("offline");
    const unsent = offline.textContent;
    const fail = (why) => {
      bar.hidden = true;
      delete form.dataset.sent;
      offline.textContent = why || unsent;
      offline.hidden = false;
    };
    request.onload = () => {
      const fresh = pageOf(request.responseText);
      const main = fresh.querySelector("main");
      if (!main) {
        fail();
        return;
      }
      if (request.status === 401 || request.status === 403) {
        // Signed out while typing: files stay chosen, and the form gets the new sign-in's token.
        const token = main.querySelector("[name=csrf]");
        if (token) form.elements.csrf.value = token.value;
        fail((main.querySelector("#kept") || main.querySelector("[role=alert]")).textContent);
        return;
      }
      if (request.status === 200 && new URL(request.responseURL).pathname !== location.pathname) {
        location.replace(request.responseURL);  // another page, with a stream of its own
        return;
      }
      history.replaceState(null, "", request.responseURL);
      document.querySelector("main").replaceWith(main);
      body.dataset.live = fresh.body.dataset.live || "";
      if (body.dataset.live) follow();
      if (request.status === 409 && !document.getElementById("files-error")) {
        for (const input of form.querySelectorAll("input[type=file]")) {
          const same = document.getElementById(input.id);
          if (same) same.files = input.files;
        }
      }
      const alert = document.querySelector("[role=alert], .error");
      if (alert) alert.scrollIntoView({ block: "center" });
      else scrollTo(0, 0);
    };
    request.onerror = () => fail();
    request.send(data);
  }
})();
