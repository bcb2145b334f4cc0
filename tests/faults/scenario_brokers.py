"""F3 to F5: what becomes of cars when the broker dies, forgets, hangs up, falls silent or takes no more."""

from __future__ import annotations

import time

from tests.faults import watching
from tests.faults.installation import Installation
from tests.faults.servers import Rabbit, start_proxy
from tests.faults.watching import FIRST_LOOK_SECONDS, START_SECONDS, next_look, next_sweep
from tests.processes import make_free_port

AGAIN_SECONDS = 60
"""Until a worker that had lost its broker does something again; on a busy machine with what starts beside it."""

HEALED_SECONDS = 120


def redis_dies(it: Installation) -> dict[str, float]:
    """F3: emptied, then killed and started anew; meanwhile the guardian sweeps."""
    it.redis.start()
    watching.make_busy_fleet()
    it.readyby.worker()
    it.readyby.beat()
    found = {"first sweep": next_sweep(START_SECONDS, "at first")}
    it.redis.empty()
    found["after FLUSHALL"] = next_sweep(AGAIN_SECONDS, "after FLUSHALL")
    it.redis.kill()
    guardian = it.readyby.guardian(every=5)
    found["while it is down"] = next_look(START_SECONDS, "while Redis is down")
    found["again while it is down"] = next_look(FIRST_LOOK_SECONDS, "again while Redis is down")
    guardian.end()
    it.redis.start()
    found["by the worker after its return"] = next_sweep(AGAIN_SECONDS, "by the worker")
    watching.assert_no_breach(it)
    return found


def redis_hangs_up(it: Installation) -> dict[str, float]:
    """F4: resets in a row, then a broker that is there and says nothing."""
    it.redis.start()
    switch = it.folder / "proxy"
    port = start_proxy(it.processes, to_port=it.redis.port, switch=switch)
    it.readyby.broker_url = f"redis://127.0.0.1:{port}/0"
    watching.make_busy_fleet()
    it.readyby.worker()
    it.readyby.beat()
    found = {"first sweep": next_sweep(START_SECONDS, "at first")}
    for _ in range(3):
        switch.write_text("reset", encoding="utf-8")
        time.sleep(0.5)
        switch.write_text("pass", encoding="utf-8")
        time.sleep(0.5)
    found["after three resets"] = next_sweep(HEALED_SECONDS, "after three resets")
    switch.write_text("blackhole", encoding="utf-8")
    time.sleep(15)
    switch.write_text("pass", encoding="utf-8")
    found["after a silence of 15 s"] = next_sweep(HEALED_SECONDS, "after a silence")
    watching.assert_no_breach(it)
    return found


def rabbit_dies(it: Installation) -> dict[str, float]:
    """F5: killed and started anew, then out of memory."""
    rabbit = Rabbit(it.processes, it.folder / "rabbit", make_free_port())
    rabbit.start()
    it.readyby.broker_url = rabbit.url
    watching.make_busy_fleet()
    it.readyby.worker()
    it.readyby.beat()
    found = {"first sweep": next_sweep(START_SECONDS, "at first")}
    rabbit.kill()
    time.sleep(3)
    rabbit.start()
    found["after its return"] = next_sweep(HEALED_SECONDS, "after its return")
    rabbit.control("set_vm_memory_high_watermark", "0.0001")
    guardian = it.readyby.guardian(every=5)
    found["while it takes nothing"] = next_look(START_SECONDS, "while RabbitMQ takes nothing")
    guardian.end()
    rabbit.control("set_vm_memory_high_watermark", "0.4")
    found["by the worker once it takes again"] = next_sweep(HEALED_SECONDS, "by the worker")
    watching.assert_no_breach(it)
    return found
