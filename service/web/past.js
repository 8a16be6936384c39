// The earlier conversations in this browser: to open again, and to delete.

import { button, byId, make } from "/static/dom.js";
import { conversations, forget, forgetAll } from "/static/store.js";
import { count, day } from "/static/text.js";

// Shows them; `open` is called with the one that is chosen.
export function showPast(open) {
  const list = byId("conversations");
  const all = conversations();
  list.replaceChildren(...all.map((one) => item(one, open)));
  byId("past").hidden = !all.length;
  byId("forget").onclick = () => {
    forgetAll();
    showPast(open);
    byId("question").focus();
  };
}

function item(one, open) {
  const title = one.turns[0].result.question;
  const facts = `${day(one.when)} · ${count(one.turns.length, "question")}`;
  const remove = () => {
    forget(one.id);
    showPast(open);
    (byId("conversations").querySelector("button") ?? byId("question")).focus();
  };
  return make(
    "li",
    {},
    button(title, () => open(one), { cls: "quiet", dir: "auto" }),
    make("span", { cls: "facts", text: facts }),
    button("Delete", remove, { cls: "quiet", "aria-label": `Delete “${title}”` }),
  );
}
