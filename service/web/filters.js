// The filters: chosen in a fold under the question, shown as chips that take them away again.

import { NO_FILTERS } from "/static/address.js";
import { button, byId, make } from "/static/dom.js";
import { day } from "/static/text.js";

const DAYS = { from: "From", to: "Until", asOf: "As of" };
const INPUTS = { from: byId("from"), to: byId("to"), asOf: byId("as-of") };
const outlet = byId("outlet");
const chips = byId("chips");
const crossed = byId("crossed");

let chosen = NO_FILTERS;
let tell = () => {};

export function currentFilters() {
  return chosen;
}

// Returns [what it is called, the filters without it] for each filter.
export function eachLeftOut(filters) {
  const outlets = filters.sources.map((source) => [
    `Outlet: ${source}`,
    { ...filters, sources: filters.sources.filter((other) => other !== source) },
  ]);
  const days = Object.entries(DAYS).filter(([name]) => filters[name]);
  return [...outlets, ...days.map(([name, label]) => [`${label} ${filters[name]}`, { ...filters, [name]: "" }])];
}

// Puts filters in place of those chosen, without telling anyone.
export function showFilters(filters) {
  chosen = filters;
  for (const [name, input] of Object.entries(INPUTS)) input.value = filters[name];
  chips.replaceChildren(...eachLeftOut(filters).map(([label, rest]) => chip(label, rest)));
  chips.hidden = !chips.children.length;
  showCrossed();
}

// Tells whether the days leave any day in between; shows it where they do not.
export function showCrossed() {
  const { from, to } = chosen;
  const wrong = Boolean(from && to && from > to);
  crossed.hidden = !wrong;
  crossed.textContent = wrong
    ? `“Until” (${day(to)}) is before “From” (${day(from)}): no day is in between. Change one of them.`
    : "";
  INPUTS.to.setAttribute("aria-invalid", String(wrong));
  if (wrong) byId("filters").open = true;
  return wrong;
}

// Offers the filters; `onChange` hears of every change.
export function offerFilters(onChange) {
  tell = onChange;
  outlet.options[0].text = "Add one …";
  outlet.value = "";
  outlet.addEventListener("change", () => {
    if (!outlet.value) return;
    const sources = new Set([...chosen.sources, outlet.value]);
    outlet.value = "";
    change({ ...chosen, sources: [...sources] });
  });
  for (const [name, input] of Object.entries(INPUTS)) {
    input.addEventListener("change", () => change({ ...chosen, [name]: input.value }));
  }
}

function change(filters) {
  showFilters(filters);
  tell(filters);
}

function chip(text, without) {
  const remove = () => {
    change(without);
    // The chip is gone, and focus must not be lost with it.
    (chips.querySelector("button") ?? byId("question")).focus();
  };
  const name = { cls: "chip", "aria-label": `${text}: remove this filter` };
  const shown = button("", remove, name);
  shown.append(make("bdi", { text }), make("span", { "aria-hidden": "true", text: "×" }));
  return make("li", {}, shown);
}
