// Asks a question and yields the server's events as { name, data }.

import { Problem, post } from "/static/api.js";

const INTERRUPTED = "The connection ended before the answer came.";

// Returns the outcome; `onPassages` is given the passages as soon as they are found.
export async function ask(body, signal, onPassages) {
  const response = await post("/v1/ask", body, {
    headers: { Accept: "text/event-stream" },
    signal,
  });
  for await (const { name, data } of events(response.body)) {
    if (name === "passages") onPassages(data.hits);
    if (name === "error") throw new Problem(data);
    if (name === "answer") return data;
  }
  throw new Problem({ detail: INTERRUPTED });
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffered = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    // Lines end in CRLF; JSON holds no bare line break, so every carriage return is one of those.
    buffered += value.replaceAll("\r", "");
    const blocks = buffered.split("\n\n");
    // The last one may have arrived in part only.
    buffered = blocks.pop();
    for (const block of blocks) {
      const event = parse(block);
      if (event) yield event;
    }
  }
}

function parse(block) {
  const fields = { event: "", data: "" };
  for (const line of block.split("\n")) {
    const colon = line.indexOf(": ");
    fields[line.slice(0, colon)] = line.slice(colon + 2);
  }
  // A block without data is a comment that keeps the connection open.
  return fields.data ? { name: fields.event, data: JSON.parse(fields.data) } : null;
}
