"""What an order costs: user instructions of a whole drain, against the recorded figure."""

import pathlib
import shutil
import sys
import unittest

from processes import BINARIES

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "bench"))
import instructions  # noqa: E402

# By `python3 tests/bench/instructions.py build/release`. A change that lowers it by much writes its own figure here.
RECORDED = 18_650
MOST = RECORDED * 115 // 100


@unittest.skipUnless(BINARIES.name == "release", "the figure is that of a release build")
@unittest.skipUnless(shutil.which("valgrind") and shutil.which("strip"), "it needs valgrind and strip")
class AnOrder(unittest.TestCase):
    def test_costs_no_more_instructions_than_recorded(self):
        cost = instructions.an_order(BINARIES)
        self.assertLessEqual(cost, MOST, f"{cost:.0f} user instructions an order; recorded are {RECORDED}. To see where: "
                             "python3 tests/bench/instructions.py --top 40 build/release")


if __name__ == "__main__":
    unittest.main()
