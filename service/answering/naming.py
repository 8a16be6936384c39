"""Which answers name one thing, and which of them names it best.

"Yellowstone" and "Yellowstone National Park" are one answer to "Which national park was closed?",
and the second is the better one; of "DART" and "DART mission" the first is. "Harris" and "Joanne
Harris" are one person.
"""

from collections.abc import Collection, Mapping

from index.lexical import stems

__all__ = ["full_names", "naming_key", "naming_rank"]

_MAX_NAME_WORDS = 4


def naming_key(key: str, asked: Collection[str]) -> str:
    """Return an answer's key without the words at its end that the question asks with.

    `asked` are the question's stems. A key that has no other words, or is a value's, stays whole.

    >>> naming_key("yellowstone national park", stems("Which national park was closed?"))
    'yellowstone'
    """
    words = key.split()
    own = [not set(stems(word)).issubset(asked) for word in words]
    if key.startswith("#") or not any(own):
        return key
    n_after = own[::-1].index(True)
    return " ".join(words[: len(words) - n_after])


def full_names(texts: Mapping[str, str]) -> dict[str, str]:
    """Map the key of each last name to that of the one full name among the answers that has it.

    `texts` are answers to a question for a person by key. Two full names with one last name leave
    open whose it is: then it stays by itself.
    """
    names = [key for key, text in texts.items() if text[:1].isupper()]
    full = [key for key in names if 1 < len(key.split()) <= _MAX_NAME_WORDS]
    owners = {
        key: [name for name in full if name.endswith(f" {key}")] for key in names if " " not in key
    }
    return {key: found[0] for key, found in owners.items() if len(found) == 1}


def naming_rank(text: str, key: str, group_key: str) -> int:
    """Return how well a text names what answers with `group_key` name, 0 best.

    `key` is its own key. A name goes before itself cut short, and before itself with a word that
    is not part of it.
    """
    if key == group_key:
        return 1
    n_after = len(key.split()) - len(group_key.split())
    is_longer_name = n_after > 0 and all(word[0].isupper() for word in text.split()[-n_after:])
    return 0 if is_longer_name else 2
