// A quote and its source. A click on a source opens the article beside the conversation.

import { make } from "/static/dom.js";
import { correction, day, marked, markedAll } from "/static/text.js";

const SHOWN_CARDS = 4;

// The sources of an answer in a row: outlet and day first.
export function cards(citations, words) {
  const shown = citations.slice(0, SHOWN_CARDS).map((cited) => make("li", {}, card(cited, words)));
  const more = citations.length - shown.length;
  if (more > 0) shown.push(make("li", { cls: "facts", text: `and ${more} more` }));
  return make("ul", { cls: "sources", "aria-label": "Sources" }, ...shown);
}

function card(cited, words) {
  const outlet = cited.source || "Unknown outlet";
  const [initial] = Array.from(outlet.toUpperCase());
  const parts = [
    make("span", { cls: "initial", "aria-hidden": "true", text: initial }),
    make("bdi", { cls: "outlet", text: outlet }),
    " ",
    time(cited),
    " ",
    make("bdi", { cls: "title", text: cited.title || "Untitled" }),
  ];
  return opener(parts, cited.permalink, { ...placeOfQuote(cited), words }, "opener card");
}

// The quote with the sentences beside it, and its source where it is captioned.
export function figure(cited, words, captioned = false) {
  const start = cited.answer_start - cited.quote_start;
  const end = cited.answer_end - cited.quote_start;
  const quote = make("span", { cls: "quote" }, ...marked(cited.quote, start, end));
  const before = cited.before && make("span", { cls: "around", text: `${cited.before} ` });
  const after = cited.after && make("span", { cls: "around", text: ` ${cited.after}` });
  const caption = captioned ? captionOf(cited, { ...placeOfQuote(cited), words }) : null;
  const block = make("blockquote", { dir: "auto" }, before, quote, after);
  return make("figure", {}, block, notices(cited.corrections), caption);
}

// What the outlet said of its article afterwards; notices.py builds the same. Answers that were
// kept before there were any have none.
export function notices(corrections = []) {
  if (!corrections.length) return null;
  const items = corrections.map((one) =>
    make("li", {}, make("strong", { text: `${correction(one)}: ` }), make("span", { dir: "auto", text: one.text })),
  );
  return make("ul", { cls: "notices", "aria-label": "Corrections" }, ...items);
}

// Where a quote is; a headline is at the top of its article.
export function placeOfQuote({ article_id: article, field, quote_start: start, quote_end: end, version }) {
  return field === "title" ? { article, start: 0, end: 0, version } : { article, start, end, version };
}

// A passage that answers nothing, with the words of the question marked.
export function passage(hit) {
  const [start, end] = hit.excerpt ?? [0, Array.from(hit.text).length];
  const text = Array.from(hit.text).slice(start, end).join("");
  const marks = hit.marks
    .filter(([one, two]) => start <= one && two <= end)
    .map(([one, two]) => [one - start, two - start]);
  const quote = make("blockquote", { dir: "auto" }, ...markedAll(text, marks));
  return make("figure", {}, captionOf(hit, placeOf(hit)), quote);
}

// The passages that are being read, as a list of headlines.
export function headlines(hits) {
  const articles = new Map(hits.map((hit) => [hit.article_id, hit]));
  const items = [...articles.values()].map((hit) => make("li", { dir: "auto" }, ...where(hit, placeOf(hit))));
  return make("ol", { cls: "headlines" }, ...items);
}

function placeOf({ article_id: article, start, end }) {
  return { article, start, end };
}

function captionOf(cited, place) {
  return make("figcaption", { cls: "facts" }, ...where(cited, place));
}

function where({ title, source, published, permalink }, place) {
  const link = opener([make("bdi", { text: title || "Untitled" })], permalink, place);
  const outlet = source ? [make("bdi", { text: source }), " · "] : [];
  return [...outlet, time({ published }), " · ", link];
}

function time({ published }) {
  return make("time", { datetime: published, text: day(published) });
}

// A link to the article's page, which is opened beside the conversation where that is possible.
// `words` are looked for in the article.
export function opener(parts, permalink, { article, start, end, words = "", version = "" }, cls = "opener") {
  const link = make("a", { href: permalink, cls }, ...parts);
  // For print: the page has relative addresses.
  Object.assign(link.dataset, { article, start, end, words, version: version ?? "", url: link.href });
  return link;
}
