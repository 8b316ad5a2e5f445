"""Where a server may listen, and what it says of itself."""

import pytest

from phoenix.server.errors import PlaintextRefusedError, TlsFilesError
from phoenix.server.ports.listening import address_of, is_loopback, tls_of
from phoenix.settings.server import ServerSettings


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104 - the address that must be seen as open
        ("::", False),
        ("10.0.0.1", False),
        ("phoenix.example", False),
        ("localhost.example", False),
    ],
)
def test_knows_what_only_this_machine_reaches(host, loopback) -> None:
    assert is_loopback(host) == loopback


def test_refuses_plaintext_where_others_reach() -> None:
    with pytest.raises(PlaintextRefusedError, match=r"0\.0\.0\.0"):
        tls_of(ServerSettings(host="0.0.0.0"))  # noqa: S104 - what must be refused


def test_allows_plaintext_on_loopback_and_where_the_setting_says_so() -> None:
    assert tls_of(ServerSettings()) is None
    assert tls_of(ServerSettings(host="10.0.0.1", plaintext=True)) is None


def test_refuses_a_certificate_without_its_key(tmp_path) -> None:
    with pytest.raises(TlsFilesError, match="belong together"):
        tls_of(ServerSettings(tls_certificate=tmp_path / "cert.pem"))


@pytest.mark.parametrize("content", [None, "no PEM"])
def test_refuses_files_that_are_no_certificate(tmp_path, content) -> None:
    if content is not None:
        for name in ("cert.pem", "key.pem"):
            (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(TlsFilesError, match=r"cert\.pem"):
        tls_of(ServerSettings(tls_certificate=tmp_path / "cert.pem", tls_key=tmp_path / "key.pem"))


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "127.0.0.1:80"), ("0.0.0.0", "127.0.0.1:80"), ("::", "[::1]:80"), ("a.example", "a.example:80")],  # noqa: S104 - an address to recognise
)
def test_names_an_address_that_can_be_reached(host, address) -> None:
    assert address_of(host, 80) == address
