// Beside prices stands what they are counted in, in the currency that is chosen, beside the exchange rate its code.
// Without it they follow when the form comes back.
(() => {
  const form = document.getElementById("answer");
  const units = JSON.parse(form.dataset.units);
  const currency = form.elements.currency;
  const shown = [...form.querySelectorAll(".suffix > span")].map((span) => [span, span.textContent]);
  const first = [...currency.options].find((option) => option.defaultSelected)?.value ?? currency.options[0].value;
  const follow = () => {
    for (const [span, text] of shown) {
      const isRate = span.previousElementSibling?.name === "exchange_rate";
      if (isRate) span.textContent = currency.value;
      else if (text === units[first]) span.textContent = units[currency.value];
    }
  };
  currency.addEventListener("change", follow);
  addEventListener("pageshow", follow);
})();
