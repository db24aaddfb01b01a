"""An inbox with more names than anybody reads."""

import os
import unittest

from bad_disk import OnABadDisk, orders
from processes import wait_until

CROWD = int(os.environ.get("SLUICE_CROWD", "5000"))


def peak_kib(process):
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


class Crowd(OnABadDisk):
    def test_of_a_crowd_the_first_hundred_are_told_and_the_others_counted(self):
        sandbox, spool = self.unpaced(settings={"inbox": {"ready_suffix": ".ok"}})
        for number in range(CROWD):
            (spool.root / "inbox" / f"{number:06}.csv").touch()
        daemon = spool.run_daemon()
        more = f"{CROWD - 100} more files wait here"
        wait_until(lambda: more in spool.status()["waiting"], 300, more)
        self.assertEqual(len(spool.status()["waiting"]), 101)
        self.assertLess(len(spool.sluice("status", expect=0).stdout), 20_000)
        wait_until(lambda: f"inbox: {more}" in daemon.log.read_text(), 300, "the log's word of it")
        self.assertLess(daemon.log.stat().st_size, 40_000)
        spool.drop("orders.csv", orders(3))
        (spool.root / "inbox" / "orders.csv.ok").touch()
        job, = spool.wait_for_jobs(1, within=300)
        self.assert_all_once(sandbox, job, 3)
        print(f"{CROWD} names: peak {peak_kib(daemon) // 1024} MiB, log {daemon.log.stat().st_size} bytes")


if __name__ == "__main__":
    unittest.main()
