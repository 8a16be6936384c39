"""A question and what became of it, as the page shows it without scripts.

`turn.js` and `answer.js` build the same elements, so that both look alike.
"""

from collections.abc import Sequence

from service.api.bodies.answers import AnswerBody, AskResponse, CitationBody, CitedTextBody, HitBody
from service.web.addresses import PageFilters, browse_address
from service.web.markup import Html, cut_marks, element, joined, marked_parts
from service.web.notices import notice_list
from service.words import count, day, degree, percent, sources

__all__ = ["failed_turn", "turn"]

_SHOWN_CARDS = 4
_SHOWN_NEAREST = 3
_SHOWN_ARTICLES = 5
_SHOWN_OTHERS, _MIN_SHOWN = 3, 0.2


def turn(response: AskResponse, filters: PageFilters) -> Html:
    """Return a question with its outcome; `data-outcome` has it for the scripts of the page."""
    parts = _answered(response) if response.answer else _refused(response, filters)
    return element(
        "li",
        element("h2", response.question, dir="auto", tabindex="-1"),
        element("div", *_asked(response), *parts, class_="outcome"),
        class_="current",
        data_outcome=response.model_dump_json(),
    )


def failed_turn(question: str, detail: str) -> Html:
    """Return a question that could not be answered, with what went wrong."""
    return element(
        "li",
        element("h2", question, dir="auto"),
        element("div", element("p", detail, class_="error", role="alert"), class_="outcome"),
        data_failed=True,
    )


def _asked(response: AskResponse) -> list[Html]:
    lines = []
    corrected = response.corrected_question
    if corrected:
        bdi = element("bdi", corrected)
        lines.append(element("p", "Showing results for: ", bdi, class_="facts asked"))
    if response.note:
        lines.append(element("p", response.note, class_="facts", dir="auto"))
    return lines


def _answered(response: AskResponse) -> list[Html]:
    answer = response.answer
    if answer is None:
        return []
    first, *more = answer.citations
    label = "Possible answer: check the quote before you rely on it"
    said_too = [figure(one, captioned=True) for one in more]
    return [
        element("p", label, class_="facts label") if not answer.likely else Html(),
        element(
            "p", answer.text, class_="answer" if answer.likely else "answer possible", dir="auto"
        ),
        _trust(answer),
        _items(answer.items),
        _cards(answer.citations),
        figure(first),
        _over_time(answer),
        _fold(f"The same in {count(len(more), 'more article')}", said_too),
        _others(response.alternatives),
    ]


def _refused(response: AskResponse, filters: PageFilters) -> list[Html]:
    if response.topic:
        title, below = f"Articles on “{response.topic}”", _topic(response)
    else:
        title, below = "No answer found", _nearest(response.nearest[:_SHOWN_NEAREST])
    return [
        element("p", title, class_="answer refusal", dir="auto"),
        element("p", response.reason, dir="auto"),
        _without_filters(response.standalone_question, filters),
        _others(response.alternatives) if not response.topic else Html(),
        below,
    ]


def _without_filters(question: str, filters: PageFilters) -> Html:
    links = [
        element("a", f"Ask without “{label}”", class_="asks", href=rest.address(question))
        for label, rest in filters.each_left_out()
    ]
    return element("p", *links, class_="remedies") if links else Html()


def _topic(response: AskResponse) -> Html:
    # The best passage of each article.
    best = {hit.article_id: hit for hit in reversed(response.nearest)}
    articles = sorted(best.values(), key=lambda hit: hit.rank)
    topic = response.topic or ""
    # Where some have all of the words, those with a few of them say nothing of the topic.
    whole = [hit for hit in articles if len(hit.marks) >= len(topic.split())]
    more = element("a", f"Browse all articles with “{topic}”", href=browse_address(q=topic))
    return joined(
        [
            _nearest((whole or articles)[:_SHOWN_ARTICLES], title=None),
            element("p", more, class_="remedies"),
        ]
    )


def _trust(answer: AnswerBody) -> Html:
    words = f"{degree(answer.confidence).capitalize()} ({percent(answer.confidence)})"
    meter = element("meter", min="0", max="1", value=f"{answer.confidence:.3f}", aria_hidden="true")
    facts = " · ".join(
        filter(None, (words, sources(answer.support, len(answer.citations)), _meaning(answer)))
    )
    return element("p", meter, facts, class_="facts trust")


