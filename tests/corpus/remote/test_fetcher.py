import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial

import pytest

from benchmarks.mock_web import MockReply, MockWeb, mock_web
from corpus.errors import FetchError, ForbiddenAddressError
from corpus.remote import Address, AddressRule, Bounds, Fetcher, Reply

# Without the time, so that names of tests stay the same.
packed = partial(gzip.compress, mtime=0)
STORY = b"The ferry was late." * 50


@pytest.fixture
def web() -> Iterator[MockWeb]:
    with mock_web() as web:
        yield web


@pytest.fixture
def fetcher(web: MockWeb) -> Iterator[Fetcher]:
    with opened(web) as fetcher:
        yield fetcher


def opened(web: MockWeb, **kwargs: Bounds | Callable[[str, int], Sequence[str]]) -> Fetcher:
    return Fetcher(AddressRule.named([web.url()]), "Dateline/test", **kwargs)  # type: ignore[arg-type]


def test_what_is_there_is_fetched_over_one_connection(web: MockWeb, fetcher: Fetcher) -> None:
    web.pages["/a"] = MockReply(200, STORY, {"ETag": '"1"'})

    first = fetcher.get(web.url("/a#top"))
    second = fetcher.get(web.url("/b"), {"If-None-Match": '"1"'})

    assert (first.status, first.content, first.headers["etag"]) == (200, STORY, '"1"')
    assert second.status == 404
    assert first.moved_to is None
    assert web.asked[0].headers["user-agent"] == "Dateline/test"
    assert web.asked[0].headers["host"] == f"127.0.0.1:{web.port}"
    assert web.asked[1].headers["if-none-match"] == '"1"'
    assert web.asked[0].connection == web.asked[1].connection


def test_something_can_be_posted_and_its_redirect_is_not_followed(
    web: MockWeb, fetcher: Fetcher
) -> None:
    web.pages["/hook"] = MockReply(307, b"", {"Location": "/other"})

    reply = fetcher.post(web.url("/hook"), b'{"a": 1}', {"Content-Type": "application/json"})

    assert reply.status == 307
    assert [(one.method, one.path, one.content) for one in web.asked] == [
        ("POST", "/hook", b'{"a": 1}')
    ]


def test_redirects_are_followed_and_permanent_ones_told(web: MockWeb, fetcher: Fetcher) -> None:
    web.pages["/old"] = MockReply(301, b"", {"Location": "/new"})
    web.pages["/new"] = MockReply(308, b"", {"Location": "newer"})
    web.pages["/newer"] = MockReply(302, b"", {"Location": web.url("/today")})
    web.pages["/today"] = MockReply(200, STORY)
    web.pages["/soon"] = MockReply(302, b"", {"Location": "/old"})

    moved = fetcher.get(web.url("/old"))
    lent = fetcher.get(web.url("/soon"))

    assert (moved.url, moved.moved_to) == (web.url("/today"), web.url("/newer"))
    assert (lent.url, lent.moved_to) == (web.url("/today"), None)


def test_each_hop_can_be_objected_to(web: MockWeb, fetcher: Fetcher) -> None:
    web.pages["/a"] = MockReply(302, b"", {"Location": "/b"})

    def only_a(address: Address) -> None:
        if address.target != "/a":
            raise FetchError("not that")

    with pytest.raises(FetchError, match="not that"):
        fetcher.get(web.url("/a"), before=only_a)
    assert [one.path for one in web.asked] == ["/a"]


def test_a_redirect_without_end_ends(web: MockWeb, fetcher: Fetcher) -> None:
    web.pages["/round"] = MockReply(302, b"", {"Location": "/round"})

    with pytest.raises(FetchError, match="more than 5 times"):
        fetcher.get(web.url("/round"))
    assert len(web.asked) == 6


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "0177.0.0.1", "127.1", "127.0.0.1."]
)
def test_a_redirect_leads_to_no_private_address(web: MockWeb, fetcher: Fetcher, host: str) -> None:
    with mock_web() as inside:
        target = f"http://{host}:{inside.port}/admin"
        web.pages["/feed"] = MockReply(302, b"", {"Location": target})

        with pytest.raises(FetchError, match="not on the public internet|is no address"):
            fetcher.get(web.url("/feed"))
        assert inside.asked == []


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://a:b@c.d/"])
def test_a_redirect_leads_to_nothing_but_the_web(
    web: MockWeb, fetcher: Fetcher, target: str
) -> None:
    web.pages["/feed"] = MockReply(302, b"", {"Location": target})

    with pytest.raises(FetchError):
        fetcher.get(web.url("/feed"))


@pytest.mark.parametrize(
    "ip", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "169.254.169.254", "10.0.0.1"]
)
def test_a_public_name_leads_to_no_private_address(web: MockWeb, ip: str) -> None:
    with (
        Fetcher(AddressRule(), resolve=lambda host, port: [ip]) as fetcher,
        pytest.raises(ForbiddenAddressError),
    ):
        fetcher.get(f"http://post.example:{web.port}/")
    assert web.asked == []


