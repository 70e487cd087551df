/* Keeps the desk fresh: fetches the same page and swaps its part in, without moving the reader. */
"use strict";

(() => {
  const part = () => document.getElementById("desk");
  const seconds = Number(part().dataset.refreshSeconds);

  const busy = () => document.hidden || document.querySelector("details[open]") || part().contains(document.activeElement);

  const markStale = () => {
    const fresh = part().querySelector(".fresh");
    fresh.classList.add("is-stale");
    fresh.querySelector("span").textContent = fresh.dataset.stale;
  };

  const refresh = async () => {
    if (busy()) return;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const newer = page.getElementById("desk");
      if (newer && answer.ok) part().replaceWith(document.adoptNode(newer));
      else if (answer.redirected) location.reload();
      else markStale();
    } catch {
      markStale();
    }
  };

  setInterval(refresh, seconds * 1000);
  document.addEventListener("visibilitychange", refresh);
})();
