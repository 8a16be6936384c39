import pytest

from corpus.errors import FetchError
from corpus.remote import AddressRule, read_address
from corpus.remote.addresses import is_local_name, is_public, resolve


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "240.0.0.1",
        "198.18.0.1",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fd00::1",
        "ff02::1",
        "ff0e::1",
        "2001:db8::1",
        "post.example",
        "",
    ],
)
def test_what_is_not_one_host_on_the_internet_is_not_public(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize("ip", ["93.184.215.14", "2606:2800:21f::1", "64:ff9b::5db8:d70e"])
def test_other_addresses_are_public(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize("host", ["0x7f.1", "2130706433", "0177.0.0.1", "127.1", "127.0.0.1"])
def test_odd_spellings_of_loopback_are_looked_up_as_what_they_are(host: str) -> None:
    found = resolve(host, 80)

    assert found
    assert not any(AddressRule().allows(host, 80, ip) for ip in found)


def test_only_a_name_that_can_be_nothing_else_names_a_private_address() -> None:
    rule = AddressRule.named(["http://127.0.0.1:81/feed", "http://cms/", "https://post.example/"])

    assert rule.allows("127.0.0.1", 81, "127.0.0.1")
    assert not rule.allows("127.0.0.1", 82, "127.0.0.1")
    assert rule.allows("cms", 80, "10.0.0.7")
    assert rule.allows("cms", 443, "10.0.0.7")
    assert not rule.allows("post.example", 443, "10.0.0.7")
    assert rule.allows("post.example", 443, "93.184.215.14")


def test_a_host_is_private_where_a_person_says_so() -> None:
    rule = AddressRule.named(["https://cms.post.example/feed"], ["CMS.post.example."])

    assert rule.allows("cms.post.example", 443, "10.0.0.7")
    assert not rule.allows("cms.post.example", 8443, "10.0.0.7")
    assert not rule.allows("other.post.example", 443, "10.0.0.7")


def test_local_names_are_told_from_public_ones() -> None:
    local = ["localhost", "cms", "a.localhost", "box.local", "x.home.arpa", "::1", "10.0.0.1"]
    public = ["post.example", "93.184.215.14", "local.example", "127.0.0.1.nip.example"]

    assert all(map(is_local_name, local))
    assert not any(map(is_local_name, public))


@pytest.mark.parametrize(
    "text",
    [
        "ftp://post.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "post.example/feed",
        "http://",
        "http:///feed",
        "http://user:secret@post.example/",
        "http://post.example@127.0.0.1/",
        "http://[::1%25eth0]/",
        "http://post.example:99999/",
        "http://post.example/\x00",
        "http://post.example/" + "a" * 5000,
        "javascript:alert(1)",
    ],
)
def test_what_is_no_plain_web_address_is_refused(text: str) -> None:
    with pytest.raises(FetchError):
        read_address(text)


def test_addresses_are_read_in_one_way() -> None:
    base = read_address("http://Post.Example.:80/news/feed?x=1#top")

    assert str(base) == "http://post.example/news/feed?x=1"
    assert str(read_address("../a", base)) == "http://post.example/a"
    assert str(read_address("//other.example", base)) == "http://other.example/"
    assert read_address("https://münchen.example/").host == "xn--mnchen-3ya.example"
    assert read_address("http://[::1]:8080/").authority == "[::1]:8080"
