// Makes elements. Text only ever becomes text: nothing here takes markup.

export function make(tag, { text, cls, click, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (cls) element.className = cls;
  if (click) element.addEventListener("click", click);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function button(text, click, attributes = {}) {
  return make("button", { type: "button", text, click, ...attributes });
}

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
  link: "M6.5 9.5l3-3M7 4.5 8.6 3a2.8 2.8 0 0 1 4 4L11 8.5M9 11.5 7.4 13a2.8 2.8 0 0 1-4-4L5 7.5",
  right: "M2.5 8.5 6 12l7.5-8",
  wrong: "M3.5 3.5l9 9M12.5 3.5l-9 9",
};

// A button with a drawing before its name.
export function iconButton(drawing, text, click, attributes = {}) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[drawing]);
  svg.append(path);
  const made = make("button", { type: "button", click, cls: "icon", ...attributes });
  made.append(svg, text);
  return made;
}

export function byId(id) {
  return document.getElementById(id);
}
