"""Bytes of every charset become the text that was meant."""

# ruff: noqa: E501 - test pages stand on one line each

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.charset import decode

CHINESE = "据新华社报道，我们的国家在经济发展中取得了很大的成就，人民生活水平不断提高，这是大家都看到的。" * 3
TRADITIONAL = "據新華社報導，我們的國家在經濟發展中取得了很大的成就，人民生活水平不斷提高，這是大家都看到的。" * 3
JAPANESE = "これは日本語のニュース記事です。東京で新しい建物が完成し、多くの人が訪れています。" * 3
KOREAN = "이것은 한국어 뉴스 기사입니다. 서울에서 새로운 건물이 완공되었습니다." * 3
RUSSIAN = "Это новость на русском языке. Сегодня в Москве открылась новая выставка, которую посетили многие." * 3
POLISH = "Wczoraj w Warszawie odbyło się spotkanie, na którym omówiono ważne sprawy gospodarcze i społeczne." * 3
FRENCH = "L’été dernier, le président a déclaré que la réforme était nécessaire à l’économie française." * 3
CASES = [
    (CHINESE, "gb18030", "gbk"), (TRADITIONAL, "big5", "big5"), (JAPANESE, "shift_jis", "shift_jis"), (JAPANESE, "euc-jp", "euc-jp"), (KOREAN, "euc-kr", "euc-kr"),
    (RUSSIAN, "cp1251", "windows-1251"), (RUSSIAN, "koi8-r", "koi8-r"), (POLISH, "iso8859-2", "iso-8859-2"), (FRENCH, "cp1252", "windows-1252"), (CHINESE, "utf-8", "utf-8"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "codec", "name"), CASES)
def test_the_pages_own_declaration_is_believed(text: str, codec: str, name: str) -> None:
    page = f'<html><head><meta charset="{name}"><title>x</title></head><p>{text}</p>'
    assert decode(page.encode(codec)) == (page, name)


@pytest.mark.parametrize(("text", "codec", "name"), CASES)
def test_the_header_is_believed(text: str, codec: str, name: str) -> None:
    assert decode(text.encode(codec), f"text/html; charset={name.upper()}") == (text, name)


@pytest.mark.parametrize(("text", "codec", "name"), [case for case in CASES if case[2] not in ("iso-8859-2",)])
def test_without_a_declaration_the_letters_tell(text: str, codec: str, name: str) -> None:
    assert decode(f"<p>{text}</p>".encode(codec)) == (f"<p>{text}</p>", name)


def test_a_header_that_lies_is_not_believed() -> None:
    assert decode(CHINESE.encode("gb18030"), "text/html; charset=utf-8")[0] == CHINESE
    assert decode(CHINESE.encode("utf-8"), "text/html; charset=gbk") == (CHINESE, "utf-8")
    assert decode(RUSSIAN.encode("cp1251"), "text/html; charset=iso-8859-1")[0] == RUSSIAN


def test_damaged_utf_8_stays_utf_8() -> None:
    body = CHINESE.encode() + b"\xe4\xb8" + CHINESE.encode()
    text, name = decode(body, "text/html; charset=utf-8")
    assert name == "utf-8"
    assert text.count("\ufffd") == 1
    assert text.replace("\ufffd", "") == CHINESE * 2


def test_a_mark_decides_before_all_else() -> None:
    assert decode(b"\xef\xbb\xbfabc", "text/html; charset=gbk") == ("abc", "utf-8")
    assert decode("\ufeff中文".encode("utf-16-le")) == ("中文", "utf-16le")


def test_an_xml_declaration_counts_in_xml() -> None:
    body = f'<?xml version="1.0" encoding="GB2312"?><a>{CHINESE}</a>'.encode("gb18030")
    assert CHINESE in decode(body, xml=True)[0]


@pytest.mark.parametrize("body", [b"", b"\xff", bytes(range(256)) * 50, b"\0" * 1000, b"\x81" * 1000, b'<meta charset="nonsense">\xe9'])
def test_anything_gives_some_text(body: bytes) -> None:
    assert isinstance(decode(body)[0], str)


def test_sixteen_megabytes_of_anything_take_bounded_time() -> None:
    started = time.process_time()
    decode(bytes(range(128, 256)) * (16 * 1024 * 8))
    assert time.process_time() - started < 5


@given(st.binary(max_size=400), st.text(max_size=30))
def test_no_bytes_and_no_header_raise(body: bytes, header: str) -> None:
    decode(body, header)
    decode(body, f"text/html; charset={header}", xml=True)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_utf_8_is_read_back(text: str) -> None:
    if "\0" not in text and not text.startswith("\ufeff"):
        assert decode(text.encode())[0] == text


@pytest.mark.parametrize(
    "label", ["undefined", "IDNA", "punycode", "unicode_escape", "raw_unicode_escape", "utf-7", "UTF_7", "rot13", "hex"]
)
def test_codecs_of_python_that_no_page_may_name_are_passed_over(label: str) -> None:
    text, name = decode(b"caf\xe9 +ADw-script+AD4-", f"text/html; charset={label}")
    assert name not in ("undefined", "idna", "punycode", "utf-7", label.lower())
    assert "<script>" not in text
