// Shows an answer with its proof, or that the archive does not say, with what came nearest.

import { citation, opener, passage } from "/static/citation.js";
import { make } from "/static/dom.js";
import { count, day, degree, meaning, percent, support } from "/static/text.js";

const SHOWN_NEAREST = 3;

export function showOutcome(result) {
  const parts = result.answer ? answered(result) : refused(result);
  if (result.standalone_question !== result.question) {
    const asked = make("bdi", { text: result.standalone_question });
    parts.unshift(make("p", { cls: "facts asked" }, "Asked as: ", asked));
  }
  return parts.filter(Boolean);
}

// What is said aloud about an outcome.
export function spoken({ answer, reason }) {
  if (!answer) return `The archive does not say. ${reason}`;
  const [first] = answer.citations;
  const from = [first.source, day(first.published)].filter(Boolean).join(", ");
  return `Answer: ${answer.text}. ${from ? `From ${from}. ` : ""}${trust(answer)}.`;
}

function answered({ answer, alternatives }) {
  const [first, ...more] = answer.citations;
  return [
    make("p", { cls: "answer", dir: "auto", text: answer.text }),
    trustLine(answer),
    severalThings(answer.items),
    citation(first),
    fold(`Also in ${count(more.length, "more article")}`, more.map(citation)),
    timeline(answer),
    fold(`Other answers found (${alternatives.length})`, alternatives.map(alternative)),
  ];
}

function refused({ reason, nearest, alternatives }) {
  const shown = nearest.slice(0, SHOWN_NEAREST).map(passage);
  return [
    make("p", { cls: "answer refusal", text: "The archive does not say" }),
    make("p", { text: reason }),
    shown.length
      ? make("section", { cls: "nearest" }, make("h3", { text: "Nearest passages, no answer" }), ...shown)
      : null,
    fold(`Candidates not trusted enough (${alternatives.length})`, alternatives.map(alternative)),
  ];
}

function trust(answer) {
  const { confidence } = answer;
  const facts = [support(answer.support), `${degree(confidence)} (confidence ${percent(confidence)})`];
  return [...facts, meaning(answer)].filter(Boolean).join(" · ");
}

function trustLine(answer) {
  // The words say the same, so the bar is only to be seen.
  const bar = make("meter", { min: 0, max: 1, value: answer.confidence, "aria-hidden": "true" });
  return make("p", { cls: "facts trust" }, bar, trust(answer));
}

function alternative(answer) {
  return make(
    "section",
    {},
    make("p", { cls: "alternative", dir: "auto", text: answer.text }),
    trustLine(answer),
    ...answer.citations.slice(0, 1).map(citation),
  );
}

function severalThings(items) {
  return items.length > 1 ? fold(`Each of them (${items.length})`, [places(items)], true) : null;
}

function timeline({ timeline: entries, conflict }) {
  const title = conflict ? "Outlets differ" : `Over time (${entries.length})`;
  return fold(title, entries.length ? [places(entries)] : [], conflict);
}

// Words of several articles, each with where it stands.
function places(entries) {
  const items = entries.map(({ text, citation: cited }) => {
    const place = { article: cited.article_id, start: cited.quote_start, end: cited.quote_end };
    const facts = [day(cited.published), cited.source].filter(Boolean).join(" · ");
    const where = make("span", { cls: "facts", dir: "auto", text: facts });
    return make("li", {}, opener(text, cited.permalink, place), " ", where);
  });
  return make("ol", {}, ...items);
}

function fold(title, parts, isOpen = false) {
  if (!parts.length) return null;
  return make("details", isOpen ? { open: "" } : {}, make("summary", { text: title }), ...parts);
}
