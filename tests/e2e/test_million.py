"""A million rows: memory that doesn't grow with the file, and a kill in the middle. Slow: SLUICE_SLOW=1."""

import json
import os
import pathlib
import signal
import time
import unittest

import order_files
from harness import EndToEnd, UNPACED
from processes import end_process

ROWS = int(os.environ.get("SLUICE_ROWS", 1_000_000))
MOST_KIB = 100 * 1024


def peak_kib(process):
    """The most memory the process ever had; 0 once it is gone."""
    try:
        for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    except FileNotFoundError:
        pass
    return 0


@unittest.skipUnless(os.environ.get("SLUICE_SLOW") == "1", "slow: SLUICE_SLOW=1 runs it")
class AMillionRows(EndToEnd):
    def write(self, path, encoding):
        with open(path, "w", encoding=encoding, newline="") as out:
            for first in range(0, ROWS, 10_000):
                rows = order_files.as_csv(order_files.create_orders(min(10_000, ROWS - first), first))
                out.write(rows if first == 0 else rows.split("\r\n", 1)[1])

    def watch(self, process, until, within):
        """Waits, and keeps the peak."""
        peak = 0
        end = time.monotonic() + within
        while not until():
            peak = max(peak, peak_kib(process))
            self.assertLess(time.monotonic(), end, "it takes too long")
            time.sleep(0.05)
        return max(peak, peak_kib(process))

    def test_are_surveyed_and_sent_in_bounded_memory_through_a_kill(self):
        sandbox = self.sandbox("--rate", "0")
        spool = self.spool(sandbox, {"rate": {"requests": 100_000}, "log": {"level": "info"}})
        half = self.folder / "million.csv"
        self.write(half, "utf-8")
        half.rename(spool.root / "inbox" / "million.csv")
        begun = time.monotonic()
        drain = spool.start("drain")
        before = self.watch(drain, lambda: sandbox.stats()["applied_orders"] > ROWS // 2 or drain.poll() is not None, 600)
        self.assertIsNone(drain.poll(), drain.log.read_text()[-3000:])
        end_process(drain, signal.SIGKILL)
        drain = spool.start("drain")
        after = self.watch(drain, lambda: drain.poll() is not None, 900)
        self.assertEqual(drain.returncode, 0, drain.log.read_text()[-3000:])
        summary = json.loads(next((spool.root / "outbox").glob("*.summary.json")).read_text())
        counts = {k: v for k, v in summary["counts"].items() if v}
        print(f"{ROWS} rows in {time.monotonic() - begun:.0f} s, peak {before // 1024} and {after // 1024} MiB, {counts}")
        self.assertEqual(summary["rows"], ROWS)
        self.assertEqual(sum(counts.values()), ROWS)
        self.assertEqual(set(counts) - {"accepted", "accepted_earlier"}, set())
        stats = sandbox.stats()
        self.assertEqual((stats["applied_orders"], stats["applied_more_than_once"]), (ROWS, 0))
        results = next((spool.root / "outbox").glob("*.results.csv"))
        with open(results, "rb") as lines:
            self.assertEqual(sum(1 for _ in lines), ROWS + 1)
        self.assertLess(max(before, after), MOST_KIB)

    def test_in_gb18030_are_surveyed_in_no_more_than_twice_the_time(self):
        sandbox = self.sandbox("--rate", "0")
        spool = self.spool(sandbox, UNPACED)
        seconds = {}
        for encoding in ("utf-8", "gb18030"):
            path = self.folder / f"{encoding}.csv"
            self.write(path, encoding)
            begun = time.monotonic()
            spool.sluice("check", str(path), expect=0, timeout=600)
            seconds[encoding] = time.monotonic() - begun
        print(f"survey of {ROWS} rows: {seconds}")
        self.assertLess(seconds["gb18030"], 2 * seconds["utf-8"])


if __name__ == "__main__":
    unittest.main()
