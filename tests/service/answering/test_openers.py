import pytest

from corpus.article import Article
from service.answering.openers import openers, openers_of


def questions(text: str, title: str = "T", language: str | None = None) -> list[str]:
    return [one.question for one in openers([Article("x", title, text, language=language)], 6)]


@pytest.mark.parametrize(
    ("title", "text", "question"),
    [
        (
            "T",
            "Among the dead was Margit Osei, 58, the head teacher at Orvale Primary School, her "
            "brother said.",
            "Who is the head teacher at Orvale Primary School?",
        ),
        (
            "Varga saves three match points to win Port Ellery Open",
            "On Sunday Varga won.",
            "Who saves three match points to win Port Ellery Open?",
        ),
        (
            "T",
            "Roughly 2,600 residents had been moved to Pell by 8 a.m., officials said. In all 40 "
            "children were taken to Low Harrow.",
            "How many children were taken to Low Harrow?",
        ),
        (
            "T",
            "“We ran,” Calder Foods’s chief executive, Søren Dahlgaard, said.",
            "Who is Calder Foods’s chief executive?",
        ),
        (
            "T",
            "“We ran,” said Halden's chief executive, Yusuf Brandt, who was there.",
            "Who is Halden’s chief executive?",
        ),
        (
            "T",
            "“I ran,” said the man. Emil Hartz, a baker, was there. Hartz said it was loud.",
            "Who is Emil Hartz?",
        ),
        (
            "T",
            "It rained. Ines Calder, 41, was elected mayor of Pell on Tuesday. She thanked them.",
            "Who was elected mayor of Pell on Tuesday?",
        ),
    ],
)
def test_a_template_is_filled_with_words_of_the_article(
    title: str, text: str, question: str
) -> None:
    assert questions(text, title) == [question]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        # A word that is capitalised for beginning a headline only.
        ("Ferry sinks off Norhavn", "The ferry sank. A ferry is a ship."),
        # Nobody: it says nothing.
        ("T", "They live in Carrow Hills, a reserve in the north."),
        ("T", "There is nothing to ask here."),
        ("T", "They met at Pell Road’s new café, Corner House, on Friday."),
        # What points to another sentence, what is said, what is of no place or day, what is cut.
        ("T", "Ines Calder was elected mayor of Pell by his own party."),
        ("T", "Ines Calder added three further names on Tuesday."),
        ("T", "Ines Calder was elected with a narrow majority."),
        ("T", "Ines Calder was born at the lower end of St. Annes."),
        ("", ""),
    ],
)
def test_what_no_template_fits_is_passed_over(title: str, text: str) -> None:
    assert questions(text, title) == []


def test_other_languages_are_passed_over() -> None:
    text = "Emil Hartz, a baker, was there. Hartz said it was loud."
    assert questions(text, language="en-GB") == ["Who is Emil Hartz?"]
    assert questions(text, language="de") == []


def test_kinds_take_turns_and_nothing_is_asked_twice() -> None:
    baker = "Emil Hartz, a baker, was there. Hartz said it was loud."
    pilot = "Ana Ruiz, a pilot, was there. Ruiz said so."
    head = "Margit Osei, the head of Pell School, left."
    articles = [Article(str(n), "T", text) for n, text in enumerate([baker, baker, pilot, head])]
    asked = [one.question for one in openers(articles, 6)]
    assert asked == ["Who is the head of Pell School?", "Who is Emil Hartz?", "Who is Ana Ruiz?"]
    assert [one.question for one in openers(articles, 1)] == asked[:1]


def test_all_questions_of_one_article_know_what_it_says() -> None:
    text = (
        "Margit Osei, 58, the head of Pell School, left. Emil Hartz, a baker, was there. Hartz "
        "said so. In all 40 children were taken to Low Harrow."
    )
    found = openers_of(Article("x", "T", text))
    assert [(one.question, one.answer) for one in found] == [
        ("Who is the head of Pell School?", "Margit Osei"),
        ("How many children were taken to Low Harrow?", "40"),
        ("Who is Emil Hartz?", None),
    ]
    assert all(one.article_id == "x" for one in found)
    assert openers_of(Article("x", "T", text, language="de")) == []
