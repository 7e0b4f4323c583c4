"""What a run holds while it runs: the workspace under lock, its folder and its business date."""

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
from pydantic import PrivateAttr

from onecard.store.settings import Settings
from onecard.store.workspace import Workspace
from orchestration.runs import RunFolder, business_date, close_run, open_run


class OnecardRun(dg.ConfigurableResource):
    """The workspace of one run. All steps share one process, so the lock taken here is held from first step to last."""

    home: str = ""
    as_of: str = ""

    _ws: Workspace = PrivateAttr()
    _folder: RunFolder = PrivateAttr()
    _date: dt.date = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["OnecardRun"]:
        self._ws = Workspace(self.home or self.settings.home)
        self._ws.create()
        self._date = business_date(self.as_of)
        with self._ws.lock():
            run_id = (context.run.run_id if context.run else "manual")[:8]
            if context.instance and context.run:
                context.instance.add_run_tags(context.run.run_id, {"onecard/pid": str(os.getpid())})
            self._folder = open_run(self._ws, run_id)
            yield self

    @property
    def settings(self) -> Settings:
        return Settings.load()

    @property
    def ws(self) -> Workspace:
        return self._ws

    @property
    def folder(self) -> RunFolder:
        return self._folder

    @property
    def business_date(self) -> dt.date:
        return self._date

    def finish(self) -> None:
        """Call when the release stands: the scratch of the run is dropped."""
        close_run(self._folder)
