// The service worker: the page opens without signal, and what waits is sent when signal is back,
// also after the page was closed where the browser can do that.

import { NotOpen, SignedOut, send } from "./sending.js";

const SHELL = "tracker-phone-";
const PICTURES = "tracker-phone-photos";

export function serve({ version, files }) {
  const name = `${SHELL}${version}`;
  const [page] = files;
  const addresses = new Set(files);

  self.addEventListener("install", (event) => {
    event.waitUntil(keep(name, files, version).then(() => self.skipWaiting()));
  });
  self.addEventListener("activate", (event) => {
    event.waitUntil(dropOthers(name).then(() => self.clients.claim()));
  });
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    if (request.method !== "GET") return;
    const url = new URL(request.url);
    if (url.origin !== location.origin) return;
    if (request.mode === "navigate") {
      if (url.pathname === page) event.respondWith(kept(name, page, request));
    } else if (addresses.has(url.pathname + url.search)) {
      event.respondWith(kept(name, url.pathname + url.search, request));
    } else if (/\/photos\/[^/]+\/small$/.test(url.pathname)) {
      event.respondWith(kept(PICTURES, request.url, request));
    }
  });
  self.addEventListener("sync", (event) => {
    if (event.tag === "send") event.waitUntil(sendQuietly());
  });
}

// Takes every file fresh from the server: an old one of the browser's own store would stay forever.
async function keep(name, files, version) {
  const cache = await caches.open(name);
  await Promise.all(files.map(async (file, place) => {
    const answer = await fetch(new Request(file, { cache: "reload" }));
    if (!answer.ok || answer.redirected) throw new Error(`${file}: ${answer.status}`);
    // The server may change version while we ask: a page must come with its own files.
    if (place === 0 && !(await answer.clone().text()).includes(version)) throw new Error("in between");
    await cache.put(file, answer);
  }));
}

async function dropOthers(name) {
  for (const other of await caches.keys()) {
    if (other.startsWith(SHELL) && other !== name && other !== PICTURES) await caches.delete(other);
  }
}

async function kept(name, address, request) {
  const cache = await caches.open(name);
  return (await cache.match(address)) ?? fetch(request);
}

async function sendQuietly() {
  try {
    await send();
  } catch (error) {
    // Signing in needs the page; anything else is tried again by the browser.
    if (!(error instanceof SignedOut || error instanceof NotOpen)) throw error;
  }
}
