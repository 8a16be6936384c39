"""From evidence to a confidence in [0, 1], and the confidence below which no answer is given."""

import math
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import ModelError

__all__ = ["Calibration"]


class Calibration(BaseModel):
    """A logistic model of "this answer is right", fitted on held-out news questions.

    Platt, "Probabilistic outputs for support vector machines" (1999), with three inputs: the
    logarithm of an answer's share of the evidence, its margin over "no answer", and how much of
    the question its passage speaks of.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bias: float
    log_share_weight: float
    margin_weight: float
    coverage_weight: float
    abstain_below: float = Field(ge=0.0, le=1.0)

    @classmethod
    def read(cls, path: Path) -> "Calibration":
        """Read `calibration.json` of a reader's folder.

        Raises:
            ModelError: it is missing or holds something else.
        """
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise ModelError(
                f"{path} cannot be read: {error}. Install Dateline again, or make the file with "
                "`python -m training.calibrate`."
            ) from error

    def confidence(self, share: float, margin: float, coverage: float) -> float:
        """Return the probability that an answer is right.

        `share` is its part in [0, 1] of the evidence, `margin` its best span's score minus that
        of "no answer", `coverage` the part in [0, 1] of the question's words in its passage.
        """
        logit = (
            self.bias
            + self.log_share_weight * math.log(max(share, 1e-6))
            + self.margin_weight * margin
            + self.coverage_weight * coverage
        )
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, logit))))
