// Fires "tick" on <body> every data-seconds of this script, only while the page is visible and online; three times as
// slowly after a failure, fifteen times after more. Until the next success the page says how old it is (data-stale).
// Fragments listen with hx-trigger="tick from:body"; htmx's own filters would need eval.
(() => {
  const { seconds, stale } = document.currentScript.dataset;
  const period = (Number(seconds) || 20) * 1000;
  const paces = [1, 3, 15];
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  let failures = 0;
  let failuresBefore = 0;
  let lastTickAt = Date.now();
  let freshAt = new Date();

  const isDue = () => Date.now() - lastTickAt >= period * paces[Math.min(failures, 2)] - 100;

  const tick = () => {
    if (document.visibilityState !== "visible" || !navigator.onLine) return;
    lastTickAt = Date.now();
    failuresBefore = failures;
    document.body.dispatchEvent(new CustomEvent("tick"));
  };

  const lookAgain = () => {
    if (failures || Date.now() - lastTickAt >= period) tick();
  };

  const tell = () => {
    const line = document.getElementById("stale");
    if (!line.hidden) return;
    line.textContent = stale.replace("{time}", freshAt.toLocaleTimeString(document.documentElement.lang, clock));
    line.hidden = false;
    document.getElementById("status").textContent = line.textContent;
  };

  document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.requestConfig?.triggeringEvent?.type !== "tick") return;
    if (!detail.successful) {
      failures = failuresBefore + 1;
      tell();
    } else if (failures === failuresBefore) {
      failures = failuresBefore = 0;
      freshAt = new Date();
      document.getElementById("stale").hidden = true;
    }
  });

  setInterval(() => isDue() && tick(), period);
  document.addEventListener("visibilitychange", lookAgain);
  addEventListener("focus", lookAgain);
  addEventListener("online", tick);
  addEventListener("offline", tell);
})();
