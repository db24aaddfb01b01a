"""Bytes out are bounded by bytes in: no file, whatever is in it, becomes a flood of ledger and results."""

import os
import pathlib
import unittest

import order_files
from harness import EndToEnd

HEADER = "douyinId,uid,source,isRenew,endMonthTime\n"
SIZE = 2_000_000
MOST = 20  # times its size
LITTLE = 8 << 20


def on_disk(root):
    return sum(path.stat().st_blocks * 512 for path in pathlib.Path(root).rglob("*") if path.is_file())


class Growth(EndToEnd):
    def grown(self, lines, expect):
        """Drains a file of these lines, again and again; how many times its size the spool takes then."""
        _, spool = self.unpaced(settings={"batch": {"orders": 1000}})
        content = HEADER + lines * (SIZE // len(lines))
        spool.drop("orders.csv", content)
        spool.drain(expect=expect, timeout=300)
        times = on_disk(spool.root) / len(content)
        self.assertLess(times, MOST, lines[:40])
        return spool

    def test_rows_of_one_character_are_rejected_whole_in_a_word(self):
        spool = self.grown("x\n", expect=2)
        reason, = (spool.root / "rejected").glob("*.reason.txt")
        self.assertIn("times as large as the file", reason.read_text())
        self.assertIn("“", reason.read_text(), "the fault is said in both languages")
        self.assertLess(reason.stat().st_size, 2000)

    def test_short_rows_of_several_faults_are_no_flood_either(self):
        spool = self.grown("x\n,1\n,,1\n,,,1\n", expect=2)
        reason, = (spool.root / "rejected").glob("*.reason.txt")
        self.assertIn("times as large as the file", reason.read_text())

    def test_a_row_in_fifty_that_is_good_saves_no_flood(self):
        good = order_files.as_csv(order_files.create_orders(1)).splitlines()[1]
        self.assertEqual(len(good.split(",")), 7)
        self.grown("x\n,2\n" * 30 + "abc,5,联通,false,2031-12\n", expect=2)

    def test_long_rows_that_are_all_bad_for_one_reason_are_rejected_with_it(self):
        spool = self.grown(f"abc,5,联通,false,2001-01{' ' * 200}\n", expect=2)
        reason, = (spool.root / "rejected").glob("*.reason.txt")
        self.assertIn("rows are invalid for one reason", reason.read_text())

    def test_long_rows_that_are_all_bad_are_reported_row_by_row(self):
        rows = "".join(f"abc{n},{n},联通,false,200{n % 10}-01,{'n' * 100}\n" for n in range(100, 1000))
        spool = self.grown(rows + f"good,1{os.getpid()},联通,false,2031-12,\n" * 20, expect=1)
        self.assertEqual(len(spool.finished()), 1)


class SmallFiles(EndToEnd):
    def test_small_files_take_eight_mebibytes_at_most(self):
        _, spool = self.unpaced(settings={"batch": {"orders": 1000}})
        spool.drain(expect=0)
        several = "x\n,1\n,,1\n,,,1\nx,2\n"
        for size in (2_000, 20_000, 100_000, 300_000, 600_000):
            for lines in ("x\n", several, f"{'x' * 40},,,\n,{'1' * 40}\n"):
                with self.subTest(size=size, lines=lines):
                    before = on_disk(spool.root)
                    content = HEADER + lines * (size // len(lines))
                    spool.drop("orders.csv", content)
                    self.assertIn(spool.drain(timeout=600).returncode, (1, 2))
                    self.assertLess(on_disk(spool.root) - before, max(MOST * len(content), LITTLE))


if __name__ == "__main__":
    unittest.main()
