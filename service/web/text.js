// Words for what the server says in numbers, and the marked piece of a text.

import { make } from "/static/dom.js";

// Returns what stands before, in and after [start, end) of a text, as nodes. The offsets count
// code points, JavaScript's own UTF-16 units: so an array of code points is cut.
export function marked(text, start, end, attributes = {}) {
  const points = Array.from(text);
  const piece = (from, to) => points.slice(from, to).join("");
  return [piece(0, start), make("mark", { ...attributes, text: piece(start, end) }), piece(end)];
}

export function count(n, noun) {
  return `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
}

export function day(published) {
  return published?.slice(0, 10);
}

const DEGREES = [
  [0.9, "almost certainly right"],
  [0.7, "probably right"],
  [0.5, "more likely right than wrong"],
  [0.3, "uncertain"],
  [0, "doubtful"],
];

export function degree(confidence) {
  return DEGREES.find(([least]) => confidence >= least)[1];
}

export function percent(confidence) {
  return `${Math.round(100 * confidence)}%`;
}

export function support(n) {
  return n === 1 ? "1 source" : `${n} independent sources`;
}

// A day or a period that the words come to, where they do not say it themselves.
export function meaning({ text, value }) {
  const iso = value?.type === "date" ? value.iso.replace("/", " to ") : null;
  return iso && iso !== text ? iso : null;
}
