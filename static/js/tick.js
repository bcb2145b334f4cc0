// Fires "tick" on <body> every data-seconds of this script, only while the page is visible and online.
// Fragments listen with hx-trigger="tick from:body"; htmx's own filters would need eval.
(() => {
  const seconds = Number(document.currentScript.dataset.seconds) || 20;
  let lastTickAt = Date.now();

  const tick = () => {
    if (document.visibilityState !== "visible" || !navigator.onLine) return;
    lastTickAt = Date.now();
    document.body.dispatchEvent(new CustomEvent("tick"));
  };

  setInterval(tick, seconds * 1000);
  document.addEventListener("visibilitychange", () => {
    if (Date.now() - lastTickAt >= seconds * 1000) tick();
  });
  addEventListener("online", tick);
})();
