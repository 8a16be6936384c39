// The conversation as Markdown, and an answer as one line of text, both with their citations.

import { day, degree, percent, support } from "/static/text.js";

export function toMarkdown(turns, origin, when) {
  const head = `# Asked of the archive\n\n${plain(origin)}, ${when}\n`;
  return [head, ...turns.map((turn) => section(turn, origin))].join("\n");
}

// Returns an answer with its citation, to be pasted anywhere.
export function toCitation({ answer }, origin) {
  const [first] = answer.citations;
  return `${answer.text} — “${oneLine(first.quote)}” ${source(first)}. ${origin}${first.permalink}`;
}

function section({ address, result }, origin) {
  const { answer, standalone_question: asked, question, reason } = result;
  const parts = [`## ${plain(question)}`];
  if (asked !== question) parts.push(`Asked as: ${plain(asked)}`);
  if (answer) {
    parts.push(`**${plain(answer.text)}** (${trust(answer)})`);
    const several = answer.items.map((item) => `- ${plain(item.text)}`);
    if (several.length > 1) parts.push(several.join("\n"));
    const proofs = [...answer.citations, ...answer.items.map((item) => item.citation)];
    const once = new Map(proofs.map((cited) => [cited.permalink, cited]));
    parts.push(...[...once.values()].map((cited) => quoted(cited, origin)));
  } else {
    parts.push(`**No answer found.** ${plain(reason)}`);
  }
  parts.push(`[Ask again](${link(origin + address)})`);
  return `${parts.join("\n\n")}\n`;
}

function trust(answer) {
  const { confidence } = answer;
  return `${support(answer)}, ${degree(confidence)}, confidence ${percent(confidence)}`;
}

function quoted(cited, origin) {
  return `> ${plain(cited.quote)}\n>\n> [${plain(source(cited))}](${link(origin + cited.permalink)})`;
}

function source({ title, source: outlet, published }) {
  return [title || "Untitled", outlet, published && day(published)].filter(Boolean).join(", ");
}

function oneLine(text) {
  return text.replace(/\s+/g, " ").trim();
}

// What an archive says is text: nothing in it may become a heading, a list, a link or HTML.
function plain(text) {
  return oneLine(text)
    .replace(/[\\`*_[\]<>#|~&$^]/g, "\\$&")
    .replace(/^[-+=]/, "\\$&")
    .replace(/^(\d+)([.)])/, "$1\\$2");
}

function link(address) {
  return address.replace(/[()<>\s\\]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
}
