"""The reader's loop that one writes first."""

from typing import Any

__all__ = ["best_span"]

_MAX_TOKENS = 384
_MAX_ANSWER_TOKENS = 30


def best_span(
    reader: Any,  # noqa: ANN401 - torch is installed only where this runs
    tokenizer: Any,  # noqa: ANN401
    question: str,
    text: str,
) -> tuple[float, str]:
    """Return the best span of a text, and by how many logits it is better than [CLS]."""
    import torch

    given = tokenizer(
        question, text, truncation="only_second", max_length=_MAX_TOKENS,
        return_offsets_mapping=True, return_tensors="pt",
    )  # fmt: skip
    offsets = given.pop("offset_mapping")[0].tolist()
    ids = given.sequence_ids(0)
    with torch.no_grad():
        logits = reader(**given)
    start, end = logits.start_logits[0], logits.end_logits[0]
    inside = torch.tensor([one == 1 for one in ids])
    scores = start[:, None] + end[None, :]
    scores = scores.masked_fill(~(inside[:, None] & inside[None, :]), -1e9)
    legal = torch.ones_like(scores).triu().tril(_MAX_ANSWER_TOKENS - 1)
    scores = scores.masked_fill(legal == 0, -1e9)
    first, last = divmod(int(scores.argmax()), len(ids))
    margin = float(scores[first, last] - start[0] - end[0])
    return margin, text[offsets[first][0] : offsets[last][1]]
