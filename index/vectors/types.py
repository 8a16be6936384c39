"""What vectors are called here."""

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

__all__ = ["Batch", "Keys", "ReadVectors", "Vectors"]

Vectors = npt.NDArray[np.float32]
Keys = npt.NDArray[np.int64]
Batch = tuple[Keys, npt.NDArray[np.float16]]
# Yields the (n, dim) unit vectors of passages, batch by batch, with their (n,) keys.
ReadVectors = Callable[[Keys], Iterable[Batch]]
