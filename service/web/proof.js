// The article beside the conversation, opened at the quote; outlet, day and title stay in sight.

import { get, explain } from "/static/api.js";
import { notices } from "/static/citation.js";
import { byId, make } from "/static/dom.js";
import { find, stepTo, textWith } from "/static/mentions.js";
import { day } from "/static/text.js";

const panel = byId("proof");
const body = byId("proof-body");
const title = byId("proof-title");
const asPage = byId("proof-page");

let shown = null;
let opener = null;

export function openPlace() {
  return shown;
}

// Opens the article at [start, end) of its text, or at its beginning when that is empty. The words
// of the place are looked for in it.
export async function openProof(place, from = null) {
  shown = place;
  opener = from;
  panel.hidden = false;
  // On a small screen the article is a sheet below the question.
  from?.closest("#turns > li")?.scrollIntoView({ block: "start" });
  const path = encodeURIComponent(place.article);
  const named = place.version ? { v: place.version } : {};
  asPage.href = addressIn(`/articles/${path}`, place.end ? { q: `${place.start}-${place.end}`, ...named } : named);
  title.replaceChildren();
  byId("mentions").hidden = true;
  body.replaceChildren(make("p", { cls: "facts", text: "Opening the article …" }));
  try {
    const article = await get(addressIn(`/v1/articles/${path}`, named));
    if (shown === place) show(article, place);
  } catch (error) {
    if (shown === place) tell(explain(error));
  }
}

function addressIn(path, parameters) {
  const asked = new URLSearchParams(parameters);
  return asked.size ? `${path}?${asked}` : path;
}

export function closeProof() {
  if (!shown) return;
  shown = null;
  panel.hidden = true;
  body.replaceChildren();
  // Back to where the reader was; what is gone meanwhile cannot have the focus.
  (opener?.isConnected ? opener : byId("question")).focus();
}

export function articleText(article, place) {
  return make("div", { cls: "text", dir: "auto" }, ...textWith(article.text, place));
}

function show(article, place) {
  title.replaceChildren(
    make("p", { cls: "facts", dir: "auto", text: [article.source, day(article.published)].filter(Boolean).join(" · ") }),
    make("h2", { dir: "auto", text: article.title || "Untitled" }),
  );
  const corrected = notices(article.corrections);
  body.replaceChildren(...facts(article), ...(corrected ? [corrected] : []), articleText(article, place));
  body.lang = article.language ?? "";
  body.scrollTop = 0;
  const quote = byId("quote");
  (quote ?? body).focus({ preventScroll: true });
  if (quote) scrollTo(quote);
  offerMentions(find(body));
}

function offerMentions(mentions) {
  byId("mentions").hidden = mentions.length < 2;
  let at = Math.max(0, mentions.findIndex((one) => one.closest("#quote")));
  const step = (by) => {
    at = (at + by + mentions.length) % mentions.length;
    stepTo(mentions, at);
    byId("mention").textContent = `${at + 1} of ${mentions.length}`;
    if (by) scrollTo(mentions[at]);
  };
  if (mentions.length) step(0);
  byId("previous").onclick = () => step(-1);
  byId("next").onclick = () => step(1);
}

// Only the panel scrolls: the conversation stays where it is.
function scrollTo(element) {
  const { top, height } = element.getBoundingClientRect();
  const room = Math.max(body.clientHeight - height, 0);
  body.scrollTop += top - body.getBoundingClientRect().top - room / 2;
}

function tell(text) {
  body.replaceChildren(make("p", { cls: "error", role: "alert", text }));
  body.focus();
}

function facts({ authors, url }) {
  const parts = authors.length ? [make("bdi", { text: authors.join(", ") })] : [];
  if (isWeb(url)) {
    const rel = "noopener noreferrer external";
    if (parts.length) parts.push(" · ");
    parts.push(make("a", { href: url, rel, target: "_blank", text: "Original article" }));
  }
  return parts.length ? [make("p", { cls: "facts" }, ...parts)] : [];
}

function isWeb(url) {
  return URL.canParse(url) && ["http:", "https:"].includes(new URL(url).protocol);
}
