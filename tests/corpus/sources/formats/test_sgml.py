from corpus.sources import SkippedRecord
from tests.corpus.sources.reading import articles_in, read_bytes, skips_in

STORY = """<REUTERS TOPICS="YES" LEWISSPLIT="TRAIN" OLDID="5544" NEWID="{number}">
<DATE> 5-MAR-1987 15:01:01.79</DATE>
<PLACES><D>norhavn</D></PLACES>
<UNKNOWN>&#5;&#5;&#5;C T
&#22;&#1;f0704&#31;reute</UNKNOWN>
<TEXT>&#2;
<TITLE>FERRY &lt;SULA> SINKS</TITLE>
<AUTHOR>    By Ana Ruiz, Reuters</AUTHOR>
<DATELINE>    NORHAVN, March 5 - </DATELINE><BODY>The ferry Sula sank off
Norhavn on Tuesday after its hull had cracked in a storm that
nobody had foreseen.
    Nine people were rescued, A&amp;B Shipping said.
 Reuter
&#3;</BODY></TEXT>
</REUTERS>
"""
BRIEF = """<REUTERS NEWID="2"><DATE>5-MAR-1987</DATE><TEXT TYPE="BRIEF">
<TITLE>RAIN</TITLE>
</TEXT></REUTERS>
"""
HEAD = '<!DOCTYPE lewis SYSTEM "lewis.dtd">\n'


def test_stories_have_text_date_and_dateline() -> None:
    (article,) = articles_in(read_bytes((HEAD + STORY.format(number=1)).encode()))
    assert article.id == "reuters-1" and article.title == "FERRY <SULA> SINKS"
    assert article.text == (
        "NORHAVN, March 5 - The ferry Sula sank off Norhavn on Tuesday after its hull had cracked "
        "in a storm that nobody had foreseen.\n\nNine people were rescued, A&B Shipping said."
    )
    assert article.published == "1987-03-05T15:01:01+00:00"
    assert article.authors == ("Ana Ruiz",) and article.source == "Reuters"


def test_headlines_without_a_story_are_skipped() -> None:
    (skip,) = read_bytes((HEAD + BRIEF).encode())
    assert isinstance(skip, SkippedRecord) and "headline only" in skip.reason


def test_many_stories_are_read_piece_by_piece() -> None:
    raw = HEAD + "".join(STORY.format(number=i) for i in range(1500)) + BRIEF
    assert len(raw) > 512 * 1024
    records = read_bytes(raw.encode("cp1252"))
    assert len(articles_in(records)) == 1500 and len(skips_in(records)) == 1


def test_a_file_that_breaks_off_yields_what_came_before() -> None:
    raw = HEAD + "".join(STORY.format(number=i) for i in range(9))
    records = read_bytes(raw[:-60].encode())
    assert len(articles_in(records)) == 8
    (skip,) = skips_in(records)
    assert skip.line == 9 and "breaks off" in skip.reason
