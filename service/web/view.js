// Answers as elements. Text from articles only ever goes into textContent.

export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** Show the outcome of one question inside `place`. */
export function showResult(place, result) {
  place.replaceChildren();
  if (result.standalone_question !== result.question) {
    place.append(element("p", "facts", `Understood as: ${result.standalone_question}`));
  }
  if (result.answered) showAnswer(place, result.answer);
  else showRefusal(place, result);
  if (result.alternatives.length) {
    const title = result.answered ? "Other answers found" : "Candidates, not trusted enough";
    place.append(alternatives(title, result.alternatives));
  }
}

export function showProblem(place, problem) {
  const fields = (problem.errors ?? []).map((e) => `${e.field}: ${e.message}`).join("; ");
  const text = [problem.detail ?? "The question could not be answered.", fields].filter(Boolean);
  const shown = element("p", "problem", text.join(" "));
  shown.setAttribute("role", "alert");
  place.replaceChildren(shown);
}

function showAnswer(place, answer) {
  place.append(element("p", "answer", answer.text));
  const sure = `${Math.round(100 * answer.confidence)}% sure`;
  const said = answer.support > 1 ? `${answer.support} articles say so` : "one article says so";
  place.append(element("p", "facts", `${sure} · ${said}`));
  for (const citation of answer.citations) place.append(proof(citation));
}

function showRefusal(place, result) {
  place.append(element("p", "answer none", "The archive does not say."));
  if (result.reason) place.append(element("p", "facts", result.reason));
  if (!result.nearest.length) return;
  const list = element("details", "nearest", element("summary", "", "Nearest passages (not an answer)"));
  for (const hit of result.nearest.slice(0, 5)) {
    list.append(element("blockquote", "", hit.text), source(hit));
  }
  place.append(list);
}

function alternatives(title, answers) {
  const list = element("details", "alternatives", element("summary", "", title));
  for (const answer of answers) {
    list.append(element("p", "alternative", answer.text), proof(answer.citations[0]));
  }
  return list;
}

/** The quote with the answer marked, and where it stands. */
function proof(citation) {
  // Offsets count code points; JavaScript strings count UTF-16 units.
  const points = Array.from(citation.quote);
  const start = citation.answer_start - citation.quote_start;
  const end = citation.answer_end - citation.quote_start;
  const text = (from, to) => points.slice(from, to).join("");
  const quote = element("blockquote", "", text(0, start));
  quote.append(element("mark", "", text(start, end)), text(end, points.length));
  return element("figure", "proof", quote, source(citation));
}

function source(item) {
  const link = element("a", "", item.title || "Untitled");
  link.href = item.permalink;
  link.target = "_blank";
  link.rel = "noopener";
  const facts = [item.source, item.published?.slice(0, 10)].filter(Boolean).join(" · ");
  return element("figcaption", "facts", link, facts ? ` · ${facts}` : "");
}
