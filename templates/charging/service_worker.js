// Without a connection a page gives way to the offline page. Nothing else is kept: every page comes from the server,
// what is sent is never held back, and a new version of this script takes over at once.
const { version, page, files } = {{ shell|safe }};
const prefix = "readyby-shell-";
const name = prefix + version;

const fill = async () => {
  const shell = await caches.open(name);
  await shell.addAll([page, ...files].map((address) => new Request(address, { cache: "reload" })));
  await self.skipWaiting();
};

const takeOver = async () => {
  const old = (await caches.keys()).filter((key) => key.startsWith(prefix) && key !== name);
  await Promise.all(old.map((key) => caches.delete(key)));
  await self.clients.claim();
};

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const kept = mode === "navigate" ? page : files.find((address) => new URL(address, location).href === url);
  if (method !== "GET" || !kept) return;
  event.respondWith(fetch(event.request).catch(() => caches.match(kept)));
});
