// The conversation: asks, shows what is going on, and keeps the turns for follow-up questions.

import { showOutcome } from "/static/answer.js";
import { make } from "/static/dom.js";
import { ask } from "/static/stream.js";

const element = (id) => document.getElementById(id);
const form = element("ask");
const maxHistoryTurns = Number(form.dataset.maxHistoryTurns);
const question = element("question");
let history = [];
let asking = null;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = question.value.trim();
  if (text && !asking) turn(text);
});

element("clear").addEventListener("click", () => {
  asking?.abort();
  history = [];
  element("turns").replaceChildren();
  tell("");
  question.focus();
});

async function turn(text) {
  const outcome = make("div", { cls: "outcome" });
  const item = make("li", {}, make("h2", { dir: "auto", text }), outcome);
  element("turns").append(item);
  const mine = (asking = new AbortController());
  busy(true);
  tell("Searching the archive …");
  try {
    const result = await follow(requestFor(text), mine.signal);
    outcome.append(...showOutcome(result).filter(Boolean));
    history.push({ question: text, answer: result.answer?.text ?? null });
    tell("", result.answer ? `Answer: ${result.answer.text}` : `No answer. ${result.reason}`);
    question.value = "";
  } catch (error) {
    if (error.name === "AbortError") return;
    outcome.append(make("p", { cls: "error", role: "alert", text: explain(error) }));
    tell("");
  } finally {
    if (asking === mine) asking = null;
    busy(false);
  }
  item.scrollIntoView({ block: "nearest" });
}

async function follow(body, signal) {
  for await (const { name, data } of ask(body, signal)) {
    if (name === "passages") tell(`Reading ${count(data.hits.length, "passage")} …`);
    if (name === "error") throw new Error(data.detail);
    if (name === "answer") return data;
  }
  throw new Error("The connection ended before the answer came. Ask again.");
}

function requestFor(text) {
  const source = element("source").value;
  const turns = Math.min(history.length, maxHistoryTurns);
  const body = { question: text, history: history.slice(history.length - turns) };
  if (source) body.filters = { sources: [source] };
  if (element("as-of").value) body.as_of = element("as-of").value;
  return body;
}

function explain(error) {
  // fetch itself fails with a TypeError that says nothing to a reader.
  return error instanceof TypeError ? "The server cannot be reached. Ask again." : error.message;
}

function busy(on) {
  element("submit").disabled = on;
  form.setAttribute("aria-busy", String(on));
  if (!on) question.focus({ preventScroll: true });
}

// What is only heard repeats what the page shows already.
function tell(shown, heard = "") {
  element("status").replaceChildren(shown, make("span", { cls: "heard", text: heard }));
}

function count(n, noun) {
  return `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
}

async function describeArchive() {
  const response = await fetch("/v1/archive");
  if (!response.ok) return;
  const facts = await response.json();
  const days = facts.first_day ? `, ${facts.first_day} to ${facts.last_day}` : "";
  element("archive").textContent = `${count(facts.n_articles, "article")}${days}`;
  for (const source of [...facts.sources].sort()) {
    element("source").append(make("option", { value: source, text: source }));
  }
}

describeArchive().catch(() => tell("The server cannot be reached."));
question.focus();
