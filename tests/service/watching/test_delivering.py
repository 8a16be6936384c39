import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from benchmarks.mock_web import MockReply, MockWeb, mock_web
from corpus.errors import FetchError
from corpus.remote import AddressRule, Fetcher, Reply
from service.watching.delivering import Deliverer, Hook, signature, written_secret
from service.watching.wiring import secret_in_hex
from tests.service.watching.conftest import Desk, make_entry

HOOK = "https://desk.example/hooks"
Headers = dict[str, str] | None


class Killed(BaseException):
    """The process ends here."""


@dataclass
class FakePoster:
    """Replies as told, and notes what it was sent; a status of 0 is no reply at all."""

    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    sent: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)
    after: Callable[[], None] = lambda: None

    def post(self, url: str, content: bytes, headers: Headers = None) -> Reply:
        self.sent.append((url, content, headers or {}))
        self.after()
        status = self.statuses.pop(0) if self.statuses else 200
        if not status:
            raise FetchError("desk.example cannot be reached.")
        return Reply(status, self.headers)


def deliverer(desk: Desk, poster: FakePoster, own: FakePoster | None = None) -> Deliverer:
    hook = Hook("http://desk.local/all", "00ff") if own else None
    return Deliverer(desk.database, poster, own or poster, hook, lambda: desk.owners, desk.clock)


def test_a_change_is_sent_once_with_all_of_it(desk: Desk) -> None:
    watch = make_entry(desk, webhook=HOOK)
    poster = FakePoster()
    assert deliverer(desk, poster).send() == 1
    assert deliverer(desk, poster).send() == 0
    ((url, content, headers),) = poster.sent
    body = json.loads(content)
    assert (url, body["watch"], body["change"]) == (HOOK, watch, "new-value")
    assert body["after"]["answer"]["citations"][0]["permalink"] == "/articles/ferry?q=0-26"
    assert headers["Webhook-Id"] == body["id"] == desk.entries.list()[0].id


def test_it_is_signed_so_that_a_receiver_can_check_it(desk: Desk) -> None:
    watch = make_entry(desk, webhook=HOOK)
    poster = FakePoster()
    deliverer(desk, poster).send()
    ((_, content, headers),) = poster.sent
    secret = written_secret(desk.secrets[watch])
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + content
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["Webhook-Signature"] == f"v1,{expected}"
    assert headers["Webhook-Timestamp"] == str(int(desk.clock().timestamp()))
    assert secret_in_hex(secret) == desk.secrets[watch]


def test_the_example_of_the_standard_is_signed_as_it_says() -> None:
    secret = secret_in_hex("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    made = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body)
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_is_not_taken_is_sent_again_after_growing_waits_and_then_given_up(desk: Desk) -> None:
    make_entry(desk, webhook=HOOK)
    poster = FakePoster([0, 500, 302, 500, 0, 500, 500, 500])
    waits = []
    for wait_s in (30, 120, 600, 3600, 3 * 3600, 12 * 3600, 24 * 3600):
        n = len(poster.sent)
        deliverer(desk, poster).send()
        desk.clock.move(seconds=wait_s - 1)
        deliverer(desk, poster).send()
        waits.append(len(poster.sent) - n)
        desk.clock.move(seconds=1)
    assert waits == [1] * 7
    deliverer(desk, poster).send()
    desk.clock.move(days=30)
    assert deliverer(desk, poster).send() == 0
    assert len(poster.sent) == 8
    assert len({headers["Webhook-Id"] for _, _, headers in poster.sent}) == 1


def test_a_receiver_that_asks_for_time_gets_it(desk: Desk) -> None:
    make_entry(desk, webhook=HOOK)
    poster = FakePoster([429], {"retry-after": "7200"})
    deliverer(desk, poster).send()
    desk.clock.move(seconds=7100)
    assert deliverer(desk, poster).send() == 0
    desk.clock.move(seconds=100)
    assert deliverer(desk, poster).send() == 1


def test_a_receiver_that_is_gone_is_left_alone(desk: Desk) -> None:
    make_entry(desk, webhook=HOOK)
    poster = FakePoster([410])
    deliverer(desk, poster).send()
    desk.clock.move(days=2)
    deliverer(desk, poster).send()
    assert len(poster.sent) == 1


def test_killed_before_it_is_marked_it_is_sent_again_with_the_same_id(desk: Desk) -> None:
    make_entry(desk, webhook=HOOK)

    def die() -> None:
        raise Killed

    poster = FakePoster(after=die)
    with pytest.raises(Killed):
        deliverer(desk, poster).send()
    poster.after = lambda: None
    # Another process may be sending it still.
    assert deliverer(desk, poster).send() == 0
    desk.clock.move(seconds=121)
    assert deliverer(desk, poster).send() == 1
    first, second = (headers["Webhook-Id"] for _, _, headers in poster.sent)
    assert first == second


def test_while_one_is_sending_no_other_does(desk: Desk) -> None:
    make_entry(desk, webhook=HOOK)
    other = FakePoster()

    def send_too() -> None:
        assert deliverer(desk, other).send() == 0

    poster = FakePoster(after=send_too)
    assert deliverer(desk, poster).send() == 1
    assert other.sent == []


def test_a_receiver_that_fails_is_not_tried_for_each_entry(desk: Desk) -> None:
    make_entry(desk, webhook=HOOK)
    desk.publish(captain="Ada Lind")
    desk.runner.run()
    poster = FakePoster([0])
    deliverer(desk, poster).send()
    assert len(poster.sent) == 1
    desk.clock.move(seconds=30)
    assert deliverer(desk, poster).send() == 2


def test_all_entries_go_to_the_address_of_the_settings(desk: Desk) -> None:
    desk.sends_all = True
    make_entry(desk, webhook=HOOK)
    poster, own = FakePoster(), FakePoster()
    assert deliverer(desk, poster, own).send() == 2
    assert [url for url, _, _ in poster.sent] == [HOOK]
    assert [url for url, _, _ in own.sent] == ["http://desk.local/all"]


def test_nothing_is_sent_for_a_key_that_was_revoked_or_a_watch_that_is_removed(desk: Desk) -> None:
    desk.owners.append("4f0c2a9b")
    watch = make_entry(desk, webhook=HOOK, owner="4f0c2a9b")
    desk.owners.clear()
    poster = FakePoster()
    assert deliverer(desk, poster).send() == 0
    desk.owners.append("4f0c2a9b")
    desk.watches.remove(watch)
    assert deliverer(desk, poster).send() == 0
    assert poster.sent == [] and desk.entries.list() == []


@pytest.mark.parametrize("is_named", [True, False])
def test_a_private_address_is_connected_to_only_where_it_was_named(
    desk: Desk, *, is_named: bool
) -> None:
    with mock_web(MockWeb(pages={"/hook": MockReply(204)})) as web:
        make_entry(desk, webhook=web.url("/hook"))
        rule = AddressRule.named([web.url()] if is_named else [])
        with Fetcher(rule) as fetcher:
            sender = Deliverer(desk.database, fetcher, fetcher, clock=desk.clock)
            assert sender.send() == int(is_named)
        assert len(web.asked) == int(is_named)
