// What there is to ask: facts about the archive, questions to begin with, and what to do when it
// is empty.

import { explain, get, isUnreachable } from "/static/api.js";
import { button, byId, make } from "/static/dom.js";
import { nameOutlets } from "/static/filters.js";
import { showOutage } from "/static/outage.js";
import { count, day } from "/static/text.js";

const COMMAND = "dateline build SOURCE --index DIR";

// Shows the archive and examples, each of which `ask` is called with when it is chosen.
export async function showHelp(ask) {
  try {
    const facts = await get("/v1/archive");
    byId("archive").textContent = describe(facts);
    nameOutlets(facts.sources);
    if (!facts.n_articles) return showEmpty("This archive holds no article yet.");
    const { questions } = await get("/v1/archive/questions");
    showExamples(questions, ask);
  } catch (error) {
    if (isUnreachable(error)) showOutage();
    else if (error.kind === "archive-unavailable") showEmpty(error.message);
    else byId("archive").textContent = explain(error);
  }
}

function describe(facts) {
  const updated = day(facts.published_at);
  const still = facts.n_passages - facts.n_embedded;
  return [
    count(facts.n_articles, "article"),
    count(facts.sources.length, "outlet"),
    facts.first_day && `${facts.first_day} to ${facts.last_day}`,
    updated && `updated ${updated}`,
    still > 0 && `${count(still, "passage")} still being indexed`,
  ]
    .filter(Boolean)
    .join(" · ");
}

function showExamples(questions, ask) {
  const items = questions.map((text) =>
    make("li", {}, button(text, () => ask(text), { cls: "example", dir: "auto" })),
  );
  byId("examples").replaceChildren(...items);
  byId("help").hidden = !items.length;
}

function showEmpty(why) {
  byId("ask").hidden = true;
  byId("welcome").replaceChildren(
    make("h2", { text: "There is nothing to ask yet" }),
    make("p", { text: why }),
    make("p", { text: "Put articles in with this command, then load this page again:" }),
    make("pre", {}, make("code", { text: COMMAND })),
    make("p", {
      text:
        "SOURCE is a file or folder of articles, in any of many formats; DIR is the folder that " +
        "this server was started with.",
    }),
  );
}
