"""The budget of questions: so many an hour, and a part of them for what cannot wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from charging.core.call_budget import Bucket, Rate, take

NOW = datetime(2026, 1, 13, 18, 0, tzinfo=UTC)
RATE = Rate(60)
"""One a minute; a full bucket holds 15, of which 3 are kept."""


def take_all(bucket: Bucket | None, *, at: datetime = NOW, is_urgent: bool = False) -> tuple[int, Bucket]:
    """How many there are at one instant, and what is left."""
    count = 0
    while True:
        taken = take(bucket, RATE, now=at, is_urgent=is_urgent)
        bucket = taken.bucket
        if taken.until is not None:
            return count, bucket
        count += 1


def test_what_can_wait_leaves_a_part_to_what_cannot() -> None:
    usual, bucket = take_all(None)
    urgent, bucket = take_all(bucket, is_urgent=True)

    assert (usual, urgent, bucket.left) == (12, 3, 0.0)


def test_it_fills_evenly_and_says_when_to_come_again() -> None:
    _count, bucket = take_all(None)
    refused = take(bucket, RATE, now=NOW + timedelta(seconds=30))

    assert refused.until == NOW + timedelta(minutes=1)
    assert take(refused.bucket, RATE, now=refused.until).until is None


def test_an_hour_of_asking_all_the_time_stays_within_the_rate_and_one_bucket() -> None:
    bucket, count = None, 0
    for second in range(3600):
        taken = take(bucket, RATE, now=NOW + timedelta(seconds=second))
        bucket = taken.bucket
        count += taken.until is None

    assert count == 12 + 59


def test_it_never_holds_more_than_a_full_one_and_never_fills_backward() -> None:
    _count, empty = take_all(None, is_urgent=True)

    assert take_all(empty, at=NOW + timedelta(days=3))[0] == 12
    assert take(empty, RATE, now=NOW - timedelta(hours=5)).bucket == empty


def test_a_small_rate_still_lets_one_through_and_keeps_one() -> None:
    assert (Rate(1).burst, Rate(1).reserved) == (5.0, 1.0)
    assert (Rate(0).is_limited, Rate(1).is_limited) == (False, True)


def test_a_bucket_of_a_clock_that_was_wrong_goes_on_from_now() -> None:
    ahead = Bucket(0.0, NOW + timedelta(hours=1))

    refused = take(ahead, RATE, now=NOW)

    assert refused.until == NOW + timedelta(minutes=4)
    assert take(Bucket(0.0, NOW), RATE, now=refused.until).until is None
    assert take(Bucket(9.0, ahead.at), RATE, now=NOW).bucket == Bucket(8.0, NOW)
