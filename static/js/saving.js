// After a submit the pressed button says that it is working. Without this script the form is sent all the same.
// The words come from <body data-saving data-still-saving>, so that they are translated.
(() => {
  const words = document.body.dataset;
  const timers = new Map();

  const announce = (text) => {
    const status = document.getElementById("status");
    if (status) status.textContent = text;
  };

  const showStillSaving = (form, button) => {
    const note = document.createElement("p");
    note.className = "small soft still-saving";
    note.textContent = words.stillSaving;
    (button.closest(".actions") || button).after(note);
    announce(words.stillSaving);
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
    if (event.defaultPrevented || form.method !== "post" || !button || button.name === "theme") return;
    if (form.dataset.isSaving) {
      event.preventDefault();
      return;
    }
    form.dataset.isSaving = "yes";
    const text = button.textContent;
    button.setAttribute("aria-disabled", "true");
    if (button.classList.contains("button")) button.textContent = words.saving;
    announce(words.saving);
    timers.set(form, setTimeout(showStillSaving, 8000, form, button));
    // A page that comes back from the browser's memory is ready to be used again.
    addEventListener("pageshow", (shown) => shown.persisted && restore(form, button, text), { once: true });
  });

  // A button that cannot be used now stays focusable; the sentence beside it says why.
  document.addEventListener("click", (event) => {
    const button = event.target.closest('[aria-disabled="true"]');
    if (button) event.preventDefault();
  });
})();