def test_a_name_is_looked_up_once_for_a_connection_and_that_address_is_used(web: MockWeb) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    looked_up = []

    def changing(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return next(answers)

    rule = AddressRule.named([f"http://cms.local:{web.port}/"])
    with Fetcher(rule, resolve=changing) as fetcher:
        assert fetcher.get(f"http://cms.local:{web.port}/").status == 404
        assert fetcher.get(f"http://cms.local.:{web.port}/").status == 404

    assert looked_up == ["cms.local"]
    assert {one.headers["host"] for one in web.asked} == {f"cms.local:{web.port}"}


def test_a_name_that_turns_private_is_refused_however_often_it_was_public(web: MockWeb) -> None:
    # The first address is a documentation one that passes no rule either: nothing is connected to.
    answers = iter([["192.0.2.1"], ["127.0.0.1"], ["127.0.0.1", "::1"]])
    with Fetcher(AddressRule(), resolve=lambda host, port: next(answers)) as fetcher:
        for _ in range(3):
            with pytest.raises(ForbiddenAddressError):
                fetcher.get(f"http://post.example:{web.port}/")
    assert web.asked == []


def test_only_the_allowed_ones_of_several_addresses_are_tried(web: MockWeb) -> None:
    rule = AddressRule(frozenset({("cms.local", web.port)}))
    with Fetcher(rule, resolve=lambda host, port: ["127.0.0.1", "::1"]) as fetcher:
        assert fetcher.get(f"http://cms.local:{web.port}/").status == 404
        with pytest.raises(ForbiddenAddressError):
            fetcher.get(f"http://other.example:{web.port}/")


def test_too_much_is_not_read(web: MockWeb) -> None:
    web.pages["/long"] = MockReply(200, b"a" * 5000)
    web.pages["/bomb"] = MockReply(200, packed(b"0" * 2_000_000), {"Content-Encoding": "gzip"})
    with opened(web, bounds=Bounds(max_bytes=4000, max_unpacked_bytes=10_000)) as fetcher:
        for path in ("/long", "/bomb"):
            with pytest.raises(FetchError, match="larger than"):
                fetcher.get(web.url(path))


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("gzip", packed(STORY)),
        ("x-gzip", packed(STORY[:100]) + packed(STORY[100:])),
        ("deflate", zlib.compress(STORY)),
        ("deflate", zlib.compress(STORY, wbits=-15)),
        ("gzip", STORY),
        ("identity", STORY),
        ("", STORY),
    ],
)
def test_what_is_compressed_is_unpacked_and_what_only_says_so_is_kept(
    web: MockWeb, fetcher: Fetcher, encoding: str, content: bytes
) -> None:
    web.pages["/a"] = MockReply(200, content, {"Content-Encoding": encoding})

    assert fetcher.get(web.url("/a")).content == STORY


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("br", b"\x0b\x02\x80"),
        ("gzip, gzip", packed(packed(STORY))),
        ("gzip", packed(STORY)[:40]),
        ("gzip", b"\x1f\x8b" + STORY),
        ("deflate", STORY),
    ],
)
def test_what_is_packed_wrongly_is_refused(
    web: MockWeb, fetcher: Fetcher, encoding: str, content: bytes
) -> None:
    web.pages["/a"] = MockReply(200, content, {"Content-Encoding": encoding})

    with pytest.raises(FetchError, match="cannot be read"):
        fetcher.get(web.url("/a"))


@pytest.mark.parametrize(
    "pieces",
    [
        (b"HTTP/1.1 200 OK\r\n", *[b"X-A: b\r\n"] * 200),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", *[b"a"] * 200),
    ],
)
def test_a_server_that_drips_is_left(web: MockWeb, pieces: tuple[bytes, ...]) -> None:
    web.pages["/slow"] = MockReply(pieces=pieces, pause_s=0.02)

    with (
        opened(web, bounds=Bounds(max_s=0.4)) as fetcher,
        pytest.raises(FetchError, match="did not answer within"),
    ):
        fetcher.get(web.url("/slow"))


@pytest.mark.parametrize(
    "pieces",
    [
        (b"I am no web server\r\n\r\n",),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",),
        (b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"b" * 300_000,),
    ],
)
def test_broken_replies_are_errors(
    web: MockWeb, fetcher: Fetcher, pieces: tuple[bytes, ...]
) -> None:
    web.pages["/a"] = MockReply(pieces=pieces)

    with pytest.raises(FetchError, match="cannot be reached, or broke off"):
        fetcher.get(web.url("/a"))
    assert fetcher.get(web.url("/b")).status == 404  # the next one is not harmed


def test_nobody_there_is_an_error(fetcher: Fetcher) -> None:
    with Fetcher(AddressRule.named(["http://127.0.0.1:9/"])) as fetcher:
        with pytest.raises(FetchError, match="cannot be reached"):
            fetcher.get("http://127.0.0.1:9/")
    with Fetcher(AddressRule()) as fetcher, pytest.raises(FetchError, match="has no address"):
        fetcher.get(f"http://{'a' * 70}.example/")


def test_connections_are_kept_within_bounds(web: MockWeb) -> None:
    hosts = [f"h{number}.local" for number in range(70)]
    rule = AddressRule.named(f"http://{host}:{web.port}/" for host in hosts)
    with Fetcher(rule, resolve=lambda host, port: ["127.0.0.1"]) as fetcher:
        for host in hosts:
            fetcher.get(f"http://{host}:{web.port}/")
    assert len(web.asked) == len(hosts)


@pytest.mark.parametrize(
    ("told", "wait_s"),
    [
        ("30", 30.0),
        ("Fri, 27 Nov 2026 12:01:00 GMT", 60.0),
        ("Fri, 27 Nov 2026 11:00:00 GMT", 0.0),
        ("999999999999999", 30 * 24 * 3600.0),
        ("soon", None),
        ("", None),
    ],
)
def test_how_long_to_wait_is_read(told: str, wait_s: float | None) -> None:
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)

    assert Reply(429, {"retry-after": told}).retry_after_s(now) == wait_s
