// Whether an answer is right: two buttons, and after "Wrong" what the correct answer is.

import { explain, post } from "/static/api.js";
import { iconButton, make } from "/static/dom.js";

// So many turns are kept with it.
const MAX_TURNS = 20;
const SAVES = "Saves your verdict with the question and the answer on this server";

// Returns the buttons and the form; `fields` are what the answer was asked with, `said` is true or
// false when the reader said so before, and `keep` is told what the reader says.
export function feedback(result, fields, said, status, keep) {
  const form = correctAnswer((text) => send({ right: false, right_answers: [text] }));
  const what = result.answer ? "this answer" : "that there is no answer";
  const choice = (icon, name, right) =>
    iconButton(icon, name, () => say(right), { title: `${SAVES}: ${what} is ${name.toLowerCase()}` });
  const choices = { true: choice("right", "Right", true), false: choice("wrong", "Wrong", false) };

  function press(right) {
    for (const [value, one] of Object.entries(choices)) {
      one.setAttribute("aria-pressed", String(value === String(right)));
    }
    form.hidden = right !== false;
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
      status.textContent = "Thanks, saved on this server with your question.";
      return true;
    } catch (error) {
      status.textContent = `That was not saved. ${explain(error)}`;
      return false;
    }
  }

  press(said);
  return { buttons: Object.values(choices), form };
}

function correctAnswer(send) {
  const input = make("input", { type: "text", required: "", maxlength: 1000, autocomplete: "off" });
  const label = make("label", {}, "What’s the correct answer? (optional) ", input);
  const form = make("form", {}, label, make("button", { type: "submit", text: "Send" }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim()) send(input.value.trim());
  });
  return form;
}
