// The turns of the conversation, kept in this tab: they survive a reload, and go with the tab.

const KEY = "dateline.turns";

export function loadTurns() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? [];
  } catch {
    // Storage is switched off, or holds what an older page wrote.
    return [];
  }
}

export function saveTurns(turns) {
  let kept = turns;
  for (;;) {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(kept));
      return;
    } catch {
      // A tab may keep some megabytes: the oldest turns go first.
      if (!kept.length) return;
      kept = kept.slice(Math.ceil(kept.length / 4));
    }
  }
}
