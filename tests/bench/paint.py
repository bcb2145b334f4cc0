"""How soon the pages of a running server are painted on a phone, and how long scripts hold it up.

Report only: a new guest goes through the wizard on a slow connection with a fifth of the processor, as Lighthouse's
phone has it, and the browser's own performance interface tells largest paint, blocking and layout shift of each page.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.chromium import find_chromium

PHONE = {"width": 360, "height": 800}
SLOWER = 4
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
OBSERVE = """() => {
    window.seen = { paint: 0, shift: 0, blocked: 0 };
    const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note))
        .observe({ type, buffered: true });
    watch("largest-contentful-paint", (entry) => { seen.paint = entry.startTime; });
    watch("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.shift += entry.value; });
    watch("longtask", (entry) => { seen.blocked += Math.max(0, entry.duration - 50); });
}"""
PAGES = ("/", "/setup/start/", "/dashboard/", "/history/", "/prices/", "/settings/", "/health/", "/help/")


def measure(page: Page, url: str) -> dict[str, Any]:
    """Opens the page anew; milliseconds until the largest paint, milliseconds blocked, and the layout shift."""
    page.goto(url, wait_until="load")
    page.wait_for_timeout(1000)
    seen = page.evaluate("seen")
    return {"paint_ms": round(seen["paint"]), "blocked_ms": round(seen["blocked"]), "shift": round(seen["shift"], 4)}


def press(page: Page, words: str, role: Any = "button") -> None:
    """Presses what leads to another page."""
    with page.expect_navigation():
        page.get_by_role(role, name=words).last.click()


def tour(page: Page, server: str) -> dict[str, dict[str, Any]]:
    """Every question of the wizard, then the pages of every day."""
    found: dict[str, dict[str, Any]] = {}

    def look() -> None:
        path = page.url.removeprefix(server).partition("#")[0].partition("?")[0]
        found[path] = measure(page, page.url)

    page.goto(f"{server}/setup/start/")
    press(page, "Try it with a simulated car")
    look()
    press(page, "Continue", "link")
    for _ in range(2):
        look()
        press(page, "Continue")
    look()
    page.get_by_label("Yes, nothing else controls charging").check()
    for _ in range(2):
        press(page, "Continue")
        look()
    press(page, "Use an example place")
    press(page, "Continue")
    look()
    press(page, "Turn on smart charging")
    look()
    return found | {path: measure(page, server + path) for path in PAGES}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of a running server")
    server = parser.parse_args().url.rstrip("/")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        context = browser.new_context(viewport=PHONE, service_workers="block")  # type: ignore[arg-type]
        context.add_init_script(f"({OBSERVE})()")
        page = context.new_page()
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.setCacheDisabled", {"cacheDisabled": True})
        line.send("Network.emulateNetworkConditions", SLOW_4G)
        line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        pages = tour(page, server)
        browser.close()
    worst = {name: max(values[name] for values in pages.values()) for name in ("paint_ms", "blocked_ms", "shift")}
    print(json.dumps({"pages": pages, "worst": worst}, indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
