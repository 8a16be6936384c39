// How new the archive is: kept true while the page is open, and renewed with each answer.

import { count, day } from "/static/text.js";

const newest = document.getElementById("newest");
const checked = document.getElementById("checked");

const SPANS = [[86400, "day"], [3600, "hour"], [60, "minute"]];
const EVERY_MS = 30_000;

export function watchFreshness() {
  if (checked) setInterval(showChecked, EVERY_MS);
}

export function showFreshness(archive) {
  if (newest && archive?.newest) newest.textContent = moment(archive.newest);
  if (!checked || !archive?.checked) return;
  checked.dateTime = archive.checked;
  showChecked();
}

function showChecked() {
  const seconds = (Date.now() - Date.parse(checked.dateTime)) / 1000;
  const [size, noun] = SPANS.find(([size]) => seconds >= size) ?? [];
  checked.textContent = size ? `${count(Math.floor(seconds / size), noun)} ago` : "just now";
}

// A date of publication, with the time where the outlet states one.
function moment(published) {
  const clock = published.split("T")[1]?.slice(0, 5);
  return clock ? `${day(published)}, ${clock}` : day(published);
}
