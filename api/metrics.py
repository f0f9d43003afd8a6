"""What Prometheus reads at /metrics; one registry an app, so that two apps in a process do not mix."""

from __future__ import annotations

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Histogram


@dataclass(frozen=True)
class Metrics:
    """Decisions by action and reason, how long they took, and what happens in conversations."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    decisions: Counter = field(init=False)
    seconds: Histogram = field(init=False)
    events: Counter = field(init=False)

    def __post_init__(self) -> None:
        decisions = Counter("krupier_decisions", "Decisions taken.", ["action", "reason"], registry=self.registry)
        seconds = Histogram("krupier_decision_seconds", "Time to a decision.", registry=self.registry)
        object.__setattr__(self, "decisions", decisions)
        object.__setattr__(self, "seconds", seconds)
        events = Counter("krupier_chat_events", "Events of chats.", ["kind", "author"], registry=self.registry)
        object.__setattr__(self, "events", events)
