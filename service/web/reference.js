// The reference: copies its commands, and tries the calls that only read.

import { copy } from "/static/copying.js";
import { button, iconButton, make } from "/static/dom.js";

for (const command of document.querySelectorAll("pre.curl")) {
  const status = make("span", { role: "status" });
  const copying = async () => {
    const done = await copy(command.textContent);
    status.textContent = done ? "Copied." : "The browser does not let this page copy.";
  };
  const row = make("div", { cls: "actions" }, iconButton("copy", "Copy", copying));
  if (command.dataset.method) row.append(button("Try it", () => open(command, row), { cls: "quiet" }));
  row.append(status);
  command.after(row);
}

// Puts a form in place of the button, filled in with the example.
function open({ dataset: { method, path, body } }, row) {
  const address = make("input", { type: "text", value: path, spellcheck: "false" });
  const sent = body && make("textarea", { rows: 6, spellcheck: "false" });
  if (sent) sent.value = JSON.stringify(JSON.parse(body), null, 1);
  const answer = make("pre", { role: "status", tabindex: "0", "aria-label": "Response", hidden: "" });
  const form = make(
    "form",
    { cls: "try" },
    make("label", {}, `${method} `, address),
    sent && make("label", {}, "Body ", sent),
    make("button", { cls: "main", type: "submit", text: "Send" }),
    answer,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    answer.hidden = false;
    answer.textContent = "Waiting …";
    answer.textContent = await send(method, address.value, sent?.value).catch((error) => String(error));
  });
  row.querySelector(".quiet").remove();
  row.after(form);
  address.focus();
}

async function send(method, path, body) {
  const headers = body ? { "Content-Type": "application/json" } : {};
  // Never to another server, whatever was typed.
  const url = new URL(path, location.origin);
  if (url.origin !== location.origin) return "Only this server can be tried here.";
  const response = await fetch(url, { method, headers, body });
  const text = await response.text();
  return `${response.status}\n${pretty(text)}`;
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 1);
  } catch {
    return text;
  }
}