def _meaning(answer: AnswerBody) -> str | None:
    """Return the day that the words come to, where they do not say it themselves."""
    if not answer.value or answer.value.get("type") != "date":
        return None
    iso = str(answer.value["iso"]).replace("/", " to ")
    return None if iso == answer.text else iso


def _cards(citations: Sequence[CitationBody]) -> Html:
    cards = [element("li", _card(one)) for one in citations[:_SHOWN_CARDS]]
    if len(citations) > _SHOWN_CARDS:
        cards.append(element("li", f"and {len(citations) - _SHOWN_CARDS} more", class_="facts"))
    return element("ul", *cards, class_="sources", aria_label="Sources")


def _card(cited: CitationBody) -> Html:
    outlet = cited.source or "Unknown outlet"
    return element(
        "a",
        element("span", outlet[:1].upper(), class_="initial", aria_hidden="true"),
        element("bdi", outlet, class_="outlet"),
        " ",
        element("time", day(cited.published), datetime=cited.published),
        " ",
        element("bdi", cited.title or "Untitled", class_="title"),
        class_="opener card",
        href=cited.permalink,
    )


def figure(cited: CitationBody, *, captioned: bool = False) -> Html:
    """Return a quote with the sentences beside it, and its source where it is `captioned`."""
    start = cited.answer_start - cited.quote_start
    end = cited.answer_end - cited.quote_start
    quote = element("span", marked_parts(cited.quote, [(start, end)]), class_="quote")
    before = element("span", f"{cited.before} ", class_="around") if cited.before else None
    after = element("span", f" {cited.after}", class_="around") if cited.after else None
    caption = element("figcaption", _where(cited), class_="facts") if captioned else None
    block = element("blockquote", before, quote, after, dir="auto")
    return element("figure", block, notice_list(cited.corrections), caption)


def _where(cited: CitationBody | HitBody) -> Html:
    link = element(
        "a", element("bdi", cited.title or "Untitled"), class_="opener", href=cited.permalink
    )
    time = element("time", day(cited.published), datetime=cited.published)
    outlet = element("bdi", cited.source) if cited.source else None
    return joined([outlet, " · " if outlet else None, time, " · ", link])


def _items(items: Sequence[CitedTextBody]) -> Html:
    if len(items) < 2:
        return Html()
    return element("ul", *(element("li", _place(one)) for one in items), class_="items")


def _place(one: CitedTextBody) -> Html:
    link = element("a", element("bdi", one.text), class_="opener", href=one.citation.permalink)
    facts = " · ".join(filter(None, (one.citation.source, day(one.citation.published))))
    return joined([link, " ", element("span", facts, class_="facts", dir="auto")])


def _over_time(answer: AnswerBody) -> Html:
    if not answer.timeline:
        return Html()
    title = "Outlets differ" if answer.conflict else "Over time"
    rows = [
        element(
            "tr",
            element("td", element("time", day(one.citation.published))),
            element("td", element("bdi", one.text)),
            element(
                "td",
                element(
                    "a", one.citation.source or "Untitled", class_="opener",
                    href=one.citation.permalink,
                ),
            ),
        )
        for one in answer.timeline
    ]  # fmt: skip
    heads = element(
        "tr", *(element("th", name, scope="col") for name in ("Day", "Answer", "Source"))
    )
    table = element("table", element("thead", heads), element("tbody", *rows))
    return element("details", element("summary", title), table, class_="time", open=True)


def _others(alternatives: Sequence[AnswerBody]) -> Html:
    shown = [one for one in alternatives if one.confidence >= _MIN_SHOWN][:_SHOWN_OTHERS]
    parts = [
        element(
            "section",
            element("p", one.text, class_="alternative", dir="auto"),
            _trust(one),
            *(figure(cited, captioned=True) for cited in one.citations[:1]),
        )
        for one in shown
    ]
    return _fold(f"Possible answers ({len(shown)})", parts)


def _nearest(hits: Sequence[HitBody], title: str | None = "Closest passages") -> Html:
    if not hits:
        return Html()
    figures = []
    for hit in hits:
        start, end = hit.excerpt or (0, len(hit.text))
        words = marked_parts(hit.text[start:end], cut_marks(hit.marks, start, end))
        quote = element("blockquote", words, dir="auto")
        figures.append(element("figure", element("figcaption", _where(hit), class_="facts"), quote))
    heading = element("h3", title) if title else None
    return element("section", heading, *figures, class_="nearest")


def _fold(title: str, parts: Sequence[Html]) -> Html:
    return element("details", element("summary", title), *parts) if parts else Html()
