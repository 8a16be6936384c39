// Shows an answer with its proof, or that none was found, with what came closest.

import { citation, opener, passage, placeOfQuote } from "/static/citation.js";
import { make } from "/static/dom.js";
import { count, day, degree, meaning, percent, support } from "/static/text.js";

const SHOWN_NEAREST = 3;
const SHOWN_OTHERS = 3;
// Less likely ones are guesses: they would only mislead.
const LEAST_SHOWN = 0.2;

export function showOutcome(result) {
  const parts = result.answer ? answered(result) : refused(result);
  if (result.note) parts.unshift(make("p", { cls: "facts", dir: "auto", text: result.note }));
  const { corrected_question: corrected, standalone_question: standalone } = result;
  if (corrected) {
    parts.unshift(make("p", { cls: "facts asked" }, "Showing results for: ", make("bdi", { text: corrected })));
  }
  if (standalone !== (corrected ?? result.question)) {
    parts.unshift(make("p", { cls: "facts asked" }, "Asked as: ", make("bdi", { text: standalone })));
  }
  return parts.filter(Boolean);
}

// What is said aloud about an outcome.
export function spoken({ answer, reason }) {
  if (!answer) return `No answer found. ${reason}`;
  const [first] = answer.citations;
  const from = [first.source, day(first.published)].filter(Boolean).join(", ");
  return `${answer.likely ? "Answer" : "Possible answer"}: ${answer.text}. ${from ? `From ${from}. ` : ""}${trust(answer)}.`;
}

function answered({ answer, alternatives }) {
  const [first, ...more] = answer.citations;
  return [
    answer.likely ? null : make("p", { cls: "facts", text: "A possible answer" }),
    make("p", { cls: answer.likely ? "answer" : "answer possible", dir: "auto", text: answer.text }),
    trustLine(answer),
    severalThings(answer.items),
    citation(first),
    fold(`Also in ${count(more.length, "more article")}`, more.map(citation)),
    timeline(answer),
    others(alternatives),
  ];
}

function refused({ reason, nearest, alternatives }) {
  const shown = nearest.slice(0, SHOWN_NEAREST).map(passage);
  return [
    make("p", { cls: "answer refusal", text: "No answer found" }),
    make("p", { dir: "auto", text: reason }),
    others(alternatives),
    shown.length
      ? make("section", { cls: "nearest" }, make("h3", { text: "Closest passages" }), ...shown)
      : null,
  ];
}

function others(alternatives) {
  const shown = alternatives.filter((one) => one.confidence >= LEAST_SHOWN).slice(0, SHOWN_OTHERS);
  return fold(`Possible answers (${shown.length})`, shown.map(alternative));
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
  return items.length > 1 ? fold(`${count(items.length, "item")}`, [places(items)], true) : null;
}

function timeline({ timeline: entries, conflict }) {
  const title = conflict ? "Outlets differ" : `Over time (${entries.length})`;
  return fold(title, entries.length ? [places(entries)] : [], conflict);
}

// Words of several articles, each with where it stands.
function places(entries) {
  const items = entries.map(({ text, citation: cited }) => {
    const place = placeOfQuote(cited);
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
