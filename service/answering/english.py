"""Words of English that several rules look for, each list once, to be put into patterns."""

__all__ = [
    "ASKING",
    "AUXILIARIES",
    "CAPITALISED",
    "MODALS",
    "MONTH",
    "MONTHS",
    "MONTH_OR_SHORT",
    "WEEKDAY",
    "WEEKDAYS",
    "WRITING",
]

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
MONTH = rf"(?:{'|'.join(name.capitalize() for name in MONTHS)})"
# Also "Mar.", "Sept.".
MONTH_OR_SHORT = (
    r"(?:Jan(?:\.|uary)?|Feb(?:\.|ruary)?|Mar(?:\.|ch)?|Apr(?:\.|il)?|May|June?|July?"
    r"|Aug(?:\.|ust)?|Sept?(?:\.|ember)?|Oct(?:\.|ober)?|Nov(?:\.|ember)?|Dec(?:\.|ember)?)"
)

ASKING = "who|whom|whose|what|which|when|where|why|how"
AUXILIARIES = "is|are|was|were|do|does|did|has|have|had"
MODALS = "can|could|will|would|should"
# A word of a name.
CAPITALISED = r"[^\W\d_a-z][\w’'.-]*"
# What a writer is asked to do.
WRITING = (
    "summari[sz]e|sum up|compare|contrast|explain|describe|discuss|analy[sz]e|outline|review"
    "|paraphrase|rewrite|translate"
)
