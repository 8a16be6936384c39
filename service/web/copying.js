// Ways out of the page: the clipboard and files.

import { make } from "/static/dom.js";

// Puts a text on the clipboard and tells whether that worked.
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOldWay(text);
  }
}

// Pages that come over plain HTTP from another machine have no clipboard of the new kind.
function copyOldWay(text) {
  const before = document.activeElement;
  const area = make("textarea", { cls: "heard", readonly: "" });
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before?.focus();
  return done;
}

export function download(name, text) {
  const href = URL.createObjectURL(new Blob([text], { type: "text/markdown;charset=utf-8" }));
  make("a", { href, download: name }).click();
  URL.revokeObjectURL(href);
}
