"""The gateway to a car that is read and commanded through an MQTT broker.

Reading connects, takes what is kept of the car's topics, and leaves. A wish is a message to a topic: that the broker
has it says nothing of whether anybody listens, so that only the car's own state counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from charging.adapters.vehicles.gateway import Acknowledgement, Capabilities
from charging.adapters.vehicles.home_assistant_reading import TOLD_BY
from charging.adapters.vehicles.home_assistant_states import UNPLUGGED
from charging.adapters.vehicles.mqtt_broker import Broker
from charging.adapters.vehicles.mqtt_reading import Place, Seen, mqtt_reading, seen_of, told_at, word_said
from charging.adapters.vehicles.mqtt_topics import Topics
from charging.core.facts import Hold, Reading
from charging.core.obstacle import WELL, Control, Obstacle

TAKEN = Acknowledgement(accepted=True)
NOT_PLUGGED_IN = Acknowledgement(accepted=False, detail="The car is not plugged in.")
NO_LEASE = Acknowledgement(accepted=False, detail="A broker keeps no lease.")
NO_TOPIC = Acknowledgement(accepted=False, detail="There is no topic that starts and stops the car.")
NEEDED = ("level", "plug")
BEFORE_A_WISH = frozenset({"plug", "alive"})


@dataclass
class Memory:
    """What was seen of a car's topics, for as long as this lives."""

    seen: Seen = field(default_factory=dict)

    def load(self) -> Seen:
        """Returns it."""
        return self.seen

    def save(self, seen: Seen) -> None:
        """Keeps it."""
        self.seen = seen


@dataclass(frozen=True, slots=True)
class MqttGateway:
    """Reads and commands one car. There is no lease: a stop lasts until a start.

    `place` is where it stands whenever it is plugged in, if the topics say so; `load` and `save` keep what was seen.
    """

    broker: Broker
    topics: Topics
    load: Callable[[], Seen]
    save: Callable[[Seen], None]
    place: Place | None = None
    poll_interval: timedelta = timedelta(minutes=2)
    has_lease: bool = False

    @property
    def capabilities(self) -> Capabilities:
        """What the chosen topics tell."""
        roles = {role for role, _ in self.topics.that_are_read()}
        if self.topics.at_home and self.place is not None:
            roles.add("position")
        told = {name for role in roles for name in TOLD_BY.get(role, ())}
        return Capabilities(is_controllable=self.topics.is_controllable, readings=frozenset(told))

    def read(self, *, now: datetime) -> Reading | None:
        """What is kept at the topics; None while none of it says how full the car is or whether it is plugged in."""
        wanted = dict(self.topics.that_are_read())
        with self.broker.session() as session:
            heard = session.listen([source.topic for source in wanted.values()])
        told = told_at(self.topics, heard)
        before = self.load()
        seen = seen_of(told, before, now)
        if seen != before:
            self.save(seen)
        return mqtt_reading(self.topics, told, seen, self.place, now)

    def control(self, *, now: datetime) -> Control:
        """Whether the level and the plug can be heard; whether anybody hears what starts the car no broker tells."""
        wanted = dict(self.topics.that_are_read())
        with self.broker.session() as session:
            told = told_at(self.topics, session.listen([source.topic for source in wanted.values()]))
            closed = session.closed
        needed = {role: source.topic for role, source in wanted.items() if role in NEEDED}
        if not_allowed := tuple(topic for topic in needed.values() if topic in closed):
            return Control(Obstacle.SCOPE_WITHDRAWN, not_allowed)
        gone = tuple(topic for role, topic in needed.items() if role not in told)
        return Control(Obstacle.READING_GONE, gone) if gone else WELL

    def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
        """Say so at the topic for starting. `command_id` has no place to go."""
        return self._wish(self.topics.start, self.topics.start_payload)

    def stop(self, *, command_id: UUID, hold: Hold | None, now: datetime) -> Acknowledgement:
        """Say so at the topic for stopping; the hold is the caller's to end."""
        return self._wish(self.topics.stop, self.topics.stop_payload)

    def renew(self, *, hold: Hold, now: datetime) -> Acknowledgement:
        """Refused: nobody there could start the car by itself."""
        return NO_LEASE

    def _wish(self, topic: str, payload: str) -> Acknowledgement:
        if not self.topics.is_controllable:
            return NO_TOPIC
        wanted = {role: source for role, source in self.topics.that_are_read() if role in BEFORE_A_WISH}
        with self.broker.session() as session:
            told = told_at(self.topics, session.listen([source.topic for source in wanted.values()]))
            if self._is_unplugged(told):
                return NOT_PLUGGED_IN
            session.publish(topic, payload)
        return TAKEN

    def _is_unplugged(self, told: dict[str, tuple[str, bool]]) -> bool:
        """Whether it is said so: nothing said is not "unplugged"."""
        return "plug" in told and word_said(told["plug"][0], self.topics.plug_words).lower() in UNPLUGGED
