// The address of the page: the question, the filters, and the article that is open beside them.
//
// /?q=QUESTION&source=OUTLET&from=DAY&to=DAY&as_of=DAY&article=ID&at=START-END&v=VERSION

const DAY = /^\d{4}-\d\d-\d\d$/;
const RANGE = /^(\d{1,9})-(\d{1,9})$/;

export const NO_FILTERS = { sources: [], from: "", to: "", asOf: "" };

export function readAddress(search = location.search) {
  const given = new URLSearchParams(search);
  const dayOf = (name) => (DAY.test(given.get(name) ?? "") ? given.get(name) : "");
  const [, start, end] = RANGE.exec(given.get("at") ?? "") ?? [];
  return {
    question: (given.get("q") ?? "").trim(),
    filters: {
      sources: [...new Set(given.getAll("source").filter(Boolean))],
      from: dayOf("from"),
      to: dayOf("to"),
      asOf: dayOf("as_of"),
    },
    place: given.get("article")
      ? { article: given.get("article"), start: Number(start ?? 0), end: Number(end ?? 0), version: given.get("v") ?? "" }
      : null,
  };
}

export function addressOf({ question = "", filters = NO_FILTERS, place = null }) {
  const pairs = [
    ["q", question],
    ...filters.sources.map((source) => ["source", source]),
    ["from", filters.from],
    ["to", filters.to],
    ["as_of", filters.asOf],
    ["article", place?.article],
    ["at", place?.end ? `${place.start}-${place.end}` : ""],
    ["v", place?.version],
  ];
  const said = new URLSearchParams(pairs.filter(([, value]) => value));
  return said.size ? `/?${said}` : "/";
}

// Returns filters as fields of /v1/ask and /v1/feedback.
export function filterFields({ sources, from, to, asOf }) {
  const filters = { sources };
  if (from) filters.published_from = from;
  if (to) filters.published_to = to;
  return asOf ? { filters, as_of: asOf } : { filters };
}
