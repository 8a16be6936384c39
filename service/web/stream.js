// Asks a question and yields the server's events as { name, data }.

export async function* ask(body, signal) {
  const response = await fetch("/v1/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok) throw new Error(await reasonOf(response));
  yield* events(response.body);
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

async function reasonOf(response) {
  try {
    return (await response.json()).detail;
  } catch {
    return `The server answered ${response.status}.`;
  }
}
