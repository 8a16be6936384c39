"""The errors Dateline raises.

DatelineError
├── SourceError        a source cannot be read at all (a bad record is a `SkippedRecord`)
├── IndexStateError    the index directory is missing, damaged or made by other settings
│   ├── IndexBusyError     it is being written, and has one writer at a time
│   └── ArchiveUnavailableError   the engine that holds it does not answer; it may be back soon
├── ModelError         a model is missing, damaged or not of the kind that is needed
├── FetchError         what is at an address cannot be fetched
│   └── ForbiddenAddressError   it is on a private network, and nobody named it
├── WorkerError        processes or machines that work for this one do not do it
└── RequestError       what a person or program asked for cannot be right
"""

__all__ = [
    "ArchiveUnavailableError",
    "DatelineError",
    "FetchError",
    "ForbiddenAddressError",
    "IndexBusyError",
    "IndexStateError",
    "ModelError",
    "RequestError",
    "SourceError",
    "WorkerError",
]


class DatelineError(Exception):
    """Base of all errors here. The message says what happened, to what, and what to do next."""


class SourceError(DatelineError):
    """A source file, folder or stream cannot be read."""


class IndexStateError(DatelineError):
    """The index directory cannot be used as it is."""


class IndexBusyError(IndexStateError):
    """The index directory is being written, and has one writer at a time."""


class ArchiveUnavailableError(IndexStateError):
    """The engine that holds the archive does not answer; it may be back soon."""


class ModelError(DatelineError):
    """A model cannot be loaded or exported."""


class FetchError(DatelineError):
    """What is at an address cannot be fetched."""


class ForbiddenAddressError(FetchError):
    """An address is on a private, local or reserved network, and nobody named it."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"{host}:{port} is not on the public internet, so it is not connected to. If it is "
            "meant, name it as private."
        )
        self.host = host
        self.port = port


class WorkerError(DatelineError):
    """Processes or machines that were to embed cannot be started, reached or relied on."""


class RequestError(DatelineError):
    """A question, filter or argument is not valid."""
