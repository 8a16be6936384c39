"""Fetching what a person named: bounded, polite, and only where it may."""

from corpus.remote.addresses import AddressRule
from corpus.remote.fetcher import Bounds, Fetcher
from corpus.remote.http import Address, Reply, read_address

__all__ = ["Address", "AddressRule", "Bounds", "Fetcher", "Reply", "read_address"]
