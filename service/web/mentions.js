// The places of an article where some words are, marked; and steps from one to the next.

import { make } from "/static/dom.js";

// A sentence that answers is nowhere else.
const MAX_WORDS_CHARS = 80;
const NAME = /^\p{Lu}\S* (?:\S+ ){0,2}(\p{Lu}[\p{L}’'-]+)$/u;

// Returns a text as nodes: [start, end), in code points, as the quote, and all mentions of `words`.
export function textWith(text, { start, end, words = "" }) {
  const points = Array.from(text);
  const piece = (from, to) => points.slice(from, to).join("");
  if (start >= end) return marked(piece(0), words);
  const quote = make("mark", { id: "quote", tabindex: "-1" }, ...marked(piece(start, end), words));
  return [...marked(piece(0, start), words), quote, ...marked(piece(end), words)];
}

// The mentions in an element, in order.
export function find(element) {
  return [...element.querySelectorAll(".mention")];
}

export function stepTo(mentions, at) {
  mentions.forEach((one, i) => one.classList.toggle("now", i === at));
}

function marked(text, words) {
  const parts = [];
  let last = 0;
  for (const { index, 0: found } of pattern(words) ? text.matchAll(pattern(words)) : []) {
    parts.push(text.slice(last, index), make("b", { cls: "mention", text: found }));
    last = index + found.length;
  }
  return [...parts, text.slice(last)];
}

function pattern(words) {
  if (!words || words.length > MAX_WORDS_CHARS) return null;
  // A person is named in full once, and then by the last name.
  const last = NAME.exec(words)?.[1];
  const plain = [words, last].filter(Boolean).map((one) => one.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${plain.join("|")})(?![\\p{L}\\p{N}])`, "giu");
}
