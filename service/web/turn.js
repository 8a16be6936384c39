// One turn of the conversation on the page: its question, and below it what becomes of it.

import { asks, showOutcome } from "/static/answer.js";
import { explain } from "/static/api.js";
import { headlines } from "/static/citation.js";
import { copy } from "/static/copying.js";
import { button, iconButton, make } from "/static/dom.js";
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
  outcome.replaceChildren(...showOutcome(turn.result, turn.filters), actions(turn, keep));
}

export function showFailure({ outcome }, error, again) {
  const stopped = error.name === "AbortError";
  const what = stopped
    ? make("p", { cls: "facts", text: "Stopped." })
    : make("p", { cls: "error", role: "alert", text: explain(error) });
  outcome.replaceChildren(what, make("p", { cls: "actions" }, button("Ask again", again)));
}

// Offers questions that the archive was found to answer.
export function showFollowUps({ outcome }, questions, filters) {
  if (!questions.length || outcome.querySelector(".followups")) return;
  const links = questions.map((question) => make("li", {}, asks(question, question, filters)));
  const title = make("h3", { text: "Ask next" });
  outcome.append(make("section", { cls: "followups" }, title, make("ul", {}, ...links)));
}

function actions({ address, result, fields, right }, keep) {
  const status = make("span", { role: "status" });
  const copying = async (text, what) => {
    const done = await copy(text);
    status.textContent = done ? `${what} copied.` : "The browser does not let this page copy.";
  };
  const said = feedback(result, fields, right, status, keep);
  return make(
    "div",
    { cls: "actions" },
    result.answer
      ? iconButton("copy", "Copy", () => copying(toCitation(result, location.origin), "Answer"), {
          title: "Copy the answer with its quote and source",
        })
      : null,
    iconButton("link", "Copy link", () => copying(location.origin + address, "Link"), {
      title: "Copy the address of this question",
    }),
    ...said.buttons,
    status,
    said.form,
  );
}
