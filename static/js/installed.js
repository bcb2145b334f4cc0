// The offline page, and what was last known of the car for it. Nothing of a person stays after the sign-out.
(() => {
  const { worker, signedOut } = document.currentScript.dataset;
  const clock = { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const address = "/last-status";
  if (!("serviceWorker" in navigator && "caches" in window)) return;

  const store = () => caches.open("readyby-status");
  const plain = (element) => element.innerText.replace(/\s+/g, " ").trim();

  const remember = () => {
    const status = document.getElementById("live-status");
    if (!status) return;
    const known = {
      headline: plain(status.querySelector("h1")),
      sentences: [...status.querySelectorAll(".lead")].map(plain),
      theme: document.documentElement.dataset.theme,
      at: Date.now(),
    };
    store().then((kept) => kept.put(address, new Response(JSON.stringify(known))));
  };

  const show = (card, known) => {
    const at = new Date(known.at).toLocaleString(document.documentElement.lang, clock);
    if (known.theme) document.documentElement.dataset.theme = known.theme;
    card.querySelector("[data-as-of]").textContent = card.dataset.words.replace("{time}", at);
    card.querySelector("h2").textContent = known.headline;
    known.sentences.forEach((words) => {
      const sentence = document.createElement("p");
      sentence.textContent = words;
      card.append(sentence);
    });
    card.hidden = false;
  };

  // The page that was asked for comes back by itself, at the latest a few seconds after the connection.
  const comeBack = () => {
    if (document.visibilityState !== "visible") return;
    fetch(document.body.dataset.reach, { method: "HEAD", cache: "no-store" }).then(() => location.reload(), () => {});
  };

  const card = document.getElementById("last-status");
  if (card) {
    store().then((kept) => kept.match(address)).then((found) => found?.json()).then((known) => known && show(card, known));
    addEventListener("online", comeBack);
    setInterval(comeBack, 5000);
    return;
  }
  if (signedOut !== undefined) caches.delete("readyby-status");
  else remember();
  document.body.addEventListener("htmx:afterSettle", ({ target }) => target.id === "live-status" && remember());
  addEventListener("load", () => worker && navigator.serviceWorker.register(worker).catch(() => {}));
})();
