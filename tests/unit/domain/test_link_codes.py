"""Codes that link addresses, and addresses as people write them."""

from dataclasses import replace

import pytest

from chat4all.domain.identity_addresses import known_as
from chat4all.domain.link_codes import ALPHABET, LinkRequest, code_of, is_code, text_of
from chat4all.errors import Invalid

ASKED = LinkRequest("r", "u", "telegram", "a", "1")


def test_a_code_has_eight_characters_without_look_alikes() -> None:
    codes = {code_of(replace(ASKED, id=str(number)), "secret") for number in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 8 for code in codes)
    assert set("".join(codes)) == set(ALPHABET)
    assert not set(ALPHABET) & set("0OQ1IL2Z5S6G8BUabcdefghijklmnopqrstuvwxyz")


@pytest.mark.parametrize("field", ["id", "user_id", "channel", "account_id", "address"])
def test_a_code_is_for_one_thing(field: str) -> None:
    assert code_of(replace(ASKED, **{field: "x"}), "secret") != code_of(ASKED, "secret")
    assert code_of(ASKED, "other") != code_of(ASKED, "secret")


def test_without_a_secret_there_is_no_code() -> None:
    with pytest.raises(ValueError, match="secret"):
        code_of(ASKED, "")


def test_a_code_may_be_written_in_either_case_and_divided() -> None:
    code = code_of(ASKED, "secret")
    assert all(
        is_code(given, ASKED, "secret") for given in (code, code.lower(), f"{code[:4]}-{code[4:]}", f" {code}\n")
    )
    assert not any(is_code(given, ASKED, "secret") for given in ("", code[:-1], code + "A", "\ud800", "ÄÖÜ"))


def test_the_text_says_for_whom_it_is() -> None:
    text = text_of("ACDEFHJK", "ana")
    assert "ACDE-FHJK" in text
    assert "ana" in text


@pytest.mark.parametrize(
    ("channel", "written", "known"),
    [
        ("whatsapp", "+55 (11) 91234-5678", "5511912345678"),
        ("whatsapp", "US.1349120865530", "US.1349120865530"),
        ("telegram", " 123456 ", "123456"),
        ("messenger", "1234567890123456", "1234567890123456"),
    ],
)
def test_addresses_as_their_provider_knows_them(channel: str, written: str, known: str) -> None:
    assert known_as(channel, written) == known


@pytest.mark.parametrize(
    ("channel", "written"),
    [
        ("whatsapp", "12"),
        ("whatsapp", "carla"),
        ("telegram", "-1"),
        ("telegram", "@x"),
        ("instagram", "carla"),
        ("telegram", ""),
    ],
)
def test_what_is_no_address(channel: str, written: str) -> None:
    with pytest.raises(Invalid) as refused:
        known_as(channel, written)
    assert refused.value.errors[0].pointer == "/address"
