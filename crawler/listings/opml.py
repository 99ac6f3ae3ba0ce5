"""A list of subscriptions (OPML 2.0, https://opml.org/spec2.opml) becomes feeds with their names, folders and sites. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from crawler.errors import ListingError
from crawler.listings.text import FORBIDDEN, text_of
from crawler.urls import tidy

LARGEST = 16 * 1024 * 1024
"""Bytes of a list."""
MOST_FEEDS = 10_000
SCHEMES = re.compile(r"^feed:(?://)?(?=https?://)|^feed:(?=//)", re.IGNORECASE)
"""What browsers once wrote before a feed's address: feed://host/, feed:https://host/."""
LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*$")


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed that a reader had subscribed to."""

    url: str
    """Absolute; empty where the list has no http(s) address for it."""
    name: str = ""
    site: str = ""
    """Absolute address of the site; empty where the list doesn't say."""
    folder: str = ""
    """The innermost folder it lies in."""
    language: str = ""
    given: str = ""
    """The address as the list has it."""


def read_opml(content: bytes, subject: str) -> list[Subscription]:
    """The feeds of a list, in its order, folders opened. `subject` is what errors call it.

    Raises ListingError for what is no OPML, and for a list that holds no feed.
    """
    root = parse(content, subject)
    found: list[Subscription] = []
    for outline in root.iter("{*}outline"):
        attributes = {etree.QName(name).localname.lower(): value for name, value in outline.attrib.items()}
        given = text_of(attributes.get("xmlurl", ""))
        if not given:
            continue
        if len(found) == MOST_FEEDS:
            raise ListingError(subject, f"lists more than {MOST_FEEDS:,} feeds; cut it into several")
        language = text_of(attributes.get("language", ""))
        found.append(
            Subscription(
                url=tidy(SCHEMES.sub(lambda match: "http:" if match.group().endswith(":") else "", given)),
                name=text_of(attributes.get("title", "")) or text_of(attributes.get("text", "")),
                site=tidy(text_of(attributes.get("htmlurl", ""))),
                folder=next(folders_of(outline), ""),
                language=language if LANGUAGE.match(language) else "",
                given=given,
            )
        )
    if not found:
        raise ListingError(subject, "lists no feed: no outline in it has an xmlUrl")
    return found


def parse(content: bytes, subject: str) -> Any:
    """The root of an OPML document. No document type is read, so no entity can grow or fetch anything."""
    if len(content) > LARGEST:
        raise ListingError(subject, f"is larger than {LARGEST // 2**20} MiB; a list of subscriptions is some kilobytes")
    if not content.strip():
        raise ListingError(subject, "is empty")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ListingError(subject, f"is no OPML (broken XML: {FORBIDDEN.sub('', str(error))[:200]})") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise ListingError(subject, "declares a document type; OPML has none, and it is not read")
    if etree.QName(root).localname.lower() != "opml":
        raise ListingError(subject, f"is no OPML: its root is <{etree.QName(root).localname[:50]}>")
    return root


def folders_of(outline: Any) -> Iterator[str]:
    """Names of the folders around an outline, the innermost first; a feed with outlines in it is none."""
    for around in outline.iterancestors("{*}outline"):
        attributes = {name.lower(): value for name, value in around.attrib.items()}
        name = text_of(attributes.get("title", "")) or text_of(attributes.get("text", ""))
        if name and "xmlurl" not in attributes:
            yield name
