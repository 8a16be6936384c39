// What this browser keeps: the turns of this tab, which survive a reload, and the conversations
// of all tabs, until somebody deletes them. The server keeps none of them.

const TURNS = "dateline.turns";
const CURRENT = "dateline.conversation";
const ALL = "dateline.conversations";
const MAX_CONVERSATIONS = 20;

export function loadTurns() {
  return read(sessionStorage, TURNS, []);
}

export function saveTurns(turns) {
  let kept = turns;
  // A tab may keep some megabytes: the oldest turns go first.
  while (!write(sessionStorage, TURNS, kept) && kept.length) {
    kept = kept.slice(Math.ceil(kept.length / 4));
  }
  if (turns.length) remember(turns);
}

// Has the next turns belong to a conversation of their own, or to the one with this id.
export function beginConversation(id = null) {
  write(sessionStorage, CURRENT, id ?? crypto.getRandomValues(new Uint32Array(2)).join("-"));
}

// The conversations, the latest first: {id, when, turns}.
export function conversations() {
  return read(localStorage, ALL, []);
}

export function forget(id) {
  write(localStorage, ALL, conversations().filter((one) => one.id !== id));
}

export function forgetAll() {
  write(localStorage, ALL, []);
}

function remember(turns) {
  if (!read(sessionStorage, CURRENT, null)) beginConversation();
  const id = read(sessionStorage, CURRENT, "");
  const others = conversations().filter((one) => one.id !== id);
  let kept = [{ id, when: new Date().toISOString(), turns }, ...others].slice(0, MAX_CONVERSATIONS);
  while (!write(localStorage, ALL, kept) && kept.length) kept = kept.slice(0, -1);
}

function read(storage, key, otherwise) {
  try {
    return JSON.parse(storage.getItem(key)) ?? otherwise;
  } catch {
    // Storage is switched off, or holds what an older page wrote.
    return otherwise;
  }
}

function write(storage, key, value) {
  try {
    storage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
