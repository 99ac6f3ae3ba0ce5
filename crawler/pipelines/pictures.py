"""What a workspace's kept pictures are to documents and feeds: which an article wants, where copies lie, how they are referred to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from crawler.article import Article
from crawler.documents.body import pictures
from crawler.entry import Entry
from crawler.files import delete_durably
from crawler.recipes import Recipe
from crawler.store import Store
from crawler.workspace import Settings, Workspace

if TYPE_CHECKING:
    from crawler.feeds.item import KeptPicture

MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp", "avif": "image/avif"}
BESIDE = ("obsidian", "plain")  # their consumers read files, not a site: the assets folder lies beside the documents


def wanted(article: Article) -> list[str]:
    """Addresses of the lead picture and of those in the body, each once, as the document will hold them."""
    lead = [article.image.url] if article.image else []
    addresses = dict.fromkeys([*lead, *(picture.url for picture in pictures(article.body))])
    return [address for address in addresses if address.startswith(("http://", "https://"))]


def keeps_images(workspace: Workspace, recipe: Recipe) -> bool:
    """The recipe's word, else the workspace's."""
    return (recipe.images or workspace.settings.images) == "keep"


def assets_url(settings: Settings) -> str:
    """What stands in front of a kept picture's name in a document, with a slash at its end."""
    given = settings.assets_url or ("assets/" if settings.profile in BESIDE else "/assets/")
    return given if given.endswith("/") else given + "/"


def kept_pictures(workspace: Workspace) -> Callable[[Entry], Mapping[str, KeptPicture]]:
    """For the feeds: which pictures of an entry the workspace has copies of. Those whose file is gone are left out."""
    from crawler.feeds.item import KeptPicture

    folder = workspace.assets
    below, served = served_pictures(workspace)

    def kept(entry: Entry) -> dict[str, KeptPicture]:
        found = {}
        for original, name in entry.image_files.items():
            try:
                length = (folder / name).stat().st_size
            except OSError:
                continue
            kind = MEDIA_TYPES.get(name.rpartition(".")[2], "")
            found[original] = KeptPicture(served + name if served else original, kind, length, below + name if below else "")
        return found

    return kept


def served_pictures(workspace: Workspace) -> tuple[str, str]:
    """Where kept pictures lie below the output, and under which address they are served; "" where they don't, or it is not known."""
    settings, folder = workspace.settings, workspace.assets
    below = folder.relative_to(workspace.output).as_posix() + "/" if folder.is_relative_to(workspace.output) else ""
    if not below:
        return "", assets_url(settings) if settings.assets_url.startswith(("http://", "https://")) else ""
    return below, settings.base_url + below if settings.base_url else ""


def take_pictures_down(store: Store, workspace: Workspace, guid: str, more: Collection[str]) -> None:
    """Deletes the copies that only this article shows: those that the store knows of, and `more`, which earlier revisions show."""
    with store.begin() as transaction:
        transaction.images.shown_too(guid, more)
        files = transaction.images.only_of(guid)
    for file in files:  # before the store forgets them: killed in between, the next try finds them again
        delete_durably(workspace.assets / file)
    with store.begin() as transaction:
        transaction.images.forget(guid, files)


def delete_pictures(store: Store, workspace: Workspace, files: Collection[str]) -> list[int]:
    """Deletes those of these copies that no article shows; gives their sizes in bytes. Raises OSError."""
    with store.begin() as transaction:
        gone = transaction.images.not_shown(files)
    sizes = [path.stat().st_size for file in gone if (path := workspace.assets / file).is_file()]
    for file in gone:  # before the store forgets them, as above
        delete_durably(workspace.assets / file)
    with store.begin() as transaction:
        transaction.images.gone(gone)
    return sizes
