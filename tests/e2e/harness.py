"""The base of every end-to-end test: real programs, a fresh folder each, nothing left behind."""

import pathlib
import shutil
import tempfile
import unittest

from processes import Sandbox
from spool_folder import QUICK, UNPACED, Spool, merged


class EndToEnd(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def sandbox(self, *options, name="sandbox", **more):
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        sandbox = Sandbox(folder, *options, **more)
        self.addCleanup(sandbox.stop)
        return sandbox

    def spool(self, sandbox, settings=None, name="client", **more):
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        spool = Spool(folder, sandbox, settings, **more)
        self.addCleanup(spool.end_all)
        return spool

    def unpaced(self, *options, settings=None, **more):
        """A sandbox and a spool for tests that are not about the pace."""
        sandbox = self.sandbox("--rate", "0", *options)
        return sandbox, self.spool(sandbox, merged(UNPACED, settings or {}), **more)


__all__ = ["EndToEnd", "QUICK", "UNPACED", "merged"]
