"""Months, and the words around a date, in the languages that archives write dates in."""

import re
import unicodedata

__all__ = ["LABELS", "MONTH", "folded", "month_number"]

_NAMES = (
    # As `folded` leaves them (so "маи", not "май"):
    # English, German, French, Spanish, Italian, Portuguese, Dutch, Nordic, Polish; then Russian.
    "january jan januar janner jaenner janvier janv enero ene gennaio gen janeiro januari styczen"
    " stycznia января янв",
    "february feb februar febr feber fevrier fevr fev febrero febbraio fevereiro februari luty"
    " lutego февраля фев",
    "march mar marz maerz mrz mars marzo marco maart mrt marts marec marzec marca марта мар",
    "april apr avril avr abril abr aprile kwiecien kwietnia апреля апр",
    "may mai mayo maggio mag maio mei maj mayi maja мая маи",
    "june jun juni juin junio giugno giu junho czerwiec czerwca июня июн",
    "july jul juli juillet juil julio luglio lug julho lipiec lipca июля июл",
    "august aug aout agosto ago augustus augusti sierpien sierpnia августа авг",
    "september sep sept septembre septiembre set settembre setembro wrzesien wrzesnia"
    " сентября сен сент",
    "october oct oktober okt octobre octubre ottobre ott outubro out pazdziernik pazdziernika"
    " октября окт",
    "november nov novembre noviembre novembro listopad listopada ноября ноя нояб",
    "december dec dezember dez decembre diciembre dic dicembre dezembro desember grudzien grudnia"
    " декабря дек",
)
_NUMBERS = {name: n for n, names in enumerate(_NAMES, start=1) for name in names.split()}
MONTH = rf"(?P<name>(?:{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})(?![^\W\d_]))\.?"
"""A month's name as `folded` leaves it."""

LABELS = re.compile(
    r"^(?:(?:first |last |originally )?(?:published|posted|updated|modified|created|released|filed"
    r"|issued|date|dated|publication date|veroffentlicht|aktualisiert|erstellt|stand|publie|mis a"
    r" jour|cree|publicado|actualizado|pubblicato|aggiornato|atualizado|gepubliceerd|bijgewerkt)"
    r"(?: (?:on|at|le|el|am|il|em|op))?\s*:?\s+)+"
)
"""What stands before a date and says what it is the date of."""

# Letters that folding leaves alone.
_SPELT = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "ł": "l", "đ": "d"})


def folded(text: str) -> str:
    """Return a text small, without accents and with one kind of space.

    >>> folded("Dienstag, 5. März")
    'dienstag, 5. marz'
    """
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text)
        text = "".join(char for char in apart if not unicodedata.combining(char))
        text = unicodedata.normalize("NFC", text).translate(_SPELT)
    return " ".join(text.casefold().split())


def month_number(name: str) -> int:
    """Return the number of a month, from 1, by its folded name."""
    return _NUMBERS[name]
