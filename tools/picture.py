"""Makes docs/result.png: a document of the demo newspaper and the feed entry it became, as they lie on the disk.

`python tools/picture.py OUTPUT_FOLDER PICTURE.png` (needs Chromium).
"""

from __future__ import annotations

import html
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 28px; background: #f4f1ea; font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; color: #222 }}
main {{ display: grid; grid-template-columns: 1fr 1fr; gap: 24px }}
section {{ background: #fff; border: 1px solid #d9d3c7; padding: 14px 18px; overflow: hidden; height: 640px }}
h2 {{ font: 600 14px/1.3 sans-serif; margin: 0 0 10px; color: #7a2e1d; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }}
pre {{ margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }}
</style><main>
<section><h2>{path}</h2><pre>{document}</pre></section>
<section><h2>{feed}</h2><pre>{entry}</pre></section>
</main>"""


def main(output: Path, picture: Path) -> None:
    document = next(path for path in sorted((output / "demo").rglob("*.md")) if "bus-route" in path.name)
    text = document.read_text("utf-8")
    guid = re.search(r"urn:uuid:[0-9a-f-]+", text).group()  # type: ignore[union-attr]
    feed = output / "feeds" / "demo" / "city.atom"
    entry = next(one for one in re.findall(r"<entry.*?</entry>", feed.read_text("utf-8"), re.DOTALL) if guid in one)
    page = PAGE.format(
        path=html.escape(document.relative_to(output.parent).as_posix()),
        document=html.escape(text),
        feed=html.escape(feed.relative_to(output.parent).as_posix()),
        entry=html.escape(entry),
    )
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "page.html").write_text(page, "utf-8")
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--hide-scrollbars",
            "--window-size=1280,760",
        ]
        browser = [
            "chromium",
            *options,
            f"--user-data-dir={folder}/profile",
            f"--screenshot={picture.resolve()}",
            f"file://{folder}/page.html",
        ]
        subprocess.run(browser, check=True, capture_output=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
