// A pick writes its value into the field it belongs to, and typing takes the pick back. Without it the server decides.
(() => {
  for (const form of document.querySelectorAll("form[data-pick]")) {
    const field = form.elements[form.dataset.pick];
    const picks = [...form.querySelectorAll('input[name="pick"]')];
    for (const pick of picks) pick.addEventListener("change", () => (field.value = pick.value));
    field.addEventListener("input", () => {
      for (const pick of picks) pick.checked = pick.value === field.value.trim();
    });
  }
})();
