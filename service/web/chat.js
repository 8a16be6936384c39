// The conversation: asks, shows what is going on, and keeps the turns.

import { addressOf, filterFields, readAddress } from "/static/address.js";
import { spoken } from "/static/answer.js";
import { isUnreachable } from "/static/api.js";
import { download } from "/static/copying.js";
import { byId } from "/static/dom.js";
import { currentFilters, offerFilters, showCrossed, showFilters } from "/static/filters.js";
import { showFreshness, watchFreshness } from "/static/fresh.js";
import { toMarkdown } from "/static/markdown.js";
import { showOutage, watchOutage } from "/static/outage.js";
import { showPast } from "/static/past.js";
import { closeProof, openPlace, openProof } from "/static/proof.js";
import { beginConversation, loadTurns, saveTurns } from "/static/store.js";
import { ask } from "/static/stream.js";
import { showExamples, suggest } from "/static/suggesting.js";
import { count } from "/static/text.js";
import { makeTurn, showFailure, showReading, showResult, showSearching } from "/static/turn.js";

const form = byId("ask");
const question = byId("question");
const list = byId("turns");
const maxHistoryTurns = Number(form.dataset.maxHistoryTurns);

let turns = loadTurns();
let asking = null;
// Asks again what could not be asked because the server was out of reach.
let askAgain = null;

function keep() {
  saveTurns(turns);
}

// With `alone` the question is asked without those before it.
async function askQuestion(text, { shown = makeTurn(text), remember = "pushState", alone = false } = {}) {
  if (asking) return;
  const filters = currentFilters();
  if (showCrossed()) {
    if (!question.value) question.value = text;
    byId("to").focus();
    return;
  }
  const fields = { history: alone ? [] : historyFields(), ...filterFields(filters) };
  const again = () => askQuestion(text, { shown, remember: "replaceState", alone });
  const mine = (asking = new AbortController());
  begin(shown, addressOf({ question: text, filters, place: openPlace() }), remember);
  try {
    const body = { question: text, ...fields };
    const result = await ask(body, mine.signal, (hits) => {
      showReading(shown, hits);
      tell(`Reading ${count(hits.length, "passage")} …`);
    });
    const address = addressOf({ question: result.standalone_question, filters });
    settle({ result, fields, address, filters }, shown);
  } catch (error) {
    fail(error, shown, again, text);
  } finally {
    if (asking === mine) asking = null;
    busy(Boolean(asking));
  }
}

function begin(shown, address, remember) {
  history[remember](null, "", address);
  askAgain = null;
  if (question.value.trim() === shown.title.textContent) question.value = "";
  list.append(shown.item);
  showSearching(shown);
  busy(true);
  tell("Searching the archive …");
  show(shown.item);
}

function show(item) {
  for (const other of list.children) other.classList.toggle("current", other === item);
  document.title = `${item.querySelector("h2").textContent} · Dateline`;
  item.scrollIntoView({ block: "start" });
}

function settle(turn, shown) {
  turns.push(turn);
  keep();
  showResult(shown, turn, (right) => judge(turn, right));
  // What has come may have grown out of sight.
  if (shown.item.getBoundingClientRect().bottom > innerHeight) show(shown.item);
  shown.item.dataset.address = turn.address;
  // Filters may have been changed meanwhile: the address tells of what comes next.
  if (turn.filters === currentFilters()) replaceAddress(readAddress(turn.address.slice(1)));
  tell(spoken(turn.result));
  showFreshness(turn.result.archive);
  suggest(turn, turns, shown, keep);
}

function judge(turn, right) {
  turn.right = right;
  keep();
}

function fail(error, shown, again, text) {
  if (!shown.item.isConnected) return; // a new conversation was begun
  showFailure(shown, error, again);
  if (!question.value) question.value = text;
  tell(error.name === "AbortError" ? "Stopped." : "");
  if (isUnreachable(error)) {
    askAgain = again;
    showOutage();
  }
}

// The server takes some earlier turns only: the newest.
function historyFields() {
  const last = turns.slice(Math.max(0, turns.length - maxHistoryTurns));
  return last.map(({ result }) => ({
    question: result.question,
    answer: result.answer?.text ?? null,
  }));
}

function busy(on) {
  byId("tools").hidden = !list.children.length;
  form.setAttribute("aria-busy", String(on));
  byId("send").hidden = on;
  byId("stop").hidden = !on;
}

function tell(text) {
  byId("status").textContent = text;
}

