"""The only door to babel: what is a country, and what is a state of the US."""

import re
from functools import lru_cache

from babel import Locale

__all__ = ["is_country", "is_us_state"]

# Names that news use beside those of Unicode's CLDR, and countries within the United Kingdom.
_OTHER_COUNTRIES = (
    "US|U.S.|USA|America|United States of America|UK|U.K.|Britain|Great Britain|England|Scotland"
    "|Wales|Northern Ireland|Republic of Ireland|Czech Republic|Turkey|Ivory Coast|Burma|Holland"
    "|Hong Kong|Palestine|Macedonia|Swaziland|DR Congo|Democratic Republic of Congo"
    "|Democratic Republic of the Congo|Cape Verde|East Timor|Vatican"
)
_US_STATES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia"
    "|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts"
    "|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey"
    "|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania"
    "|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington"
    "|West Virginia|Wisconsin|Wyoming"
)
_ARTICLE = re.compile(r"^the ")


def is_country(name: str) -> bool:
    """Tell whether a name is that of a country.

    >>> is_country("the Netherlands"), is_country("British")
    (True, False)
    """
    return _plain(name) in _countries()


def is_us_state(name: str) -> bool:
    """Tell whether a name is that of a state of the United States."""
    return _plain(name) in _plain_names(_US_STATES)


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    territories: dict[str, str] = dict(Locale("en").territories)
    # Two letters are a country; digits are a part of the world.
    names = [name for code, name in territories.items() if len(code) == 2]
    return frozenset(map(_plain, names)) | _plain_names(_OTHER_COUNTRIES)


@lru_cache
def _plain_names(names: str) -> frozenset[str]:
    return frozenset(map(_plain, names.split("|")))


def _plain(name: str) -> str:
    plain = name.casefold().replace(".", "").replace("’", "'").replace("&", "and")
    return _ARTICLE.sub("", plain.strip())
