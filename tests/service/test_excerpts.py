from corpus.article import Article, Passage
from index.search.hit import Hit
from service.excerpts import ReadText, around, excerpt_of, marks_in, read_texts

TEXT = "The ferry sank. Nine people were rescued.\n\nThe night was calm. Nobody was hurt."
ARTICLE = Article("ferry", "Ferry sinks", TEXT)


def test_the_sentences_beside_a_quote_are_given() -> None:
    start = TEXT.index("Nine")
    beside = around(ReadText(ARTICLE), start, start + len("Nine people were rescued."))
    assert (beside.before, beside.after) == ("The ferry sank.", "The night was calm.")


def test_there_is_nothing_before_the_first_sentence_and_after_the_last() -> None:
    assert around(ReadText(ARTICLE), 0, 15).before is None
    assert around(ReadText(ARTICLE), TEXT.index("Nobody"), len(TEXT)).after is None


def test_a_sentence_of_unusual_length_is_left_out() -> None:
    long = f"A {'very ' * 200}long sentence. Short one. A {'very ' * 200}long sentence."
    start = long.index("Short")
    beside = around(ReadText(Article("x", "", long)), start, start + len("Short one."))
    assert (beside.before, beside.after) == (None, None)


def test_words_are_marked_whatever_their_form() -> None:
    marks = marks_in("Rescuing the Ólsens, rescued", ["rescu", "olsen"])
    assert [("Rescuing the Ólsens, rescued")[a:b] for a, b in marks] == [
        "Rescuing",
        "Ólsens",
        "rescued",
    ]


def test_an_excerpt_begins_with_the_sentence_that_has_most_of_the_words() -> None:
    sentences = ((0, 15), (16, 41), (43, 62), (63, 79))
    hit = Hit(ARTICLE, Passage("ferry#0", "ferry", 0, len(TEXT), sentences), 0, 1.0)
    excerpt = excerpt_of(hit, "How many people were rescued?")
    assert TEXT[excerpt.start : excerpt.end].startswith("Nine people were rescued.")
    assert [TEXT[a:b] for a, b in excerpt.marks_inside()] == ["people", "rescued"]
    plain = excerpt_of(hit, "")
    assert (plain.start, plain.marks) == (0, ())


def test_an_excerpt_counts_from_its_passage() -> None:
    hit = Hit(ARTICLE, Passage("ferry#1", "ferry", 43, len(TEXT), ((43, 62), (63, 79))), 0, 1.0)
    excerpt = excerpt_of(hit, "Was nobody hurt?")
    assert hit.text[excerpt.start : excerpt.end] == "Nobody was hurt."


def test_sentences_that_are_known_are_not_sought_again() -> None:
    start, end = TEXT.index("Nine"), TEXT.index("Nine") + len("Nine people were rescued.")
    # As no splitter would cut them: so it is these that are used.
    sentences = ((4, 15), (start, end), (43, 52))
    hits = [Hit(ARTICLE, Passage("ferry#0", "ferry", 0, 60, sentences), 0, 1.0)]
    beside = around(read_texts(hits)["ferry"], start, end)
    assert (beside.before, beside.after) == ("ferry sank.", TEXT[43:52])
    # Of two passages of an article all sentences count.
    more = Hit(ARTICLE, Passage("ferry#1", "ferry", 63, len(TEXT), ((63, 79),)), 1, 1.0)
    assert len(read_texts([*hits, more])["ferry"].sentences) == 4
