"""What can go wrong with a simulated car, in the words of its driver. A name is that of a preset in operations."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = tuple[str, Promise]

FAULT_GROUPS: tuple[tuple[Promise, tuple[Words, ...]], ...] = (
    (
        _("The car"),
        (
            ("ignores_start", _("Your car ignores the next start")),
            ("ignores_six_starts", _("Your car ignores the next six starts")),
            ("ignores_stop", _("Your car ignores the next stop")),
            ("slow", _("Your car charges a little too slowly")),
            ("very_slow", _("Your car charges much too slowly")),
            ("sleeps", _("Your car is hard to wake")),
            ("ceiling_at_60", _("Your car stops at 60 %, below its limit")),
        ),
    ),
    (
        _("The plug"),
        (
            ("power_cut", _("The power is off for an hour")),
            ("flapping", _("Charging comes and goes for two hours")),
            ("load_balancing", _("The power goes up and down")),
        ),
    ),
    (
        _("Timers"),
        (
            ("timer_at_23", _("A timer allows charging from 23:00")),
            ("timer_until_4", _("A timer allows charging until 04:00")),
            ("reports_schedule", _("Your car reports hours of its own, 23:00 to 06:00")),
            ("schedule_conflict", _("Your charger refuses to start before 02:00")),
        ),
    ),
    (
        _("Another app"),
        (
            ("another_app", _("Another app undoes what we do")),
            ("checks_every_half_hour", _("Another app undoes what we do after half an hour")),
            ("charger_pauses", _("Your charger pauses half a minute after each start")),
            ("starts_at_23", _("Another app starts your car at 23:00")),
            ("starts_at_odd_times", _("Something starts your car at odd times")),
            ("limit_falls_at_22", _("Another app lowers the limit at 22:00")),
        ),
    ),
    (
        _("What your car tells us"),
        (
            ("silent", _("Your car does not answer for three hours")),
            ("offline_at_night", _("Your car has no network from 01:00 to 03:00")),
            ("frozen", _("Your car repeats itself for an hour and a half")),
            ("stale", _("Your car often tells old numbers")),
            ("mixed_up", _("Answers come twice, or in the wrong order")),
            ("reply_lost", _("The replies of your car get lost")),
        ),
    ),
    (
        _("The cable"),
        (
            ("unplugged_at_23", _("Your car is unplugged at 23:00 for 20 minutes")),
            ("drives_away_at_3", _("Your car drives away at 03:00")),
        ),
    ),
)

FAULT_WORDS: dict[str, Promise] = dict(words for _heading, group in FAULT_GROUPS for words in group)
