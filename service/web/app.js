// The chat page: sends questions with their history and shows what comes back.

import { askStream } from "./stream.js";
import { element, showProblem, showResult } from "./view.js";

const MAX_TURNS = 20;
const byId = (id) => document.getElementById(id);
const form = byId("ask");
const question = byId("question");
const turns = byId("turns");
let history = [];

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = question.value.trim();
  if (text && !byId("send").disabled) ask(text);
});

byId("forget").addEventListener("click", () => {
  history = [];
  turns.replaceChildren(byId("hint") ?? element("p", "hint", "A new conversation."));
  question.focus();
});

async function ask(text) {
  byId("hint")?.remove();
  const place = element("div", "result", element("p", "facts busy", "Searching the archive …"));
  const turn = element("article", "turn", element("h2", "asked", text), place);
  turns.append(turn);
  turn.scrollIntoView({ block: "start", behavior: "smooth" });
  setBusy(true);
  try {
    await askStream(requestFor(text), (name, content) => receive(name, content, place));
  } catch {
    showProblem(place, { detail: "The service cannot be reached. Is it still running?" });
  } finally {
    setBusy(false);
    question.value = "";
    question.focus();
  }
}

function receive(name, content, place) {
  if (name === "passages") {
    const n = content.passages.length;
    place.replaceChildren(element("p", "facts busy", `Reading ${n} passages …`));
  } else if (name === "answer") {
    showResult(place, content);
    history.push({ question: content.question, answer: content.answer?.text ?? null });
    history = history.slice(-MAX_TURNS);
  } else if (name === "error") {
    showProblem(place, content);
  }
}

function requestFor(text) {
  const request = { question: text, history };
  if (byId("as-of").value) request.as_of = byId("as-of").value;
  if (byId("source").value) request.filters = { sources: [byId("source").value] };
  return request;
}

function setBusy(busy) {
  byId("send").disabled = busy;
  turns.setAttribute("aria-busy", String(busy));
}

async function showArchive() {
  const response = await fetch("/v1/archive");
  if (!response.ok) return;
  const archive = await response.json();
  const days = archive.first_day ? `, ${archive.first_day} to ${archive.last_day}` : "";
  const count = archive.n_articles.toLocaleString("en");
  byId("archive").textContent = `${count} articles from ${archive.sources.length} outlets${days}`;
  for (const name of archive.sources) {
    const option = element("option", "", name);
    option.value = name;
    byId("source").append(option);
  }
}

showArchive();
