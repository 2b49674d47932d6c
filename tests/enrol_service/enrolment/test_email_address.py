"""E-mail addresses: what is one, and how it is written."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrol_service.enrolment.email_address import plain_address


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("a@b.fi", "a@b.fi"),
        (" Etunimi.Sukunimi@Edu.Kuusikko.FI ", "etunimi.sukunimi@edu.kuusikko.fi"),
        ("o'hara+x@xn--4ca.example", "o'hara+x@xn--4ca.example"),
        ("veeti@meikäläinen.fi", "veeti@" + "meikäläinen.fi".encode("idna").decode()),
        ("veeti@edu．kuusikko．fi", "veeti@edu.kuusikko.fi"),
        ("a=b?c@b.fi", "a=b?c@b.fi"),
    ],
)
def test_an_address_is_stored_in_one_form(typed: str, stored: str) -> None:
    assert plain_address(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@b.fi",
        "a@",
        "a@b",
        "a@-.fi",
        "a@b-.fi",
        "a@b..fi",
        "a@b.123",
        ".a@b.fi",
        "a.@b.fi",
        "a..b@b.fi",
        "a b@b.fi",
        '"a b"@b.fi',
        "a@b@c.fi",
        "a@[127.0.0.1]",
        "a@b.fi\nBcc: all@b.fi",
        "a\r\nb@b.fi",
        "=?utf-8?q?a=0d=0ab?=@x.fi",
        "=?utf-8?b?YQ==?=@x.fi",
        "a=?utf-8?q?b@x.fi",
        "matti.meikäläinen@koulu.fi",
        "a@b.fi,c@d.fi",
        "a@" + "b" * 64 + ".fi",
        "a" * 65 + "@b.fi",
        "a@" + "b." * 126 + "fi",
    ],
)
def test_what_is_no_address_is_none(typed: str) -> None:
    assert plain_address(typed) is None


PIECES = st.sampled_from(
    ["a", "=?", "?=", "utf-8", "?q?", "=0d", "=0a", ".", "@", "x", "fi", "ä", "\r", "\n", " ", "+", "<", ">", ",", "(", '"']
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_a_mail_to_any_address_taken_goes_to_that_address_and_no_other(before: str) -> None:
    address = plain_address(before + "@edu.fi")
    if address is None:
        return
    mail = EmailMessage()
    mail["To"] = Address(addr_spec=address)
    read = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert [one.addr_spec for one in read["To"].addresses] == [address]
