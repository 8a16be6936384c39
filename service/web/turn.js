// One turn of the conversation on the page: its question, and below it what becomes of it.

import { showOutcome } from "/static/answer.js";
import { explain } from "/static/api.js";
import { headlines } from "/static/citation.js";
import { copy } from "/static/copying.js";
import { button, make } from "/static/dom.js";
import { feedback } from "/static/feedback.js";
import { toCitation } from "/static/markdown.js";
import { count } from "/static/text.js";

export function makeTurn(question) {
  const outcome = make("div", { cls: "outcome" });
  const title = make("h2", { dir: "auto", tabindex: "-1", text: question });
  return { item: make("li", {}, title, outcome), title, outcome };
}

export function showSearching({ outcome }) {
  outcome.replaceChildren(make("p", { cls: "facts reading", text: "Searching the archive …" }));
}

export function showReading({ outcome }, hits) {
  const text = `Reading ${count(hits.length, "passage")} …`;
  outcome.replaceChildren(make("p", { cls: "facts reading", text }), headlines(hits));
}

export function showResult({ outcome }, turn, keep) {
  const { result, fields, right } = turn;
  const said = feedback(result, fields, right, (value) => {
    turn.right = value;
    keep();
  });
  outcome.replaceChildren(...showOutcome(result), actions(turn), said);
}

export function showFailure({ outcome }, error, again) {
  const stopped = error.name === "AbortError";
  const what = stopped
    ? make("p", { cls: "facts", text: "Stopped." })
    : make("p", { cls: "error", role: "alert", text: explain(error) });
  outcome.replaceChildren(what, make("p", { cls: "actions" }, button("Ask again", again)));
}

function actions({ address, result }) {
  const status = make("span", { role: "status" });
  const copying = async () => {
    const done = await copy(toCitation(result, location.origin));
    status.textContent = done ? "Copied." : "The browser does not let this page copy.";
  };
  const link = make("a", { href: address, text: "Link to this question" });
  const first = result.answer ? button("Copy with citation", copying) : null;
  return make("p", { cls: "actions" }, first, link, status);
}
