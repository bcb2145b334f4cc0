// Keeps a person's place while fragments are replaced: no swap under the focus, open details stay open, and a page
// that leads elsewhere by now (signed out, say) is loaded anew instead of put into this one.
// What a fragment has to say (data-announce) is read out when it changes: at most once in 30 seconds,
// an urgent one (data-urgent) at once and once a state. Of a list (data-row) only the rows that changed. A confirmation (data-passing) goes when the state changes.
(() => {
  const announced = () => document.querySelector("[data-announce]");
  const state = () => document.querySelector("[data-state]")?.dataset.state;
  let open = [];
  let said = announced()?.dataset.announce;
  let saidAt = 0;
  let known = state();
  const rows = () => [...document.querySelectorAll("[data-row]")].map(({ dataset }) => dataset.row);
  let saidRows = rows();

  const leadsElsewhere = ({ xhr, requestConfig }) => {
    if (xhr.status === 401 || xhr.status === 403) return true;
    const asked = new URL(requestConfig.path, location.href);
    return Boolean(xhr.responseURL) && new URL(xhr.responseURL).pathname !== asked.pathname;
  };

  const say = (isNew) => {
    const speaker = announced();
    const text = speaker?.dataset.announce;
    if (!text || text === said) return;
    const isUrgent = "urgent" in speaker.dataset;
    if (isUrgent ? !isNew : Date.now() - saidAt < 30000) return;
    said = text;
    saidAt = Date.now();
    document.getElementById(isUrgent ? "alert" : "status").textContent = text;
  };

  const sayRows = () => {
    const now = rows();
    const changed = now.filter((row) => !saidRows.includes(row));
    if (!changed.length || Date.now() - saidAt < 30000) return;
    saidRows = now;
    saidAt = Date.now();
    document.getElementById("status").textContent = changed.join(" ");
  };

  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    if (event.detail.target.contains(document.activeElement)) event.detail.shouldSwap = false;
  });

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig } = event.detail;
    if (requestConfig?.triggeringEvent?.type === "tick") {
      if (leadsElsewhere(event.detail)) {
        event.detail.shouldSwap = false;
        location.reload();
      } else if (target.contains(document.activeElement)) {
        event.detail.shouldSwap = false;
      }
    }
    open = [...target.querySelectorAll("details[open][id]")].map((details) => details.id);
  });

  document.body.addEventListener("htmx:afterSwap", () => {
    for (const id of open) {
      const details = document.getElementById(id);
      if (details) details.open = true;
    }
    const isNew = state() !== known;
    known = state();
    if (isNew) document.querySelectorAll("[data-passing]").forEach((sentence) => sentence.remove());
    say(isNew);
    sayRows();
  });
})();
