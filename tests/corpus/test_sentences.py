import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import _has_no_end_inside, _starts, sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        "He met Lt. Col. Bob Jones in the U.S. on Jan. 5.|It rained.",
        "Cpl. Samuel Qin was promoted.|He left at 5 p.m. Tuesday.",
        "“Stop!” he cried.|“I will not,” said Gov. Ana Ruiz.",
        "Acme Inc. grew 4.5 percent.|Its No. 2 rival shrank.",
        "Avg. Cost was $3.50.|It rose.",
    ],
)
def test_news_sentences(text: str) -> None:
    assert sentences(text.replace("|", " ")) == text.split("|")


@pytest.mark.parametrize(
    "text",
    [
        "Die Brücke wurde am 3. Oktober 1912 eröffnet.|Sie ist alt.",
        "Der 2. Weltkrieg endete 1945.|Im 19. Jahrhundert war es anders.",
        "Am Montag, 3. August 1914, begann er.|Am 24. und 25. Dezember ruht die Arbeit.",
        "Sie wurde 3. in Köln.|Der Termin ist am 3.|Danach ist Schluss.",
        "Es gewann der 1. FC Tarn.|Die Kosten stiegen um 3 Mio. Euro, bzw. um 4 Prozent.",
        "Det skete den 3. oktober 1912.|Det var koldt.",
        "Mme. Roy est partie.|Le taux est de 3,5 % depuis mardi.",
        "The price was $3.|October came.|He came in as number 3.|The other won.",
        "He was born in 2019.|Mayor Ruiz is 71.|“I am 12.|He is 13,” she said.|Die 3.|It broke.",
    ],
)
def test_numbers_with_a_dot_do_not_end_a_sentence(text: str) -> None:
    assert sentences(text.replace("|", " ")) == text.split("|")


@pytest.mark.parametrize(
    ("text", "between"),
    [
        ("桥于1912年开放。|市长说：“很好！”然后离开了。|多少钱？|三百万元！", ""),
        ("橋は1912年に開通した。|市長は「良い。」と言った。|本当？！|はい。", ""),
        ("“开放了。”|“很好。”", ""),
        ("افتتح الجسر عام 1912.|كم كلف؟|ثلاثة ملايين.", " "),
        ("پل کھل گیا۔|کتنی لاگت آئی؟|تین کروڑ۔", " "),
        ("पुल 1912 में खुला।|लागत क्या थी?|तीन करोड़।", " "),
        ("Կամուրջը բացվեց։|Այո։", " "),
        ("ድልድዩ ተከፈተ።|አዎ።", " "),
        ("Мост открыли в 1912 году.|Сколько он стоил?|Три миллиона.", " "),
        ("Η γέφυρα άνοιξε το 1912.|Κόστισε πολύ.", " "),
    ],
)
def test_the_stops_of_the_worlds_scripts_end_a_sentence(text: str, between: str) -> None:
    assert sentences(text.replace("|", between)) == text.split("|")


def test_a_line_break_ends_a_sentence() -> None:
    assert sentences("A caption without a stop\n\nThe story begins.") == [
        "A caption without a stop",
        "The story begins.",
    ]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_sentences_cover_the_text_in_order(text: str) -> None:
    spans = sentence_spans(text)
    last = 0
    for start, end in spans:
        assert last <= start < end
        assert text[start:end] == text[start:end].strip()
        assert not text[last:start].strip()
        last = end
    assert not text[last:].strip()


@given(st.text(st.sampled_from(" aB1.!?…\"')]}”’»*(“,-\t\u00a0"), max_size=12))
def test_a_line_without_an_end_inside_needs_no_tokenizer(line: str) -> None:
    if _has_no_end_inside(line):
        assert _starts(line) == []
