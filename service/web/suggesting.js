// Questions to begin and to go on with. The server asked each of them, and found the answer.

import { asks } from "/static/answer.js";
import { get, post } from "/static/api.js";
import { byId, make } from "/static/dom.js";
import { showFollowUps } from "/static/turn.js";

const MAX_ARTICLES = 5;
const MAX_TURNS = 20;

// Fills in the examples where the server was still checking them when it made the page.
export async function showExamples() {
  if (!("unchecked" in byId("help").dataset)) return;
  const { questions } = await get("/v1/archive/questions").catch(() => ({ questions: [] }));
  const links = questions.map((question) => asks(question, question));
  for (const link of links) link.classList.add("example");
  byId("examples").replaceChildren(...links.map((link) => make("li", {}, link)));
  byId("help").hidden = !links.length;
}

// Offers questions that go on from the last answer; `keep` is called when they came.
export async function suggest(turn, turns, shown, keep) {
  const { answer } = turn.result;
  if (!answer) return;
  if (!turn.next) {
    const articles = [...new Set(answer.citations.map((cited) => cited.article_id))];
    const { filters, as_of } = turn.fields;
    const told = turns.slice(-MAX_TURNS).map(({ result }) => result);
    const body = {
      article_ids: articles.slice(0, MAX_ARTICLES),
      asked: told.map((one) => one.standalone_question),
      answers: told.flatMap((one) => one.answer?.text ?? []),
      filters,
      as_of,
    };
    // It is only an offer: where it fails there is none.
    const response = await post("/v1/followups", body).catch(() => null);
    turn.next = response ? (await response.json()).questions : [];
    keep();
  }
  showFollowUps(shown, turn.next, turn.filters);
}
