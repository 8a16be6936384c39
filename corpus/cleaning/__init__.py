"""Text as it arrives becomes the text that is stored: normalised, and the story only."""

from corpus.cleaning.characters import clean_title, normalise
from corpus.cleaning.cleaned import Cleaned, clean_text
from corpus.cleaning.rules import RULES, Rule

__all__ = ["RULES", "Cleaned", "Rule", "clean_text", "clean_title", "normalise"]
