// The article beside the conversation, opened at the quote.

import { get, explain } from "/static/api.js";
import { byId, make } from "/static/dom.js";
import { day, marked } from "/static/text.js";

const panel = byId("proof");
const body = byId("proof-body");
const asPage = byId("proof-page");

let shown = null;
let opener = null;

export function openPlace() {
  return shown;
}

// Opens the article at [start, end) of its text, or at its beginning when that is empty.
export async function openProof(place, from = null) {
  shown = place;
  opener = from;
  panel.hidden = false;
  const path = encodeURIComponent(place.article);
  asPage.href = `/articles/${path}${place.end ? `?q=${place.start}-${place.end}` : ""}`;
  body.replaceChildren(make("p", { cls: "facts", text: "Opening the article …" }));
  try {
    const article = await get(`/v1/articles/${path}`);
    if (shown === place) show(article, place);
  } catch (error) {
    if (shown === place) tell(explain(error));
  }
}

export function closeProof() {
  if (!shown) return;
  shown = null;
  panel.hidden = true;
  body.replaceChildren();
  // Back to where the reader was; what is gone meanwhile cannot have the focus.
  (opener?.isConnected ? opener : byId("question")).focus();
}

export function articleText({ text }, { start, end }) {
  const parts = start < end ? marked(text, start, end, { id: "quote", tabindex: "-1" }) : [text];
  return make("div", { cls: "text", dir: "auto" }, ...parts);
}

function show(article, place) {
  body.replaceChildren(
    make("h2", { dir: "auto", text: article.title || "Untitled" }),
    facts(article),
    articleText(article, place),
  );
  body.lang = article.language ?? "";
  const quote = byId("quote");
  (quote ?? body).focus({ preventScroll: true });
  scrollTo(quote);
}

function scrollTo(quote) {
  body.scrollTop = 0;
  if (body.scrollHeight <= body.clientHeight) {
    // The page scrolls, not the panel: see style.css on narrow screens.
    quote?.scrollIntoView({ block: "center" });
  } else if (quote) {
    // Only the panel may scroll: the conversation stays where it is.
    const { top, height } = quote.getBoundingClientRect();
    const room = Math.max(body.clientHeight - height, 0);
    body.scrollTop = top - body.getBoundingClientRect().top - room / 2;
  }
}

function tell(text) {
  body.replaceChildren(make("p", { cls: "error", role: "alert", text }));
  body.focus();
}

function facts({ source, authors, published, url }) {
  const items = [source, authors.join(", "), day(published)].filter(Boolean);
  const list = items.map((fact) => make("li", { dir: "auto", text: fact }));
  if (isWeb(url)) {
    const rel = "noopener noreferrer external";
    const link = make("a", { href: url, rel, target: "_blank", text: "Original article" });
    list.push(make("li", {}, link));
  }
  return make("ul", { cls: "facts" }, ...list);
}

function isWeb(url) {
  return URL.canParse(url) && ["http:", "https:"].includes(new URL(url).protocol);
}
