/** The page: the bar, the phones side by side, and where they do not all fit, a row of faces to switch between them. */

import { avatar, h } from "./dom.js";
import { FirstSteps } from "./first_steps.js";
import { Phone } from "./phone.js";
import { Store } from "./store.js";
import { TopBar } from "./topbar.js";

const store = new Store();
const row = h("main", { class: "phones", "aria-label": "Phones" });
const switcher = h("nav", { class: "switcher", "aria-label": "Whose phone" });
let phones = [];
let shape = "";

const observer = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      const phone = phones.find(({ element }) => element === entry.target);
      phone?.setVisible(entry.isIntersecting);
    }
    markFaces();
  },
  { root: row, threshold: 0.6 },
);

function markFaces() {
  [...switcher.children].forEach((face, index) => {
    const phone = phones[index];
    face.setAttribute("aria-current", String(phone.isVisible));
    const badge = face.querySelector(".badge");
    badge.hidden = phone.unread === 0;
    badge.textContent = String(phone.unread);
  });
}

/** Build the phones once: as long as people and chats stay the same, a new state keeps drafts. */
function build() {
  const wanted = JSON.stringify(store.panes);
  if (wanted === shape) return;
  if (shape !== "[]" && shape !== "") return location.reload();
  shape = wanted;
  phones = store.panes.map(
    (pane) => new Phone(store, pane, { others: () => phones, onUnread: markFaces }),
  );
  row.replaceChildren(...phones.map(({ element }) => element));
  row.style.setProperty("--phones", String(phones.length));
  switcher.replaceChildren(
    ...phones.map((phone) =>
      h(
        "button",
        {
          type: "button",
          onClick: () => phone.comeIntoView(),
        },
        avatar(phone.userId, phone.title),
        h("span", { class: "face-name" }, phone.title),
        h("span", { class: "badge", hidden: true }),
      ),
    ),
  );
  for (const { element } of phones) observer.observe(element);
  markFaces();
}

const steps = new FirstSteps(store, (userId) =>
  phones.find((phone) => phone.userId === userId)?.comeIntoView(),
);
const bar = new TopBar(store);

/** What the sandbox has told takes the place of the word that it is being opened. */
function show() {
  if (!bar.element.isConnected)
    document.body.replaceChildren(bar.element, steps.element, row, switcher);
  build();
}

store.watch("state", show);
setInterval(() => store.tick(), 1000);
store.connect();
