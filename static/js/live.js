// Keeps a person's place while fragments are replaced: no swap under the focus, open details stay open,
// and what a fragment has to say (data-announce) is read out at most once in 30 seconds.
(() => {
  let open = [];
  let said = "";
  let saidAt = 0;

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig } = event.detail;
    const trigger = requestConfig && requestConfig.triggeringEvent;
    const isTick = Boolean(trigger) && trigger.type === "tick";
    if (isTick && target.contains(document.activeElement)) event.detail.shouldSwap = false;
    open = [...target.querySelectorAll("details[open][id]")].map((details) => details.id);
  });

  document.body.addEventListener("htmx:afterSwap", () => {
    for (const id of open) {
      const details = document.getElementById(id);
      if (details) details.open = true;
    }
    const speaker = document.querySelector("[data-announce]");
    const text = speaker ? speaker.dataset.announce : "";
    if (!text || text === said || Date.now() - saidAt < 30000) return;
    said = text;
    saidAt = Date.now();
    document.getElementById("status").textContent = text;
  });
})();
