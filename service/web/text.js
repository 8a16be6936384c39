// Words for what the server says in numbers (words.py says the same), and marked pieces of a text.

import { make } from "/static/dom.js";

// Returns what comes before, in and after [start, end) of a text, as nodes. The offsets count
// code points, JavaScript's own UTF-16 units: so an array of code points is cut.
export function marked(text, start, end, attributes = {}) {
  return markedAll(text, [[start, end]], attributes);
}

// The same with several marks, which are in order.
export function markedAll(text, marks, attributes = {}) {
  const points = Array.from(text);
  const piece = (from, to) => points.slice(from, to).join("");
  const parts = [];
  let last = 0;
  for (const [start, end] of marks) {
    parts.push(piece(last, start), make("mark", { ...attributes, text: piece(start, end) }));
    last = end;
  }
  return [...parts, piece(last)];
}

export function count(n, noun) {
  return `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

// A day, month or year as newspapers print it: "14 Sep 2024".
export function day(published) {
  if (!published) return "undated";
  const [year, month, date] = published.slice(0, 10).split("-").map(Number);
  return [date, month && MONTHS[month - 1], year].filter(Boolean).join(" ");
}

const NOTICES = { clarification: "Clarification", "editors-note": "Editor’s note", retraction: "Retraction" };

// What a notice is called, with the day that it states.
export function correction({ kind, day: stated }) {
  const name = NOTICES[kind] ?? "Correction";
  return stated ? `${name}, ${day(stated)}` : name;
}

const DEGREES = [
  [0.9, "almost certainly right"],
  [0.7, "probably right"],
  [0.5, "more likely right than wrong"],
  [0.3, "uncertain"],
  [0, "doubtful"],
];

export function degree(confidence) {
  // As rounded for percent: the two are shown together.
  return DEGREES.find(([least]) => hundredths(confidence) >= 100 * least)[1];
}

export function percent(confidence) {
  return `${hundredths(confidence)}%`;
}

function hundredths(confidence) {
  return Math.floor(100 * confidence + 0.5);
}

export function capitalized(text) {
  return text[0].toUpperCase() + text.slice(1);
}

// How many say so: copies of one report and articles of one outlet are one source.
export function support({ support: n, citations }) {
  const sources = n === 1 ? "1 source" : `${n} independent sources`;
  return citations.length > n ? `${sources} in ${citations.length} articles` : sources;
}

// A day or a period that the words come to, where they do not say it themselves.
export function meaning({ text, value }) {
  const iso = value?.type === "date" ? value.iso.replace("/", " to ") : null;
  return iso && iso !== text ? iso : null;
}
