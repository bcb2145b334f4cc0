// Who types a level or minutes means them: the answer that the field belongs to is selected. Without it the server decides.
(() => {
  const { elements } = document.getElementById("answer");
  for (const name of ["percent", "minutes"]) {
    elements[name].addEventListener("input", () => {
      if (elements[name].value.trim()) elements.until.value = name;
    });
  }
})();
