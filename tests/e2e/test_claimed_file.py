"""A claimed file that somebody touched in state/: held, with words, and on again when it is what was surveyed."""

import mmap
import os
import pathlib
import shutil
import signal
import tempfile
import unittest

from bad_disk import STOPS_AT_20, OnABadDisk, orders
from harness import merged
from processes import end_process, wait_until

ONE_BY_ONE = {"batch": {"orders": 1}, "rate": {"requests": 100}}
ORDERS = 200


class Touched(OnABadDisk):
    def begun(self):
        """In the middle of a file."""
        sandbox, spool = self.unpaced(settings=merged(ONE_BY_ONE, STOPS_AT_20))
        daemon = spool.run_daemon()
        spool.drop("orders.csv", orders(ORDERS))
        self.wait_for_the_stop(sandbox)
        claimed, = (spool.root / "state").glob("*.claimed")
        return sandbox, spool, daemon, claimed

    def assert_held(self, sandbox, spool, daemon, claimed):
        self.let_the_rest_go(spool, daemon)
        job = claimed.name.removesuffix(".claimed")
        self.wait_for_words(spool, f"with the content it had, `sluice release {job}` goes on")
        self.assertEqual(sandbox.stats()["applied_orders"], 20)
        return job

    def wrongly_released(self):
        """With other content than was surveyed; what that was, too."""
        sandbox, spool, daemon, claimed = self.begun()
        good = claimed.read_bytes()
        claimed.write_bytes(good.replace(b"1", b"2"))
        job = self.assert_held(sandbox, spool, daemon, claimed)
        spool.sluice("release", job, expect=0)
        self.wait_for_words(spool, "is not what was surveyed: put that back")
        return sandbox, spool, daemon, claimed, good, job

    def assert_done(self, sandbox, spool):
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, ORDERS)

    def test_another_mode_holds_it_and_release_goes_on(self):
        sandbox, spool, daemon, claimed = self.begun()
        claimed.chmod(0o640)
        spool.sluice("release", self.assert_held(sandbox, spool, daemon, claimed), expect=0)
        self.assert_done(sandbox, spool)
        self.wait_for_log(daemon, "has the content that was surveyed")

    def test_a_copy_put_back_in_its_place_is_as_good(self):
        sandbox, spool, daemon, claimed = self.begun()
        aside = spool.folder / "aside"
        shutil.move(claimed, aside)
        job = self.assert_held(sandbox, spool, daemon, claimed)
        shutil.copyfile(aside, claimed)
        spool.sluice("release", job, expect=0)
        self.assert_done(sandbox, spool)

    def test_what_a_shared_mapping_changed_is_not_sent_though_no_time_shows_it(self):
        # On tmpfs a page that was read through a mapping is written without a trace in mtime or ctime.
        self.addCleanup(setattr, self, "folder", self.folder)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-e2e-", dir="/dev/shm"))
        self.addCleanup(shutil.rmtree, self.folder)
        sandbox, spool = self.unpaced(settings=ONE_BY_ONE)
        daemon = spool.run_daemon()
        spool.sluice("pause", expect=0)
        spool.drop("orders.csv", orders(3))
        self.wait_for_log(daemon, "3 to send")
        claimed, = (spool.root / "state").glob("*.claimed")
        before = os.stat(claimed)
        with claimed.open("r+b") as file, mmap.mmap(file.fileno(), 0) as mapped:
            place = mapped.find(b"\n") + 1  # where the first order begins
            was = mapped[place:place + 1]
            mapped[place:place + 1] = b"7" if was != b"7" else b"8"
            after = os.stat(claimed)
            self.assertEqual((after.st_mtime_ns, after.st_ctime_ns), (before.st_mtime_ns, before.st_ctime_ns))
            spool.sluice("resume", expect=0)
            self.wait_for_words(spool, "Order 1 of the claimed file is not what was checked")
            self.assertEqual(sandbox.stats()["orders_received"], 0)
            mapped[place:place + 1] = was
            spool.sluice("release", claimed.name.removesuffix(".claimed"), expect=0)
            job, = spool.wait_for_jobs(1)
            self.assert_all_once(sandbox, job, 3)

    def test_without_the_secret_a_job_under_way_is_held_and_release_compares_its_file_once(self):
        sandbox, spool, daemon, claimed = self.begun()
        end_process(daemon, signal.SIGKILL)
        (spool.root / "state" / "secret").unlink()
        self.let_the_rest_go(spool)
        spool.run_daemon()
        self.wait_for_words(spool, "state/secret is not the one")
        self.assertEqual(sandbox.stats()["orders_received"], 20)
        spool.sluice("release", claimed.name.removesuffix(".claimed"), expect=0)
        job, = spool.wait_for_jobs(1)
        job.check_whole(self, ORDERS)
        self.assertEqual(sandbox.stats()["applied_orders"], ORDERS)

    def test_other_content_stays_held_until_the_right_one_is_back(self):
        sandbox, spool, daemon, claimed, good, job = self.wrongly_released()
        claimed.write_bytes(good)
        spool.sluice("release", job, expect=0)
        self.assert_done(sandbox, spool)

    def test_over_a_restart_it_stays_held_and_others_go_on(self):
        sandbox, spool, daemon, claimed, good, job = self.wrongly_released()
        end_process(daemon, signal.SIGKILL)
        spool.drop("others.csv", orders(3, first=5000))
        spool.run_daemon()
        others, = spool.wait_for_jobs(1)
        self.assertEqual(others.counts, {"accepted": 3})
        self.wait_for_words(spool, "is not what was surveyed: put that back")
        claimed.write_bytes(good)
        spool.sluice("release", job, expect=0)
        wait_until(lambda: len(spool.finished()) == 2, what="the first file")
        self.assertEqual(sandbox.stats()["applied_orders"], ORDERS + 3)

    def test_touched_while_no_process_ran_it_is_released_for_the_next_one(self):
        sandbox, spool, daemon, claimed = self.begun()
        self.assertEqual(end_process(daemon), 0)
        os.utime(claimed)
        self.let_the_rest_go(spool)
        spool.drain(expect=3)
        job = claimed.name.removesuffix(".claimed")
        spool.sluice("release", job, expect=0)
        spool.drain(expect=0)
        self.assert_all_once(sandbox, spool.only_job(), ORDERS)

    def test_cancelled_it_ends_with_what_is_known(self):
        sandbox, spool, daemon, claimed = self.begun()
        claimed.chmod(0o640)
        spool.sluice("cancel", self.assert_held(sandbox, spool, daemon, claimed), expect=0)
        job, = spool.wait_for_jobs(1)
        job.check_whole(self, ORDERS)
        self.assertEqual(set(job.counts), {"accepted", "not_sent"})
        self.assertEqual(job.counts["accepted"], sandbox.stats()["applied_orders"])

    def test_what_it_may_have_placed_is_not_placed_from_another_file_meanwhile(self):
        sandbox, spool = self.unpaced(settings={**ONE_BY_ONE, "upstream": {"response_timeout": "15s"}})
        sandbox.set_faults("timeout-after@1")
        daemon = spool.run_daemon()
        spool.drop("orders.csv", orders(3))
        wait_until(lambda: sandbox.stats()["applied_orders"] == 3, what="the orders")
        wait_until(lambda: spool.status()["jobs"][0]["counts"]["accepted"] == 2, what="the two answers in the ledger")
        end_process(daemon, signal.SIGKILL)
        sandbox.set_faults("")
        claimed, = (spool.root / "state").glob("*.claimed")
        claimed.chmod(0o640)
        spool.drop("other.csv", orders(1))
        spool.run_daemon()
        self.wait_for_words(spool, "`sluice release")
        wait_until(lambda: len(spool.status()["jobs"]) == 2, what="the other file")
        self.wait_for_quiet(sandbox)
        self.assertEqual(sandbox.stats()["orders_received"], 3)
        spool.sluice("release", claimed.name.removesuffix(".claimed"), expect=0)
        first, other = spool.wait_for_jobs(2)
        self.assertEqual(first.counts, {"accepted": 2, "accepted_earlier": 1})
        self.assertEqual(other.counts, {"refused": 1})


if __name__ == "__main__":
    unittest.main()
