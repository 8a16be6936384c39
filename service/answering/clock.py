"""How long the stages of a question take."""

import time
from dataclasses import dataclass, field

__all__ = ["Clock"]


@dataclass(slots=True)
class Clock:
    """Times the stages of one question, in milliseconds; a stage done twice counts together."""

    laps_ms: dict[str, float] = field(default_factory=dict)
    _last: float = field(default_factory=time.perf_counter)

    def lap(self, stage: str) -> None:
        """Count the time since the last lap to a stage."""
        now = time.perf_counter()
        took = self.laps_ms.get(stage, 0.0) + 1000 * (now - self._last)
        self.laps_ms[stage] = round(took, 2)
        self._last = now
