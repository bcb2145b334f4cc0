// After a submit the pressed button says that it is working. Without this script the form is sent all the same.
// Without a connection nothing is sent or queued, and it says so. The words come from <body data-...>, translated.
(() => {
  const words = document.body.dataset;
  const timers = new Map();

  const announce = (text) => {
    const status = document.getElementById("status");
    if (status) status.textContent = text;
  };

  const say = (form, button, text) => {
    form.parentNode.querySelectorAll(".still-saving").forEach((note) => note.remove());
    const note = document.createElement("p");
    note.className = "small soft still-saving";
    note.textContent = text;
    (button.closest(".actions") || button).after(note);
    announce(text);
  };

  // A browser without a network may still reach a server on its own machine: it is asked before anything is refused.
  const sendIfReached = (form, button) => {
    const isReached = () => {
      form.dataset.isReached = "yes";
      form.requestSubmit(button);
    };
    fetch(words.reach, { method: "HEAD", cache: "no-store" }).then(isReached, () => say(form, button, words.noConnection));
  };

  const restore = (form, button, text) => {
    clearTimeout(timers.get(form));
    delete form.dataset.isSaving;
    button.removeAttribute("aria-disabled");
    button.textContent = text;
    form.parentNode.querySelectorAll(".still-saving").forEach((note) => note.remove());
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (event.defaultPrevented || form.method !== "post" || !button || button.name === "theme" || button.name === "language") return;
    if (form.dataset.isSaving) {
      event.preventDefault();
      return;
    }
    if (!navigator.onLine && !form.dataset.isReached) {
      event.preventDefault();
      sendIfReached(form, button);
      return;
    }
    form.dataset.isSaving = "yes";
    const scripts = form.elements.namedItem("scripts");
    if (scripts) scripts.value = "yes";
    const text = button.textContent;
    button.setAttribute("aria-disabled", "true");
    if (button.classList.contains("button")) button.textContent = words.saving;
    announce(words.saving);
    timers.set(form, setTimeout(say, 8000, form, button, words.stillSaving));
    // A page that comes back from the browser's memory is ready to be used again.
    addEventListener("pageshow", (shown) => shown.persisted && restore(form, button, text), { once: true });
  });

  // A button that cannot be used now stays focusable; the sentence beside it says why.
  document.addEventListener("click", (event) => {
    const button = event.target.closest('[aria-disabled="true"]');
    if (button) event.preventDefault();
  });
})();
