"""What ends a command of this folder."""

__all__ = ["SupplyError"]


class SupplyError(Exception):
    """A check that did not pass or could not be made; the message says which, and what to do."""
