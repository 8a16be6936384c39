// Calls of the server, and what it says when one goes wrong.

export class Problem extends Error {
  constructor({ detail, type = "", status = 0 }, retryAfterS = null) {
    super(detail);
    this.kind = type.split("#")[1] ?? "";
    this.status = status;
    this.retryAfterS = retryAfterS;
  }
}

export async function call(path, options = {}) {
  const response = await fetch(path, options);
  if (response.ok) return response;
  const told = await response.json().catch(() => null);
  const { status } = response;
  throw new Problem(
    told?.detail ? told : { detail: `The server answered ${status}.`, status },
    response.headers.get("Retry-After"),
  );
}

export function post(path, body, options = {}) {
  const { headers, signal } = options;
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
    signal,
  });
}

export async function get(path) {
  return (await call(path)).json();
}

// fetch itself fails with a TypeError, which says nothing to a reader.
export function isUnreachable(error) {
  return error instanceof TypeError;
}

const ADVICE = {
  // What the server says of these ends in when to come back.
  "rate-limited": "",
  overloaded: "",
  "invalid-request": "Change the question or the filters, and ask again.",
  "key-needed": "Load this page again and give your key as the password.",
  "not-allowed": "Ask whoever runs this server for a key that may read.",
  "archive-unavailable": "Whoever runs this server can make it right with that command.",
  "too-long": "Ask again, with a shorter question or fewer outlets.",
  "body-too-large": "A new conversation has no earlier turns to send.",
  "internal-error": "Ask again. If it happens again, tell whoever runs this server.",
};

// Returns what happened and what to do about it.
export function explain(error) {
  if (isUnreachable(error)) return "The server cannot be reached. Nothing was lost: try again.";
  const wait = error.retryAfterS ? `Ask again in ${error.retryAfterS} s.` : "Ask again.";
  return [error.message, ADVICE[error.kind] ?? wait].join(" ").trim();
}
