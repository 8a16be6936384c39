// Shows an answer with its proof, or that none was found, with what may help. turn.py builds the
// same elements for a page without scripts.

import { addressOf, NO_FILTERS } from "/static/address.js";
import { cards, figure, opener, passage, placeOfQuote } from "/static/citation.js";
import { make } from "/static/dom.js";
import { eachLeftOut } from "/static/filters.js";
import { capitalized, count, day, degree, meaning, percent, support } from "/static/text.js";

const SHOWN_NEAREST = 3;
const SHOWN_ARTICLES = 5;
const SHOWN_OTHERS = 3;
// Less likely ones are guesses: they would only mislead.
const MIN_SHOWN = 0.2;

export function showOutcome(result, filters = NO_FILTERS) {
  const parts = result.answer ? answered(result) : refused(result, filters);
  return [...asked(result, filters), ...parts].filter(Boolean);
}

// What is said aloud about an outcome.
export function spoken({ answer, reason }) {
  if (!answer) return `No answer found. ${reason}`;
  const [first] = answer.citations;
  const from = [first.source, first.published && day(first.published)].filter(Boolean).join(", ");
  return `${answer.likely ? "Answer" : "Possible answer"}: ${answer.text}. ${from ? `From ${from}. ` : ""}${trust(answer)}.`;
}

// How the question was understood, where that is not as it was typed.
function asked({ question, corrected_question: corrected, standalone_question: standalone, note }, filters) {
  const lines = [];
  if (standalone !== (corrected ?? question)) {
    const alone = asks("Ask on its own", question, filters);
    lines.push(make("p", { cls: "facts asked" }, "Asked as: ", make("bdi", { text: standalone }), " ", alone));
  }
  if (corrected) {
    lines.push(make("p", { cls: "facts asked" }, "Showing results for: ", make("bdi", { text: corrected })));
  }
  if (note) lines.push(make("p", { cls: "facts", dir: "auto", text: note }));
  return lines;
}

function answered({ answer, alternatives }) {
  const [first, ...more] = answer.citations;
  const kind = answer.likely ? "answer" : "answer possible";
  const label = "Possible answer: check the quote before you rely on it";
  const others = more.map((cited) => figure(cited, answer.text, true));
  return [
    answer.likely ? null : make("p", { cls: "facts label", text: label }),
    make("p", { cls: kind, dir: "auto", text: answer.text }),
    trustLine(answer),
    severalThings(answer.items),
    cards(answer.citations, answer.text),
    figure(first, answer.text),
    overTime(answer),
    fold(`The same in ${count(more.length, "more article")}`, others),
    possible(alternatives),
  ];
}

function refused(result, filters) {
  const { reason, nearest, alternatives, topic } = result;
  const title = topic ? `Articles on “${topic}”` : "No answer found";
  return [
    make("p", { cls: "answer refusal", dir: "auto", text: title }),
    make("p", { dir: "auto", text: reason }),
    withoutFilters(result.standalone_question, filters),
    topic ? null : possible(alternatives),
    ...(topic ? articlesOn(topic, nearest) : [closest(nearest.slice(0, SHOWN_NEAREST))]),
  ];
}

// A link that asks: the page does so itself, see chat.js.
export function asks(text, question, filters = NO_FILTERS) {
  return make("a", { cls: "asks", href: addressOf({ question, filters }), dir: "auto", text });
}

function withoutFilters(question, filters) {
  const links = eachLeftOut(filters).map(([label, rest]) => asks(`Ask without “${label}”`, question, rest));
  return links.length ? make("p", { cls: "remedies" }, ...links) : null;
}

function articlesOn(topic, nearest) {
  const isFirst = (hit, i) => nearest.findIndex((one) => one.article_id === hit.article_id) === i;
  const articles = nearest.filter(isFirst);
  // Where some have all of the words, those with a few of them say nothing of the topic.
  const n = topic.split(/\s+/).length;
  const whole = articles.filter(({ marks }) => marks.length >= n);
  const shown = (whole.length ? whole : articles).slice(0, SHOWN_ARTICLES);
  const href = `/articles?${new URLSearchParams({ q: topic })}`;
  const all = make("a", { href, text: `Browse all articles with “${topic}”` });
  return [closest(shown, null), make("p", { cls: "remedies" }, all)];
}

function closest(hits, title = "Closest passages") {
  if (!hits.length) return null;
  const heading = title && make("h3", { text: title });
  return make("section", { cls: "nearest" }, heading, ...hits.map(passage));
}

function possible(alternatives) {
  const shown = alternatives.filter((one) => one.confidence >= MIN_SHOWN).slice(0, SHOWN_OTHERS);
  return fold(`Possible answers (${shown.length})`, shown.map(alternative));
}

function trust(answer) {
  const { confidence } = answer;
  const sure = `${capitalized(degree(confidence))} (${percent(confidence)})`;
  return [sure, support(answer), meaning(answer)].filter(Boolean).join(" · ");
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
    ...answer.citations.slice(0, 1).map((cited) => figure(cited, answer.text, true)),
  );
}

function severalThings(items) {
  if (items.length < 2) return null;
  const shown = items.map(({ text, citation: cited }) => {
    const link = opener([make("bdi", { text })], cited.permalink, { ...placeOfQuote(cited), words: text });
    const facts = [cited.source, day(cited.published)].filter(Boolean).join(" · ");
    return make("li", {}, link, " ", make("span", { cls: "facts", dir: "auto", text: facts }));
  });
  return make("ul", { cls: "items" }, ...shown);
}

function overTime({ timeline: entries, conflict }) {
  if (!entries.length) return null;
  const rows = entries.map(({ text, citation: cited }) => {
    const outlet = [make("bdi", { text: cited.source || "Untitled" })];
    const link = opener(outlet, cited.permalink, { ...placeOfQuote(cited), words: text });
    const when = make("time", { text: day(cited.published) });
    return make("tr", {}, make("td", {}, when), make("td", {}, make("bdi", { text })), make("td", {}, link));
  });
  const heads = ["Day", "Answer", "Source"].map((text) => make("th", { scope: "col", text }));
  const table = make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
  const title = conflict ? "Outlets differ" : "Over time";
  return make("details", { cls: "time", open: "" }, make("summary", { text: title }), table);
}

function fold(title, parts) {
  if (!parts.length) return null;
  return make("details", {}, make("summary", { text: title }), ...parts);
}
