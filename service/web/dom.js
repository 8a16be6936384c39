// Makes elements. Text only ever becomes text: nothing here takes markup.

export function make(tag, { text, cls, click, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (cls) element.className = cls;
  if (click) element.addEventListener("click", click);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

export function button(text, click, attributes = {}) {
  return make("button", { type: "button", text, click, ...attributes });
}

export function byId(id) {
  return document.getElementById(id);
}
