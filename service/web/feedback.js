// Whether an answer is right: two buttons, and after "Wrong" what would have been right.

import { explain, post } from "/static/api.js";
import { button, make } from "/static/dom.js";

// So many turns are kept with it.
const MAX_TURNS = 20;

// Returns the row of buttons; `fields` are what the answer was asked with, `said` is true or false
// when the reader said so before, and `keep` is told what the reader says.
export function feedback(result, fields, said, keep) {
  const status = make("span", { role: "status" });
  const correction = rightAnswer((text) => send({ right: false, right_answers: [text] }));
  const choices = { true: button("Right", () => say(true)), false: button("Wrong", () => say(false)) };

  function press(right) {
    for (const [value, choice] of Object.entries(choices)) {
      choice.setAttribute("aria-pressed", String(value === String(right)));
    }
    correction.hidden = right !== false;
  }

  async function say(right) {
    if (await send({ right })) {
      press(right);
      keep(right);
    }
  }

  async function send(opinion) {
    const { id, question, answer } = result;
    const about = { answer_id: id, question, answer: answer?.text ?? null };
    const history = fields.history.slice(-MAX_TURNS);
    try {
      await post("/v1/feedback", { ...about, ...fields, history, ...opinion });
      status.textContent = "Thank you, that was kept.";
      return true;
    } catch (error) {
      status.textContent = `That was not kept. ${explain(error)}`;
      return false;
    }
  }

  press(said);
  const title = result.answer ? "Is this right?" : "Is it right that there is no answer?";
  const row = { cls: "feedback", role: "group", "aria-label": title };
  return make("div", row, make("span", { text: title }), ...Object.values(choices), status, correction);
}

function rightAnswer(send) {
  const input = make("input", { type: "text", required: "", maxlength: 1000, autocomplete: "off" });
  const label = make("label", {}, "What is right, if you know? ", input);
  const form = make("form", {}, label, make("button", { type: "submit", text: "Send" }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim()) send(input.value.trim());
  });
  return form;
}
