"""What can be set from outside: one typed object, read once from the environment."""

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from index.vectors.kinds import DenseKind

__all__ = ["Settings", "is_loopback"]


class Settings(BaseSettings):
    """Every setting of Dateline; `DATELINE_PORT=9000` in the environment sets `port`, and so on."""

    model_config = SettingsConfigDict(
        env_prefix="DATELINE_", frozen=True, extra="forbid", use_attribute_docstrings=True
    )

    index_dir: Path = Path(".dateline")
    """The index directory."""

    engine: Literal["local", "milvus"] = "local"
    """What holds the archive and searches it: files in the index directory, or a Milvus server."""

    milvus_uri: str = "http://127.0.0.1:19530"
    """Where Milvus is; https:// for TLS, and a path names its database."""

    milvus_token: SecretStr = SecretStr("")
    """Token for Milvus, or `user:password`."""

    milvus_ca: Path | None = None
    """PEM file with the certificate that Milvus is trusted by; unset: those of the system."""

    host: str = "127.0.0.1"
    """Address to listen on; the default takes calls of this machine only."""

    port: int = Field(default=8000, ge=0, le=65535)
    """TCP port to listen on; 0 takes a free one."""

    open_reading: bool | None = None
    """Whether anyone may read without a key; unset: only where no other machine can reach it."""

    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    """Addresses of proxies whose X-Forwarded-For is believed, with commas between them."""

    rate_limit_per_minute: int = Field(default=0, ge=0)
    """Calls that each key, or each address without one, may make in a minute; 0: any number."""

    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    """Web sites whose pages may call this server, as `https://example.org`, with commas between
    them; none: its own pages only."""

    agent: str = Field(default="Dateline", pattern=r"^[\x20-\x7e]{1,200}$")
    """How what follows sources names itself to web sites; say whom they can write to."""

    follow_every_s: float = Field(default=900, ge=10)
    """Seconds between two looks at a source that a server follows."""

    threads: int = Field(default=2, ge=1)
    """CPU threads each model runs on."""

    n_read: int = Field(default=10, ge=1)
    """Passages read for a question: more find more and take longer."""

    abstain_below: float | None = Field(default=None, ge=0, le=1)
    """Confidence below which no answer is given; unset takes the reader's own threshold."""

    reader: Path | None = None
    """Folder of another reader; unset takes the bundled one."""

    embedder: str = "all-MiniLM-L6-v2"
    """Name or path of the sentence-transformers model a new index is made with."""

    embedder_precision: Literal["fp32", "int8"] = "int8"
    """Precision of the embedder's export; int8 is faster."""

    dense_index: DenseKind | None = None
    """How vectors are searched: `exact`, `hnsw` or `ivf-pq`; unset: their number chooses."""

    max_tokens: int = Field(default=200, ge=1)
    """Size of a passage, in tokens."""

    keep_versions: int = Field(default=5, ge=0)
    """Earlier wordings kept of an article that was changed; 0: none."""

    max_concurrent_asks: int = Field(default=2, ge=1)
    """Questions and searches worked on at the same time."""

    max_queued_asks: int = Field(default=16, ge=0)
    """Questions and searches that may wait; one more is refused with 503."""

    deadline_s: float = Field(default=30, ge=0)
    """Seconds that a question or search may take, its time in the queue included; 0: any."""

    keep_alive_s: float = Field(default=15, gt=0)
    """SSE keep-alive interval: seconds without an event after which a stream sends a comment."""

    max_body_bytes: int = Field(default=262_144, ge=1)
    """Size of the largest request body that is taken, in bytes."""

    max_upload_bytes: int = Field(default=33_554_432, ge=1)
    """Size of the largest body of articles that is taken, in bytes."""

    max_question_chars: int = Field(default=1000, ge=1)
    """Length of the longest question, in code points."""

    max_history_turns: int = Field(default=20, ge=0)
    """Earlier turns of a conversation that a question may bring along."""

    max_watches: int = Field(default=10_000, ge=0)
    """Questions that are watched at most; 0: none."""

    max_watch_entries: int = Field(default=10_000, ge=1)
    """Changed answers of watched questions that are kept: the newest."""

    watch_webhook: str | None = None
    """Address that every changed answer of a watched question is sent to, whoever watches it."""

    watch_webhook_secret: SecretStr = SecretStr("")
    """What is sent there is signed with this: `whsec_` and base64, or any other text."""

    webhook_private: Annotated[tuple[str, ...], NoDecode] = ()
    """Addresses on private networks that watches may name as their webhook, as
    `http://cms.local:8080`, with commas between them; others must be public."""

    max_feedback: int = Field(default=10_000, ge=1)
    """Pieces of feedback that are kept: the newest."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """From which level up `serve` logs; `info` has a line for each call and each answer."""

    log_questions: bool = False
    """Whether questions and answers stand in the log; otherwise only what became of them."""

    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Host names served, with commas between them, `*.example.org` for subdomains, `*` for any;
    unset: the names of this machine where no other can reach it, elsewhere any."""

    @field_validator(
        "allowed_hosts", "trusted_proxies", "cors_origins", "webhook_private", mode="before"
    )
    @classmethod
    def _split(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the environment holds
        if isinstance(value, str):
            return tuple(name.strip() for name in value.split(",") if name.strip())
        return value

    @property
    def reading_is_open(self) -> bool:
        """Whether anyone who reaches the server may read."""
        return is_loopback(self.host) if self.open_reading is None else self.open_reading

    @property
    def served_hosts(self) -> tuple[str, ...]:
        """The host names that a server listening on `host` answers to."""
        ours = ("localhost", "127.0.0.1", "[::1]", self.host) if is_loopback(self.host) else ("*",)
        return self.allowed_hosts or ours


def is_loopback(host: str) -> bool:
    """Tell whether nothing but this machine reaches a server that listens on `host`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name: any other may lead to any address
        return host == "localhost"
