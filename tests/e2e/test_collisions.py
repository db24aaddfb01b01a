"""Rows made to meet in a hash cost no more than others."""

import os
import random
import subprocess
import unittest

import collisions
from harness import EndToEnd

ROWS = 4000
HEADER = "douyinId,source,uid,endMonthTime,isRenew,nickname\n"
BEFORE = '{"douyinId":"abc","source":"联通","uid":"1001","endMonthTime":"2031-12","isRenew":false,"nickname":"'


class Collisions(EndToEnd):
    def check(self, spool, name, nicknames):
        """Bytes it read, how many reads that took, and seconds of the processor."""
        path = self.folder / name
        path.write_text(HEADER + "".join(f"abc,联通,1001,2031-12,false,{nickname}\n" for nickname in nicknames))
        with open(self.folder / f"{name}.said", "w") as said:
            process = subprocess.Popen([spool.program, "--config", str(spool.config), "check", str(path)], stdout=said,
                                       stderr=subprocess.STDOUT)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # what it read is told until it is waited for
        with open(f"/proc/{process.pid}/io") as io:
            told = dict(line.split(": ") for line in io)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0, (self.folder / f"{name}.said").read_text()[-2000:])
        return int(told["rchar"]), int(told["syscr"]), used.ru_utime + used.ru_stime

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to see what a process that ended has read")
    def test_four_thousand_rows_made_to_meet_cost_as_much_as_others(self):
        _, spool = self.unpaced()
        crafted = [text.decode() for text in collisions.meeting(BEFORE.encode(), ROWS)]
        chance = random.Random(1)
        others = ["".join(chance.choices(collisions.ALPHABET.decode(), k=len(crafted[0]))) for _ in range(ROWS)]
        plain_bytes, plain_reads, plain_seconds = self.check(spool, "others.csv", others)
        read_bytes, reads, seconds = self.check(spool, "crafted.csv", crafted)
        self.assertLess(read_bytes, 1.1 * plain_bytes)
        self.assertLess(reads, 1.1 * plain_reads)
        # Of the processor, not of the clock; when rows could be made to meet, it was four hundred times as much.
        self.assertLess(seconds, 10 * plain_seconds)
        print(f"{reads} reads and {seconds:.2f} s of the processor; of other rows {plain_reads} and {plain_seconds:.2f} s")


if __name__ == "__main__":
    unittest.main()