function replaceAddress({ question: asked, filters }) {
  history.replaceState(null, "", addressOf({ question: asked, filters, place: openPlace() }));
}

// Asks what a link asks, with its filters, and without the questions before.
function askFrom(link) {
  const { question: asked, filters } = readAddress(link.search);
  showFilters(filters);
  askQuestion(asked, { alone: true });
}

function openFrom(link) {
  const { article, start, end, words, version } = link.dataset;
  const place = { article, start: Number(start), end: Number(end), words, version };
  history.pushState(null, "", addressOf({ ...readAddress(), place }));
  openProof(place, link);
}

function closeArticle() {
  history.pushState(null, "", addressOf({ ...readAddress(), place: null }));
  closeProof();
}

function send() {
  const text = question.value.trim();
  if (!text || asking) return;
  question.value = "";
  askQuestion(text);
}

function beginAnew() {
  asking?.abort();
  clear();
  beginConversation();
  history.pushState(null, "", addressOf({ filters: currentFilters() }));
  closeProof();
  question.focus();
}

// Shows a conversation of this browser in place of the one on the page.
function openConversation({ id, turns: kept }) {
  clear();
  beginConversation(id);
  turns = kept;
  keep();
  showKept();
  busy(false);
  const last = kept.at(-1);
  history.pushState(null, "", last.address);
  show(list.lastElementChild);
  list.lastElementChild.querySelector("h2").focus({ preventScroll: true });
}

function clear() {
  turns = [];
  saveTurns(turns);
  list.replaceChildren();
  busy(false);
  tell("");
  document.title = "Dateline: ask the archive";
  showPast(openConversation);
}

// Brings the page in line with its address, after a load or a step in the browser's history.
function follow({ question: asked, filters, place }) {
  showFilters(filters);
  if (place) openProof({ ...place, words: wordsOf(place) });
  else closeProof();
  const address = addressOf({ question: asked, filters });
  const turn = [...list.children].findLast((item) => item.dataset.address === address);
  if (turn) show(turn);
  return Boolean(turn) || !asked;
}

// The words that an article was opened for, by the link that opened it.
function wordsOf({ article, start }) {
  const links = [...list.querySelectorAll("a.opener")].map((link) => link.dataset);
  return links.find((one) => one.article === article && one.start === String(start))?.words;
}

function listen() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  question.addEventListener("keydown", (event) => {
    // While a word is being composed, Enter chooses it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    if (asking) asking.abort();
    else if (openPlace()) closeArticle();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.opener, a.asks");
    // With a key held the reader wants the page itself, in a tab of its own.
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.matches(".asks")) askFrom(link);
    else openFrom(link);
  });
  byId("stop").addEventListener("click", () => asking?.abort());
  byId("close").addEventListener("click", closeArticle);
  byId("clear").addEventListener("click", beginAnew);
  byId("export").addEventListener("click", () => {
    const today = new Date().toISOString().slice(0, 10);
    download(`dateline-${today}.md`, toMarkdown(turns, location.origin, today));
  });
  window.addEventListener("popstate", () => {
    const address = readAddress();
    if (!follow(address)) question.value = address.question;
  });
  offerFilters((filters) => replaceAddress({ question: "", filters }));
  watchOutage(() => askAgain?.());
}

function showKept() {
  for (const turn of turns) {
    const shown = makeTurn(turn.result.question);
    shown.item.dataset.address = turn.address;
    showResult(shown, turn, (right) => judge(turn, right));
    list.append(shown.item);
    // Only for the last: what goes on from the others was asked or left.
    if (turn === turns.at(-1)) suggest(turn, turns, shown, keep);
  }
}

// Takes over the answer that came with the page, which the server gave for readers without scripts.
function adopt() {
  const served = list.querySelector("li");
  if (!served) return;
  served.remove();
  const { question: asked, filters } = readAddress();
  const result = served.dataset.outcome && JSON.parse(served.dataset.outcome);
  const address = addressOf({ question: asked, filters });
  if (!result || turns.some((turn) => turn.address === address)) return;
  turns.push({ result, fields: { history: [], ...filterFields(filters) }, address, filters });
  keep();
}

listen();
adopt();
showKept();
busy(false);
showPast(openConversation);
showExamples();
watchFreshness();
question.focus({ preventScroll: true });
const address = readAddress();
if (!follow(address)) askQuestion(address.question, { remember: "replaceState", alone: true });
