// The banner that says that the server is out of reach, and tries again.

import { call } from "/static/api.js";
import { byId } from "/static/dom.js";

const banner = byId("outage");
const retry = byId("retry");

// `onReturn` is called when the server is there again.
export function watchOutage(onReturn) {
  const look = async () => {
    retry.disabled = true;
    const there = await isThere();
    retry.disabled = false;
    if (!there) showOutage();
    else if (!banner.hidden) {
      banner.hidden = true;
      onReturn();
    }
  };
  retry.addEventListener("click", look);
  // No network need not mean no server: it may be on this machine.
  for (const change of ["online", "offline"]) window.addEventListener(change, look);
}

export function showOutage() {
  banner.hidden = false;
}

async function isThere() {
  try {
    await call("/health/live", { cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}
