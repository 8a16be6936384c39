"""The only door to pymilvus: tables of a Milvus server or cluster, and its errors in our words."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

from corpus.errors import ArchiveUnavailableError, IndexStateError

try:
    import grpc
    from pymilvus import DataType, Function, FunctionType, MilvusClient, MilvusException
except ImportError as error:
    raise IndexStateError(
        f"the Milvus engine needs a package that is not installed ({error.name}): "
        "pip install 'dateline[milvus]'."
    ) from error

__all__ = ["Field", "Milvus", "MilvusAddress", "Row", "Scored", "Table"]

T = TypeVar("T")
Row = dict[str, Any]

# What goes wrong is told by our errors; pymilvus would print each trace on standard error too.
logging.getLogger("pymilvus").setLevel(logging.CRITICAL)

MAX_TEXT_BYTES = 65_535
_CONNECT_S = 5.0
_READ_S = 10.0
_WRITE_S = 300.0
_CONNECT_FAILED = 2
_CHANNEL = {
    # A connection that was lost would be tried again after up to two minutes.
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.min_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 1000,
    # pymilvus pings every ten seconds, also when nothing is asked. Servers of gRPC that were not
    # told to bear that, like Milvus Lite, break the connection off for it.
    "grpc.keepalive_time_ms": 300_000,
    "grpc.keepalive_permit_without_calls": 0,
}
_BATCH_ROWS = 1000
# gRPC servers take messages of some 64 MiB; a row has at most two texts and a vector.
_BATCH_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class MilvusAddress:
    """Where Milvus is: `https://` means TLS, a path in `uri` names its database.

    `ca` is a PEM file with the certificate to trust; without it the system's are.
    """

    uri: str
    token: str = ""
    ca: Path | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A column; `index` is the kind of its index in Milvus. `bm25_of` names a text's field."""

    name: str
    kind: Literal["int", "text", "vector", "bm25"]
    dim: int = 0
    index: str | None = None
    is_key: bool = False
    bm25_of: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A collection of Milvus; the field that some `bm25` field is made of is analysed."""

    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """A row that a search found, with the score that the engine gave it."""

    row: Row
    score: float


class Milvus:
    """Tables of one Milvus database. Connects when first used, and again after it was away.

    Every method raises ArchiveUnavailableError when Milvus does not answer or cannot do what it is
    asked. All reads are at the consistency level Strong: what was acknowledged before is seen.
    """

    def __init__(self, address: MilvusAddress) -> None:
        self.address = address
        self._client: MilvusClient | None = None
        self._lock = threading.Lock()

    def __str__(self) -> str:
        scheme, _, rest = self.address.uri.rpartition("://")
        # Without the name and password that may stand in it.
        return f"Milvus at {scheme}://{rest.rpartition('@')[2]}"

    def has(self, table: str) -> bool:
        """Tell whether there is a table of this name."""
        return bool(self._do(lambda client: client.has_collection(table, timeout=_READ_S)))

    def create(self, table: Table) -> None:
        """Make a table, unless there is one of its name, and have it loaded."""
        self._do(lambda client: _create(client, table))

    def drop(self, table: str) -> None:
        """Delete a table with all its rows."""
        self._do(lambda client: client.drop_collection(table, timeout=_WRITE_S))

    def upsert(self, table: str, rows: Sequence[Row]) -> None:
        """Put rows in, each in place of the one with its key; acknowledged batch by batch."""
        for batch in _batches(rows):
            self._do(
                partial(MilvusClient.upsert, collection_name=table, data=batch, timeout=_WRITE_S)
            )

    def delete(self, table: str, filter_: str) -> None:
        """Delete the rows that pass a filter."""
        self._do(lambda client: client.delete(table, filter=filter_, timeout=_WRITE_S))

    def query(self, table: str, filter_: str, fields: Sequence[str]) -> list[Row]:
        """Return those fields of the rows that pass a filter, in no order; none without a table."""

        def work(client: MilvusClient) -> list[Row]:
            found = client.query(table, filter=filter_, output_fields=list(fields), timeout=_READ_S)
            return [dict(row) for row in found]

        return self._read(table, work)

    def search(
        self, table: str, field: str, query: object, k: int, filter_: str, fields: Sequence[str]
    ) -> list[Scored]:
        """Return at most `k` rows nearest to a text or vector, best first; none without a table."""

        def work(client: MilvusClient) -> list[Scored]:
            found = client.search(
                table,
                data=[query],
                anns_field=field,
                limit=k,
                filter=filter_,
                output_fields=list(fields),
                timeout=_READ_S,
            )
            return [Scored(dict(hit["entity"]), float(hit["distance"])) for hit in found[0]]

        return self._read(table, work)

    def _read(self, table: str, work: Callable[[MilvusClient], list[T]]) -> list[T]:
        """Do it, after loading the table where a server was started again and did not."""
        try:
            return self._do(work)
        except ArchiveUnavailableError as error:
            match getattr(error.__cause__, "code", None):
                case 100:  # there is no such table
                    return []
                case 101:  # it is not loaded
                    self._do(lambda client: client.load_collection(table, timeout=_WRITE_S))
                    return self._do(work)
            raise

    def _do(self, work: Callable[[MilvusClient], T]) -> T:
        try:
            return work(self._connected())
        except MilvusException as error:
            gone = error.code == _CONNECT_FAILED
            raise self._away("it does not answer" if gone else str(error.message)) from error
        except OSError as error:
            raise IndexStateError(
                f"DATELINE_MILVUS_CA cannot be read: {self.address.ca}: {error.strerror}."
            ) from error
        except grpc.RpcError as error:  # those that pymilvus does not try again
            raise self._away(f"{error.code().name}: {error.details()}") from error

    def _connected(self) -> MilvusClient:
        with self._lock:
            if self._client is None:
                self._client = MilvusClient(
                    self.address.uri,
                    token=self.address.token,
                    timeout=_CONNECT_S,
                    dedicated=True,
                    grpc_options=_CHANNEL,
                    **({"server_pem_path": str(self.address.ca)} if self.address.ca else {}),
                )
            return self._client

    def _away(self, reason: str) -> ArchiveUnavailableError:
        return ArchiveUnavailableError(
            f"{self} cannot be used: {reason.rstrip('.')}. See whether it runs, and whether "
            "DATELINE_MILVUS_URI and DATELINE_MILVUS_TOKEN are right."
        )


def _create(client: MilvusClient, table: Table) -> None:
    if not client.has_collection(table.name, timeout=_READ_S):
        client.create_collection(
            table.name, schema=_schema(table), consistency_level="Strong", timeout=_WRITE_S
        )
    n_indexes = sum(field.index is not None for field in table.fields)
    if len(client.list_indexes(table.name, timeout=_READ_S)) < n_indexes:
        # Not waited for one by one: half a second each, and loading waits for all of them.
        indexes = _indexes(client, table)
        client.create_index(table.name, indexes, timeout=_WRITE_S, sync=False)
    client.load_collection(table.name, timeout=_WRITE_S)


def _schema(table: Table) -> Any:  # noqa: ANN401 - a type of pymilvus
    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    analysed = {field.bm25_of for field in table.fields}
    for field in table.fields:
        match field.kind:
            case "int":
                schema.add_field(field.name, DataType.INT64, is_primary=field.is_key)
            case "text":
                schema.add_field(
                    field.name,
                    DataType.VARCHAR,
                    max_length=MAX_TEXT_BYTES,
                    is_primary=field.is_key,
                    enable_analyzer=field.name in analysed,
                )
            case "vector":
                schema.add_field(field.name, DataType.FLOAT_VECTOR, dim=field.dim)
            case "bm25":
                schema.add_field(field.name, DataType.SPARSE_FLOAT_VECTOR)
                schema.add_function(
                    Function(
                        name=f"bm25_of_{field.bm25_of}",
                        function_type=FunctionType.BM25,
                        input_field_names=[field.bm25_of],
                        output_field_names=[field.name],
                    )
                )
    return schema


def _indexes(client: MilvusClient, table: Table) -> Any:  # noqa: ANN401 - a type of pymilvus
    indexes = client.prepare_index_params()
    for field in table.fields:
        match field.kind:
            case "vector":
                indexes.add_index(field.name, index_type=field.index, metric_type="IP")
            case "bm25":
                indexes.add_index(
                    field.name,
                    index_type=field.index,
                    metric_type="BM25",
                    # Those of tantivy, which the embedded engine searches with.
                    params={"bm25_k1": 1.2, "bm25_b": 0.75},
                )
            case _ if field.index:
                indexes.add_index(field.name, index_type=field.index)
    return indexes


def _batches(rows: Sequence[Row]) -> list[list[Row]]:
    """Return the rows in their order, in batches that one message holds."""
    batches: list[list[Row]] = []
    room = 0
    for row in rows:
        size = _size(row)
        if not batches or size > room or len(batches[-1]) == _BATCH_ROWS:
            batches.append([])
            room = _BATCH_BYTES
        batches[-1].append(row)
        room -= size
    return batches


def _size(row: Mapping[str, Any]) -> int:
    """Return about how many bytes a row takes."""
    return sum(4 * len(value) if hasattr(value, "__len__") else 8 for value in row.values())
