"""The names of units and currencies as news writes them."""

__all__ = ["CURRENCIES", "CURRENCY", "UNIT", "UNITS"]

_UNITS = {
    "kilometre": "km kilometre kilometres kilometer kilometers",
    "metre": "metre metres meter meters",
    "centimetre": "cm centimetre centimetres centimeter centimeters",
    "millimetre": "mm millimetre millimetres millimeter millimeters",
    "mile": "mile miles",
    "foot": "foot feet",
    "inch": "inch inches",
    "yard": "yard yards",
    "tonne": "tonne tonnes",
    "ton": "ton tons",
    "kilogram": "kg kilo kilos kilogram kilograms",
    "gram": "gram grams",
    "pound": "lb lbs",
    "litre": "litre litres liter liters",
    "gallon": "gallon gallons",
    "barrel": "barrel barrels",
    "hectare": "hectare hectares",
    "acre": "acre acres",
    "degree celsius": "°c degrees_celsius degree_celsius celsius",
    "degree fahrenheit": "°f degrees_fahrenheit degree_fahrenheit fahrenheit",
    "megawatt": "mw megawatt megawatts",
    "gigawatt": "gw gigawatt gigawatts",
    "kilowatt hour": "kilowatt_hours kilowatt_hour",
    "knot": "knot knots",
    "second": "second seconds",
    "minute": "minute minutes",
    "hour": "hour hours",
    "day": "day days",
    "week": "week weeks",
    "month": "month months",
    "year": "year years",
    "kilometre per hour": "km/h kph kilometres_per_hour kilometers_per_hour kilometres_an_hour",
    "mile per hour": "mph miles_per_hour miles_an_hour",
    "square kilometre": "square_kilometres square_kilometers square_kilometre",
    "square mile": "square_miles square_mile",
    "square metre": "square_metres square_meters",
    "cubic metre": "cubic_metres cubic_meters",
}
_CURRENCIES = {
    "USD": "us$ $ dollar dollars u.s._dollars us_dollars cent cents",
    "GBP": "£ pound pounds pounds_sterling pence",
    "EUR": "€ euro euros",
    "JPY": "¥ yen",
    "AUD": "a$ australian_dollars",
    "CAD": "c$ canadian_dollars",
    "NZD": "nz$ new_zealand_dollars",
    "CHF": "swiss_francs chf",
    "CNY": "yuan renminbi",
    "INR": "₹ rupee rupees",
    "KRW": "₩ won",
    "RUB": "₽ rouble roubles ruble rubles",
    "BRL": "r$ reais",
    "ZAR": "rand",
    "SEK": "swedish_kronor kronor",
    "NOK": "norwegian_kroner",
    "DKK": "danish_kroner",
    "MXN": "mexican_pesos",
    "TRY": "lira",
}


def _by_name(names: dict[str, str]) -> dict[str, str]:
    return {
        name.replace("_", " "): key for key, written in names.items() for name in written.split()
    }


def _pattern(names: dict[str, str]) -> str:
    # The longest first: a pattern takes the first alternative that fits.
    escaped = (
        name.replace("$", r"\$").replace(".", r"\.")
        for name in sorted(names, key=len, reverse=True)
    )
    return f"(?:{'|'.join(escaped)})"


UNITS = _by_name(_UNITS)
UNIT = _pattern(UNITS)
CURRENCIES = _by_name(_CURRENCIES)
CURRENCY = _pattern(CURRENCIES)
