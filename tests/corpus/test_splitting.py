from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article
from corpus.sentences import sentence_spans
from corpus.splitting import Limit, Splitter, headed_text
from corpus.tokens import count_tokens

WORDS = Limit(30, lambda texts: [len(text.split()) for text in texts])

prose = st.lists(
    st.lists(
        st.sampled_from(["ferry", "sank", "Ølsen", "42", "🙂", "the"]), min_size=1, max_size=60
    ).map(lambda words: " ".join(words).capitalize() + "."),
    min_size=1,
    max_size=12,
).map(" ".join)


def article(text: str, title: str = "A title") -> Article:
    return Article("a", title, text)


@given(prose, st.integers(8, 60))
def test_passages_hold_every_sentence_within_the_limits(text: str, max_tokens: int) -> None:
    story = article(text)
    passages = Splitter(max_tokens, WORDS).split(story)
    for passage in passages:
        assert passage.start == passage.sentences[0][0]
        assert passage.end == passage.sentences[-1][1]
        # Counting sentence by sentence can differ from counting the whole by the joints.
        assert count_tokens([text[passage.start : passage.end]])[0] <= max_tokens + len(
            passage.sentences
        )
        assert len(headed_text(story, passage.start, passage.end).split()) <= 34
    covered = {i for p in passages for start, end in p.sentences for i in range(start, end)}
    assert all(i in covered or text[i].isspace() for i in range(len(text)))
    assert all(one.start < two.start for one, two in pairwise(passages))


def test_no_sentence_stands_twice() -> None:
    text = "One two three. Four five six. Seven eight nine. Ten eleven twelve."
    sentences = [s for p in Splitter(9).split(article(text)) for s in p.sentences]
    assert len(sentences) == len(set(sentences)) == 4


def test_a_sentence_longer_than_a_passage_is_cut_between_words() -> None:
    text = " ".join(f"word{i}" for i in range(100))
    passages = Splitter(20).split(article(text))
    pieces = [text[p.start : p.end] for p in passages]
    assert len(pieces) > 5
    assert " ".join(pieces) == text


def test_a_very_long_title_leaves_room_for_the_text() -> None:
    passages = Splitter(200, WORDS).split(article("One two three. " * 30, "title " * 500))
    assert passages


def test_no_text_no_passages() -> None:
    assert Splitter(20).split(article("")) == []


def reference(text: str, splitter: Splitter, head: int) -> list[tuple[tuple[int, int], ...]]:
    """Split as the rule says, counting whatever is compared, with no regard for time."""
    limits = [(splitter.max_tokens, count_tokens), (max(WORDS.size - head, 32), WORDS.count)]

    def fits(spans: list[tuple[int, int]]) -> bool:
        return all(
            sum(count([text[start:end] for start, end in spans])) <= size for size, count in limits
        )

    def parts(start: int, end: int) -> list[tuple[int, int]]:
        if end - start <= min(size for size, _ in limits) or fits([(start, end)]):
            return [(start, end)]
        middle = (start + end) // 2
        cut = text.rfind(" ", start + 1, middle)
        cut = cut if cut > start else middle
        left = (start, start + len(text[start:cut].rstrip()))
        right = (end - len(text[cut:end].lstrip()), end)
        return [part for half in (left, right) if half[0] < half[1] for part in parts(*half)]

    sentences = [part for span in sentence_spans(text) for part in parts(*span)]
    passages, first = [], 0
    while first < len(sentences):
        last = first + 1
        while last < len(sentences) and fits(sentences[first : last + 1]):
            last += 1
        passages.append(tuple(sentences[first:last]))
        first = last
    return passages


@given(prose | st.text(max_size=300), st.integers(8, 60))
def test_passages_are_those_of_the_plain_rule(text: str, max_tokens: int) -> None:
    splitter = Splitter(max_tokens, WORDS)
    found = [passage.sentences for passage in splitter.split(article(text))]
    assert found == reference(text, splitter, head=2)
