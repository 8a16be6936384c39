// Shows an answer with its proof, or a refusal with what came nearest.

import { make } from "/static/dom.js";

const SHOWN_NEAREST = 3;

export function showOutcome(result) {
  const parts = result.answer ? answered(result) : refused(result);
  if (result.standalone_question !== result.question) {
    parts.unshift(make("p", { cls: "facts", text: `Understood as: ${result.standalone_question}` }));
  }
  return parts;
}

function answered(result) {
  const { answer } = result;
  return [
    make("p", { cls: "answer", dir: "auto", text: answer.text }),
    make("p", { cls: "facts", text: trust(answer) }),
    ...answer.citations.map(citation),
    timeline(answer),
    others("Other answers found", result.alternatives),
  ];
}

function refused(result) {
  const nearest = result.nearest.slice(0, SHOWN_NEAREST);
  return [
    make("p", { cls: "refusal", text: "No answer" }),
    make("p", { text: result.reason }),
    nearest.length
      ? make(
          "section",
          { cls: "nearest" },
          make("h3", { text: "Nearest passages — not an answer" }),
          ...nearest.map(passage),
        )
      : null,
    others("Candidates not trusted enough", result.alternatives),
  ];
}

function trust({ confidence, support, value }) {
  const sources = support === 1 ? "1 source says so" : `${support} independent sources say so`;
  const day = value?.type === "date" ? ` · ${value.iso.replace("/", " to ")}` : "";
  return `${sources} · confidence ${Math.round(100 * confidence)}%${day}`;
}

function timeline({ timeline: entries, conflict }) {
  if (!entries.length) return null;
  const title = conflict ? "Outlets differ" : "Over time";
  const items = entries.map(({ text, citation: { published, source, permalink } }) =>
    make(
      "li",
      { dir: "auto" },
      make("a", { href: permalink, target: "_blank", rel: "noopener", text }),
      ` ${[published?.slice(0, 10), source].filter(Boolean).join(" · ")}`,
    ),
  );
  const open = conflict ? { open: "" } : {};
  return make("details", open, make("summary", { text: title }), make("ol", {}, ...items));
}

function citation(cited) {
  // Offsets are code points, JavaScript's own are UTF-16 units: cut an array of code points.
  const quote = Array.from(cited.quote);
  const start = cited.answer_start - cited.quote_start;
  const end = cited.answer_end - cited.quote_start;
  const piece = (from, to) => quote.slice(from, to).join("");
  return make(
    "figure",
    {},
    make(
      "blockquote",
      { dir: "auto" },
      piece(0, start),
      make("mark", { text: piece(start, end) }),
      piece(end),
    ),
    make("figcaption", { cls: "facts" }, ...where(cited)),
  );
}

function passage(hit) {
  return make(
    "figure",
    {},
    make("blockquote", { dir: "auto", text: hit.text }),
    make("figcaption", { cls: "facts" }, ...where(hit)),
  );
}

function where({ title, source, published, permalink }) {
  const facts = [source, published?.slice(0, 10)].filter(Boolean);
  const link = make("a", {
    href: permalink,
    target: "_blank",
    rel: "noopener",
    text: title || "Untitled",
  });
  return [link, facts.length ? ` · ${facts.join(" · ")}` : ""];
}

function others(title, answers) {
  if (!answers.length) return null;
  return make(
    "details",
    {},
    make("summary", { text: `${title} (${answers.length})` }),
    ...answers.map((answer) =>
      make(
        "section",
        {},
        make("p", { cls: "alternative", dir: "auto", text: answer.text }),
        make("p", { cls: "facts", text: trust(answer) }),
        ...answer.citations.slice(0, 1).map(citation),
      ),
    ),
  );
}
