"""The Celery application and its static beat schedule. Tasks only ring a bell: the database holds the truth."""

import os

from celery import Celery
from celery.schedules import schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

REDIS = {"visibility_timeout": 120, "unacked_restore_interval": 5, "unacked_restore_throttle": 1}
BROKER_TRANSPORT_OPTIONS: dict[str, dict[str, object]] = {
    "memory": {"polling_interval": 0.1},
    "redis": {**REDIS},
    "rediss": {**REDIS},
    "amqp": {"confirm_publish": True},
}
"""By the scheme of the broker's URL."""


def beat_schedule(*, is_embedded: bool, has_live_prices: bool) -> dict[str, dict[str, object]]:
    """What runs how often, in seconds. Two beats may run at once: every task is safe to run twice."""
    seconds_by_task = {
        "charging.tasks.sweep": 1 if is_embedded else 10,
        "charging.tasks.send_commands": 10,
        "charging.api.tasks.send_webhooks": 1 if is_embedded else 2,
        "charging.views.tasks.mail_alerts": 300,
        "charging.tasks.say_farewells": 60,
        "charging.tasks.clean_up": 3600,
    }
    if has_live_prices:
        # Whether anybody has to be asked stands in the database; most bells find nothing to do.
        seconds_by_task["charging.tasks.fetch_prices"] = 60
    return {
        # A bell that was not heard in time is worth nothing: the next one says the same.
        task: {"task": task, "schedule": schedule(seconds), "options": {"expires": max(seconds, 10)}}
        for task, seconds in seconds_by_task.items()
    }


JOBS: dict[str, object] = {
    # Two beats may run: the schedule is static, and every bell may be rung twice.
    "beat_scheduler": "celery.beat:Scheduler",
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_ignore_result": True,
    "task_soft_time_limit": 60,
    "task_time_limit": 90,
    "task_publish_retry_policy": {"max_retries": 2, "interval_start": 0.1, "interval_step": 0.2, "interval_max": 0.5},
    "worker_prefetch_multiplier": 1,
    "worker_max_tasks_per_child": 200,
    "worker_max_memory_per_child": 500_000,
    "worker_cancel_long_running_tasks_on_connection_loss": True,
    "worker_soft_shutdown_timeout": 20,
    "worker_hijack_root_logger": False,
    "accept_content": ["json"],
    "task_serializer": "json",
    "timezone": "UTC",
}
"""What holds for every installation; times in seconds, memory in KiB of a child."""

app = Celery("readyby", changes=JOBS)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["charging.api", "charging.views"])
# By its name: it reads the database, which is not there to be imported yet.
app.steps["worker"].add("config.worker_watch:WatchStep")
