// Renews how far a panel is while its page is looked at. Without this script the page says it as of when it was loaded.
(() => {
  const PAUSE = 8000; // milliseconds
  const place = document.querySelector(".panel-progress[data-renew]");
  let timer = 0;

  // Only what changed is replaced, so that a screen reader is told no more than the sentence that is another one.
  const put = (found) => {
    for (const part of ["[role=status]", ".renewed"]) {
      const old = place.querySelector(part);
      const renewed = found.querySelector(part);
      if (old.textContent.replace(/\s+/g, " ") !== renewed.textContent.replace(/\s+/g, " ")) {
        old.replaceChildren(...renewed.childNodes);
      }
    }
    if (!found.querySelector("[data-renew]")) location.reload(); // the marks are locked: the page says what comes next
  };

  const renew = async () => {
    try {
      const answer = await fetch(place.dataset.renew, { redirect: "manual" });
      if (!answer.ok) return; // logged out, or the panel is no more: the page stays as it is
      put(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // the portal does not answer now: it is asked again
    }
    wait();
  };

  const wait = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(renew, PAUSE);
  };

  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : renew()));
  wait();
})();
