// The map of the place form. It is opened by a press and asks for no picture before that; the point is always the middle.
// Everything it does is also done by the form's buttons without it.
(() => {
  const words = document.currentScript.dataset;
  const byId = (id) => document.getElementById(id);
  const form = byId("answer");
  const frame = byId("map-frame");
  const latitude = form.elements.latitude;
  const longitude = form.elements.longitude;
  const buttons = { open: byId("open-map"), use: byId("use-point"), close: byId("close-map") };
  const METERS_PER_DEGREE = 111195;
  const WAYS = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const isPhone = matchMedia("(max-width: 39.99rem)");
  let map = null;
  let marker = null;
  let loading = null;
  let isOpen = false;

  const say = (text) => (byId("status").textContent = text);
  const tell = (text) => {
    const message = byId("location-message");
    message.textContent = text;
    message.hidden = !text;
    if (text) say(text);
  };
  const number = (text) => Number(text.trim().replace(",", "."));
  const typedPoint = () => {
    const point = [number(latitude.value), number(longitude.value)];
    return latitude.value.trim() && longitude.value.trim() && point.every(Number.isFinite) ? point : null;
  };
  const stepMeters = () => Number(form.querySelector('input[name="step"]:checked')?.value || 100);

  // Where the point is now: panning moves the crosshair away from it.
  const mark = (point) => {
    if (!map || !point) return;
    const name = form.elements.name.value.trim() || words.place;
    if (!marker) {
      const icon = L.icon({ iconUrl: words.marker, iconSize: [24, 32], iconAnchor: [12, 31] });
      marker = L.marker(point, { icon, keyboard: false, interactive: false }).addTo(map);
    }
    marker.setLatLng(point);
    marker.getElement().alt = name;
  };

  // On a phone the map covers the page: what lies under it cannot be reached until it is closed.
  const cover = (isCovered) => {
    for (let part = byId("map-panel"); part !== document.body; part = part.parentElement) {
      for (const other of part.parentElement.children) {
        if (other !== part && other.id !== "status") other.inert = isCovered;
      }
    }
  };

  // The fields hold the point; the lines below the map come from the server, which knows the price areas.
  const setPoint = async (lat, lng) => {
    latitude.value = lat.toFixed(5);
    longitude.value = (((((lng + 180) % 360) + 360) % 360) - 180).toFixed(5);
    const query = new URLSearchParams({ latitude: latitude.value, longitude: longitude.value });
    query.set("price_area", form.elements.price_area.value);
    mark([lat, lng]);
    try {
      const answer = await fetch(`${words.fragment}?${query}`, { headers: { "HX-Request": "true" } });
      if (answer.status !== 200) return;
      byId("point").innerHTML = await answer.text();
      say(byId("point").querySelector("[data-announce]")?.dataset.announce || "");
    } catch {
      say(`${latitude.value}, ${longitude.value}`);
    }
  };

  const move = ([north, east], meters) => {
    const center = map.getCenter();
    const lat = center.lat + (north * meters) / METERS_PER_DEGREE;
    const lng = center.lng + (east * meters) / (METERS_PER_DEGREE * Math.max(0.01, Math.cos((lat * Math.PI) / 180)));
    // Panning goes by whole pixels, and from far a step is less than one: the view is set anew.
    map.setView([lat, lng], map.getZoom(), { reset: true });
    say(words.moved.replace("%s", `${lat.toFixed(4)}, ${lng.toFixed(4)}`));
  };

  // The circle shows how far the place reaches, at the scale of the opened map.
  const drawRadius = () => {
    const { lat } = map.getCenter();
    const metersPerPixel = (40075017 * Math.cos((lat * Math.PI) / 180)) / (256 * 2 ** map.getZoom());
    const radius = Number(form.elements.radius.value) || 150;
    byId("outline").querySelector(".near").setAttribute("r", String(Math.max(4, radius / metersPerPixel)));
  };

  const useCenter = () => {
    const center = map.getCenter();
    return setPoint(center.lat, center.lng);
  };

  const show = (shouldOpen) => {
    isOpen = shouldOpen;
    byId("place-map").hidden = !shouldOpen;
    byId("outline").querySelector("svg").toggleAttribute("hidden", shouldOpen);
    byId("map-credit").hidden = shouldOpen;
    byId("map-help").hidden = !shouldOpen;
    frame.classList.toggle("is-open", shouldOpen);
    byId("map-panel").classList.toggle("map-open", shouldOpen);
    cover(shouldOpen && isPhone.matches);
    buttons.open.hidden = shouldOpen;
    buttons.use.hidden = buttons.close.hidden = !shouldOpen;
  };

  // Leaflet comes with the first press: most points are set without it.
  const load = () => {
    const library = byId("map-library");
    const parts = [...library.content.children].map((part) => document.importNode(part, true));
    const arrivals = parts.filter((part) => part.href || part.src).map((part) => {
      part.async = false;
      return new Promise((resolve, reject) => Object.assign(part, { onload: resolve, onerror: reject }));
    });
    parts.forEach((part) => library.before(part));
    return Promise.all(arrivals);
  };

  const open = async () => {
    show(true);
    if (map) {
      map.invalidateSize();
      map.setView(typedPoint() || map.getCenter(), map.getZoom(), { animate: false });
      mark(typedPoint());
    } else {
      try {
        await (loading ??= load());
      } catch {
        loading = null;
        close();
        tell(words.noTiles);
        return;
      }
      if (!isOpen || map) return;
      L.Map.mergeOptions({ keyboard: false, scrollWheelZoom: false });
      if (isCalm) L.Map.mergeOptions({ zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false });
      dispatchEvent(new Event("open-place-map"));
    }
    byId("place-map").focus();
  };

  const close = () => {
    show(false);
    buttons.open.focus();
  };

  window.placeMapOpened = (opened) => {
    map = opened;
    const [lat, lng] = words.center.split(",").map(Number);
    map.setView(typedPoint() || [lat, lng], typedPoint() ? 15 : 4, { animate: false });
    const container = map.getContainer();
    container.tabIndex = 0;
    container.setAttribute("role", "application");
    container.setAttribute("aria-label", words.mapName);
    const isTouched = matchMedia("(pointer: coarse)").matches && !isPhone.matches;
    if (isTouched) {
      map.dragging.disable();
      tell(words.twoFingers);
    }
    map.on("click", (event) => {
      map.setView(event.latlng, map.getZoom(), { animate: false });
      useCenter();
    });
    map.on("dragend", useCenter);
    map.on("zoomend moveend", drawRadius);
    drawRadius();
    mark(typedPoint());
    // Said once: after every move it would drown what is said of the point.
    map.eachLayer((layer) => layer.once("tileerror", () => tell(words.noTiles)));
    container.addEventListener("keydown", onKey);
    container.focus();
  };

  // Seen from afar a step of the form moves nothing that can be seen: then a key moves a few dozen pixels.
  const visibleStepMeters = () => {
    const metersPerPixel = (156543 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / 2 ** map.getZoom();
    return map.getZoom() < 13 ? 40 * metersPerPixel : 0;
  };

  const onKey = async (event) => {
    if (event.key in WAYS) move(WAYS[event.key], Math.max(stepMeters(), visibleStepMeters()));
    else if (event.key === "+") map.zoomIn();
    else if (event.key === "-") map.zoomOut();
    else if (event.key === "Enter") await useCenter();
    else return;
    event.preventDefault();
  };

  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen) close();
  });

  // While the map is open, the form's own move and zoom buttons move the map instead of asking the server.
  form.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="move"], button[name="zoom"]');
    if (!button || !isOpen) return;
    event.preventDefault();
    if (button.name === "zoom") {
      map.setZoom(map.getZoom() + (button.value === "in" ? 1 : -1));
      return;
    }
    const north = Number(button.value.startsWith("north")) - Number(button.value.startsWith("south"));
    const east = Number(button.value.endsWith("east")) - Number(button.value.endsWith("west"));
    move([north, east], stepMeters());
    useCenter();
  });

  const useLocation = () => {
    tell(words.finding);
    navigator.geolocation.getCurrentPosition(
      async ({ coords }) => {
        const radius = Number(form.elements.radius.value) || 150;
        tell(coords.accuracy > radius ? words.rough.replace("%s", String(Math.round(coords.accuracy))) : "");
        await setPoint(coords.latitude, coords.longitude);
        if (isOpen) map.setView([coords.latitude, coords.longitude], 16, { animate: false });
      },
      (fault) => tell(fault.code === fault.TIMEOUT ? words.timeout : words.denied),
      { enableHighAccuracy: true, timeout: 10000 },
    );
  };

  buttons.open.hidden = false;
  buttons.open.addEventListener("click", open);
  buttons.close.addEventListener("click", close);
  buttons.use.addEventListener("click", async () => {
    await useCenter();
    close();
  });
  if (navigator.geolocation) {
    byId("use-location").hidden = false;
    byId("use-location").addEventListener("click", useLocation);
  }
})();
