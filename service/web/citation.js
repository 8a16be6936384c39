// A quote with where it stands. A click on it opens the article beside the conversation.

import { make } from "/static/dom.js";
import { day, marked } from "/static/text.js";

export function citation(cited) {
  const start = cited.answer_start - cited.quote_start;
  const end = cited.answer_end - cited.quote_start;
  return figure(marked(cited.quote, start, end), cited, placeOfQuote(cited));
}

// Where a quote stands; a headline stands at the top of its article.
export function placeOfQuote({ article_id: article, field, quote_start: start, quote_end: end }) {
  return field === "title" ? { article, start: 0, end: 0 } : { article, start, end };
}

export function passage(hit) {
  return figure([hit.text], hit, placeOf(hit));
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

function figure(quote, cited, place) {
  return make(
    "figure",
    {},
    make("blockquote", { dir: "auto" }, ...quote),
    make("figcaption", { cls: "facts" }, ...where(cited, place)),
  );
}

function where({ title, source, published, permalink }, place) {
  const facts = [
    source && make("bdi", { text: source }),
    published && make("time", { datetime: published, text: day(published) }),
  ].filter(Boolean);
  const parts = facts.flatMap((fact) => [" · ", fact]);
  return [opener(title || "Untitled", permalink, place), ...parts];
}

// A link to the article's page, which is opened beside the conversation where that is possible.
export function opener(text, permalink, { article, start, end }) {
  const link = make("a", { href: permalink, cls: "opener" }, make("bdi", { text }));
  Object.assign(link.dataset, { article, start, end });
  return link;
}
