"""The base of every end-to-end test: real programs, a fresh folder each, nothing left behind."""

import pathlib
import shutil
import tempfile
import unittest

from processes import Sandbox, wait_until
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

    def wait_for_log(self, process, *words):
        """Its log is written by a thread of its own: what status says already may not stand there yet."""
        def logged():
            said = process.log.read_text()
            return all(word in said for word in words)
        try:
            wait_until(logged, what=f"{words} in the log")
        except AssertionError as error:
            raise AssertionError(f"{error}; it says\n{process.log.read_text()[-6000:]}") from None


__all__ = ["EndToEnd", "QUICK", "UNPACED", "merged"]
