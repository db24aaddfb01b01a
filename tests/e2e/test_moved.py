"""A spool that is not where, whose or what it was: moved, hidden under a disk, emptied, open to others."""

import shutil
import subprocess
import unittest

from bad_disk import OnABadDisk, orders
from processes import PATIENCE, wait_until
from small_disk import SmallDisk, may_mount

ONE_BY_ONE = {"batch": {"orders": 1}, "rate": {"requests": 100}}


class Moved(OnABadDisk):
    def begun(self, count):
        sandbox, spool = self.unpaced(settings=ONE_BY_ONE)
        daemon = spool.run_daemon()
        spool.drop("orders.csv", orders(count))
        wait_until(lambda: sandbox.stats()["applied_orders"] >= 5, what="the first orders")
        return sandbox, spool, daemon

    def assert_ends_and_goes_on(self, sandbox, spool, daemon, put_back, count):
        self.assertEqual(daemon.wait(PATIENCE), 3, "so that its unit starts it again")
        self.wait_for_log(daemon, "put it back and start again")
        put_back()
        spool.drain(expect=0)
        job = spool.only_job()
        job.check_whole(self, count)
        self.assertEqual(set(job.counts) - {"accepted", "accepted_earlier"}, set())
        stats = sandbox.stats()
        self.assertEqual((stats["applied_orders"], stats["applied_more_than_once"]), (count, 0))

    def test_moved_away_in_the_middle_it_ends_with_words_and_goes_on_once_it_is_back(self):
        sandbox, spool, daemon = self.begun(60)
        away = spool.root.rename(spool.folder / "away")
        self.assert_ends_and_goes_on(sandbox, spool, daemon, lambda: away.rename(spool.root), 60)

    def test_moved_away_while_nothing_is_to_be_done_is_noticed_too(self):
        sandbox, spool = self.unpaced()
        daemon = spool.run_daemon()
        away = spool.root.rename(spool.folder / "away")
        self.assertEqual(daemon.wait(PATIENCE), 3)
        self.wait_for_log(daemon, "leads to another folder than it did")
        away.rename(spool.root)
        spool.drop("orders.csv", orders(3))
        spool.drain(expect=0)
        self.assert_all_once(sandbox, spool.only_job(), 3)

    @unittest.skipUnless(may_mount(), "needs root and the right to mount a tmpfs")
    def test_a_disk_mounted_over_it_in_the_middle_is_noticed_and_hides_nothing_for_good(self):
        sandbox, spool, daemon = self.begun(60)
        self.addCleanup(subprocess.run, ["umount", "--lazy", "--quiet", str(spool.root)])  # whatever fails
        disk = SmallDisk(spool.root)
        self.assert_ends_and_goes_on(sandbox, spool, daemon, disk.unmount, 60)


class Lost(OnABadDisk):
    def test_emptied_but_for_the_root_it_is_lost_and_not_new(self):
        sandbox, spool = self.unpaced()
        spool.drop("orders.csv", orders(3))
        spool.drain(expect=0)
        for folder in ("state", "outbox", "archive", "rejected"):
            shutil.rmtree(spool.root / folder)
        spool.drop("again.csv", orders(3))
        for command in ("drain", "run", "pause"):
            said = spool.sluice(command, expect=78).stderr
            self.assertIn("sluice recover", said)
        self.assertEqual(sandbox.stats()["orders_received"], 3)
        spool.sluice("recover", expect=0)
        spool.drop("others.csv", orders(3, 10))
        (spool.root / "inbox" / "again.csv").unlink()
        spool.drain(expect=0)
        self.assertEqual(int(spool.only_job().id.split("-")[1]), 3, "one was had, one is skipped by recover")

    def test_a_name_that_a_member_planted_moves_no_numbers(self):
        sandbox, spool = self.unpaced()
        spool.drop("orders.csv", orders(3))
        spool.drain(expect=0)
        for folder in ("outbox", "archive", "rejected"):
            (spool.root / folder / "planted.20240101-999999999999999999.csv").write_text("x")
        (spool.root / "state" / "ledger.sqlite").unlink()
        spool.sluice("recover")
        spool.drop("others.csv", orders(3, 10))
        spool.drain(expect=0)
        self.assertEqual(max(int(job.id.split("-")[1]) for job in spool.finished()), 3)


class OpenToOthers(OnABadDisk):
    def test_a_root_or_state_that_others_may_write_stops_the_start_with_the_chmod(self):
        sandbox, spool = self.unpaced()
        spool.drop("orders.csv", orders(3))
        (spool.root / "state").mkdir(0o700)
        for folder, sound in ((spool.root, 0o2750), (spool.root / "state", 0o700)):
            for mode in (0o2770, 0o757):
                with self.subTest(folder.name, mode=mode):
                    folder.chmod(mode)
                    for command in ("run", "drain", "pause", "recover"):
                        said = spool.sluice(command, expect=78).stderr
                        self.assertIn(f"chmod {sound:04o} {folder}", said)
            folder.chmod(sound)
        self.assertEqual(sandbox.stats()["requests"], 0)
        spool.drain(expect=0)
        self.assert_all_once(sandbox, spool.only_job(), 3)


if __name__ == "__main__":
    unittest.main()
