"""A profile of the workspace's own: a Python class in one of its files."""

from __future__ import annotations

import importlib.util
import traceback
from pathlib import Path

from crawler.documents.profile import DocumentOptions, FrontMatter, Profile
from crawler.errors import WorkspaceError


def own_profile(name: str, options: DocumentOptions, workspace: Path) -> Profile:
    """The profile that `profiles/mine.py` or `profiles/mine.py:Mine` names, relative to the workspace.

    The class is called with the options. Raises WorkspaceError naming the file: not there, doesn't run, no class or several in it.
    """
    file, _, wanted = name.partition(":")
    path = workspace / file
    if not path.is_file():
        raise WorkspaceError("profile", f"there is no file {file} in the workspace")
    classes = {key: value for key, value in names_in(path).items() if is_profile(value, path)}
    if wanted and wanted not in classes:
        raise WorkspaceError(str(path), f"has no class {wanted!r} with name, write and read")
    if not wanted and len(classes) != 1:
        raise WorkspaceError(str(path), f"one class with name, write and read is expected, not {len(classes)}; name it as {file}:CLASS")
    chosen = classes[wanted] if wanted else next(iter(classes.values()))
    try:
        profile: Profile = chosen(options)
    except Exception as error:
        raise WorkspaceError(str(path), f"class {chosen.__name__} can't be made of the options ({type(error).__name__}: {error})") from None
    if not isinstance(profile.name, str) or not profile.name:
        raise WorkspaceError(str(path), "the profile's `name` is expected to be a string")
    return profile


def names_in(path: Path) -> dict[str, type]:
    spec = importlib.util.spec_from_file_location(f"broadsheet_profile_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise WorkspaceError(str(path), "is no Python file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever a person's file raises is told with its line, and is no traceback
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        line = lines[-1] if lines else getattr(error, "lineno", None)
        raise WorkspaceError(f"{path}, line {line}" if line else str(path), f"doesn't run ({type(error).__name__}: {error})") from None
    return vars(module)


def is_profile(value: object, path: Path) -> bool:
    """Whether it is a class of that file, not an imported one, that writes and reads."""
    return (
        isinstance(value, type)
        and value.__module__ == f"broadsheet_profile_{path.stem}"
        and (issubclass(value, FrontMatter) or all(hasattr(value, part) for part in ("name", "write", "read")))
    )
