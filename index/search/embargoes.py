"""Which passages are not to be shown yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import numpy.typing as npt

__all__ = ["Embargoes"]

Keys = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Embargoes:
    """The (n,) keys of passages that are or were embargoed, and when that ends.

    `ends_s` are seconds of the epoch, `days` the proleptic ordinals of the days.
    """

    keys: Keys
    ends_s: npt.NDArray[np.float64]
    days: npt.NDArray[np.int32]

    @classmethod
    def of(cls, ends: Mapping[int, str], passages: Keys, articles: Keys) -> "Embargoes":
        """Return those of articles, by their keys; `articles` has the article of each passage."""
        embargoed = np.isin(articles, np.fromiter(ends, np.int64, len(ends)))
        moments = [_moment(ends[key]) for key in articles[embargoed].tolist()]
        return cls(
            passages[embargoed],
            np.array([moment.timestamp() for moment in moments], np.float64),
            np.array([moment.toordinal() for moment in moments], np.int32),
        )

    def hidden(self, now: datetime, as_of: date | None = None) -> Keys:
        """Return the keys that are not to be shown now, or to who looks from a day."""
        is_hidden = self.ends_s > now.timestamp()
        if as_of:
            is_hidden |= self.days > as_of.toordinal()
        return self.keys[is_hidden]


def _moment(end: str) -> datetime:
    moment = datetime.fromisoformat(end)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
