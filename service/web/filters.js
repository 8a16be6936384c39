// The filters: chosen in a fold under the question, shown as chips that take them away again.

import { NO_FILTERS } from "/static/address.js";
import { button, byId, make } from "/static/dom.js";

const DAYS = { from: "From", to: "Until", asOf: "As of" };
const INPUTS = { from: byId("from"), to: byId("to"), asOf: byId("as-of") };
const outlet = byId("outlet");
const chips = byId("chips");

let chosen = NO_FILTERS;
let tell = () => {};

export function currentFilters() {
  return chosen;
}

// Puts filters in place of those chosen, without telling anyone.
export function showFilters(filters) {
  chosen = filters;
  for (const [name, input] of Object.entries(INPUTS)) input.value = filters[name];
  chips.replaceChildren(
    ...filters.sources.map((source) =>
      chip(`Outlet: ${source}`, {
        ...filters,
        sources: filters.sources.filter((other) => other !== source),
      }),
    ),
    ...Object.entries(DAYS)
      .filter(([name]) => filters[name])
      .map(([name, label]) => chip(`${label} ${filters[name]}`, { ...filters, [name]: "" })),
  );
  chips.hidden = !chips.children.length;
}

// Offers the outlets of the archive; `onChange` hears of every change.
export function offerFilters(onChange) {
  tell = onChange;
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

export function nameOutlets(sources) {
  const names = [...sources].sort((one, two) => one.localeCompare(two));
  outlet.append(...names.map((name) => make("option", { value: name, text: name })));
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
  const shown = [make("bdi", { text }), make("span", { "aria-hidden": "true", text: "×" })];
  return make("li", {}, make("button", { type: "button", click: remove, ...name }, ...shown));
}
