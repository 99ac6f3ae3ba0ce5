"""Progress on a terminal: one bar a source, gone when the summary comes."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from crawler.cli.terminal import err, padded

if TYPE_CHECKING:
    from crawler.pipelines.run import Run
    from crawler.pipelines.settle import Settled


class Progress:
    """Follows a run while it is shown."""

    def __init__(self, run: Run, *, shown: bool) -> None:
        self.run = run
        self.bars: Bars | None = None
        if shown:
            columns = (TextColumn("{task.description}"), BarColumn(40), MofNCompleteColumn(), TimeElapsedColumn())
            self.bars = Bars(*columns, console=err(), transient=True)
            names = {source: run.recipes[source].id for source in run.plans}
            width = min(24, max(map(len, names.values()), default=0))
            self.tasks = {source: self.bars.add_task(padded(name, width), total=None) for source, name in names.items()}
            self.done = dict.fromkeys(names, 0)
            run.on_settled = self.settled

    def settled(self, settled: Settled) -> None:
        if self.bars is None:
            return
        self.done[settled.source] += settled.kind in ("new", "known", "failed", "conflict")
        total = None if settled.waiting is None else self.done[settled.source] + settled.waiting
        if total is None:
            self.bars.update(self.tasks[settled.source], completed=self.done[settled.source])
        else:
            self.bars.update(self.tasks[settled.source], completed=self.done[settled.source], total=total)

    def __enter__(self) -> Progress:
        if self.bars is not None:
            self.bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.bars is not None:
            self.bars.stop()
