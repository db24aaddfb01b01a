"""A disk that is full, out of inodes, or not one: words, a pause, and on by itself once it is mended."""

import errno
import resource
import signal
import unittest

import order_files
from bad_disk import OnABadDisk, orders
from harness import merged
from processes import BINARIES, end_process, wait_until
from small_disk import MIB, SmallDisk, may_mount

ONE_BY_ONE = {"batch": {"orders": 1}, "rate": {"requests": 60}}
ORDERS = 300
BROKEN_DISK = BINARIES / "tests" / "e2e" / "libbroken_disk.so"


class OnASmallDisk(OnABadDisk):
    def small(self, settings=None, **disk_options):
        """A sandbox, a spool that is a whole small disk, and the disk."""
        disk = SmallDisk(self.folder / "client" / "spool", **disk_options)
        self.addCleanup(disk.unmount)
        sandbox, spool = self.unpaced(settings=settings)
        return sandbox, spool, disk

    def begun(self, fault=lambda disk: None, settings=None, env=None, **disk_options):
        """In the middle of a file, which stands still there until the fault is made."""
        sandbox, spool, disk = self.small(settings=merged(ONE_BY_ONE, settings or {}), **disk_options)
        daemon = spool.run_daemon(env=env)
        spool.drop("orders.csv", orders(ORDERS))
        wait_until(lambda: sandbox.stats()["applied_orders"] >= 20, what="the first orders")
        daemon.send_signal(signal.SIGSTOP)
        fault(disk)
        daemon.send_signal(signal.SIGCONT)
        return sandbox, spool, disk, daemon


@unittest.skipUnless(may_mount(), "needs root and the right to mount a tmpfs")
class FullDisk(OnASmallDisk):
    def test_filled_up_in_the_middle_it_pauses_with_words_and_goes_on_by_itself(self):
        sandbox, spool, disk, daemon = self.begun(SmallDisk.fill)
        self.wait_for_words(spool, "make room", "PAUSED (storage")
        self.wait_for_quiet(sandbox)
        self.wait_for_log(daemon, "nothing new is sent until it can be written", "make room")
        self.assertLess(sandbox.stats()["applied_orders"], ORDERS)
        disk.make_room()
        job, = spool.wait_for_jobs(1)
        self.wait_for_log(daemon, "can be written again")
        self.assert_all_once(sandbox, job, ORDERS)
        self.assertIsNone(daemon.poll())

    def test_killed_while_it_is_full_nothing_is_lost_or_doubled(self):
        sandbox, spool, disk, daemon = self.begun(SmallDisk.fill)
        self.wait_for_quiet(sandbox)
        end_process(daemon, signal.SIGKILL)
        disk.make_room()
        spool.run_daemon()
        job, = spool.wait_for_jobs(1)
        job.check_whole(self, ORDERS)
        self.assertEqual(set(job.counts) - {"accepted", "accepted_earlier"}, set())
        stats = sandbox.stats()
        self.assertEqual((stats["applied_orders"], stats["applied_more_than_once"]), (ORDERS, 0))

    def test_killed_and_begun_again_while_it_is_full_it_waits_and_can_be_stopped(self):
        sandbox, spool, disk, daemon = self.begun(SmallDisk.fill)
        self.wait_for_quiet(sandbox)
        end_process(daemon, signal.SIGKILL)
        before = sandbox.stats()["requests"]
        daemon = spool.run_daemon()
        self.wait_for_words(spool, "make room", "PAUSED (storage",
                            "starting: what an earlier process left is being taken up")
        self.assertEqual(spool.sluice("status", "--health").returncode, 2)
        self.assertEqual(end_process(daemon), 0)
        self.assertEqual(sandbox.stats()["requests"], before)
        daemon = spool.run_daemon()
        self.wait_for_words(spool, "make room")
        disk.make_room()
        job, = spool.wait_for_jobs(1)
        self.assertEqual(set(job.counts) - {"accepted", "accepted_earlier"}, set())
        self.assertEqual(sandbox.stats()["applied_orders"], ORDERS)

    def test_a_drain_that_finds_begun_work_and_no_room_leaves_in_time(self):
        sandbox, spool, disk, daemon = self.begun(SmallDisk.fill)
        self.wait_for_quiet(sandbox)
        end_process(daemon, signal.SIGKILL)
        before = sandbox.stats()["requests"]
        said = spool.drain("--within", "2s", expect=3)
        self.assertIn("make room", said.stdout + said.stderr)
        self.assertEqual(sandbox.stats()["requests"], before)
        disk.make_room()
        spool.drain(expect=0)
        self.assertEqual(set(spool.only_job().counts) - {"accepted", "accepted_earlier"}, set())
        self.assertEqual(sandbox.stats()["applied_orders"], ORDERS)

    def test_stopped_while_it_is_full_it_ends_within_its_grace(self):
        sandbox, spool, disk, daemon = self.begun(SmallDisk.fill, settings={"stop": {"grace": "1s"}})
        self.wait_for_quiet(sandbox)
        self.assertEqual(end_process(daemon), 0)
        disk.make_room()
        spool.drain(expect=0)
        job = spool.only_job()
        self.assertEqual(set(job.counts) - {"accepted", "accepted_earlier"}, set())
        stats = sandbox.stats()
        self.assertEqual((stats["applied_orders"], stats["applied_more_than_once"]), (ORDERS, 0))

    def test_full_before_the_start_it_waits_and_then_works(self):
        sandbox, spool, disk = self.small()
        spool.drop("orders.csv", orders(5))
        disk.fill()
        daemon = spool.start("run")
        self.wait_for_log(daemon, "make room")
        self.assertIsNone(daemon.poll())
        self.assertEqual(sandbox.stats()["requests"], 0)
        disk.make_room()
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 5)

    def test_full_before_the_start_it_can_be_told_to_stop(self):
        sandbox, spool, disk = self.small()
        disk.fill()
        daemon = spool.start("run")
        self.wait_for_log(daemon, "make room")
        self.assertEqual(end_process(daemon), 0)

    def test_a_drain_on_a_full_disk_says_so_and_the_next_one_works(self):
        sandbox, spool, disk = self.small()
        spool.drop("orders.csv", orders(5))
        spool.drain("--within", "0s")
        disk.fill()
        said = spool.drain(expect=78)
        self.assertIn("make room", said.stderr + said.stdout)
        self.assertEqual(sandbox.stats()["requests"], 0)
        disk.make_room()
        spool.drain(expect=0)
        self.assert_all_once(sandbox, spool.only_job(), 5)

    def test_a_file_dropped_while_it_is_full_waits_for_room(self):
        sandbox, spool, disk = self.small()
        daemon = spool.run_daemon()
        waiting = spool.drop("orders.csv", orders(5), folder="")
        disk.fill()
        waiting.rename(spool.root / "inbox" / "orders.csv")
        self.wait_for_words(spool, "waits for room", "orders.csv")
        self.wait_for_log(daemon, "waits for room")
        self.assertEqual(sandbox.stats()["requests"], 0)
        disk.make_room()
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 5)

    def test_full_when_the_results_are_written_they_wait_and_are_whole(self):
        count = 140
        sandbox, spool, disk = self.small(settings=ONE_BY_ONE)
        daemon = spool.run_daemon()
        rows = [order_files.create_order(n, remark="x" * 60_000) for n in range(count)]  # results of 8 MB
        spool.drop("orders.csv", order_files.as_csv(rows))
        wait_until(lambda: sandbox.stats()["applied_orders"] >= 1, what="the first order")
        disk.fill(leaving=4 * MIB)  # enough for what the ledger notes, not for the results
        self.wait_for_words(spool, "results.tmp: No space left on device; make room")
        self.wait_for_log(daemon, "trying again")
        self.assertEqual([path.name for path in (spool.root / "outbox").iterdir() if "progress" not in path.name], [])
        disk.make_room()
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, count)
        self.assertEqual([len(row["remark"]) for row in job.results], [60_000] * count)


@unittest.skipUnless(may_mount(), "needs root and the right to mount a tmpfs")
class NoInodes(OnASmallDisk):
    def test_none_left_in_the_middle_the_results_wait(self):
        sandbox, spool, disk, daemon = self.begun(inodes=300)
        # Each time: the progress line gives its own back.
        self.wait_for_words(spool, "No space left on device; make room on that disk (df, df -i)", each_time=disk.fill_inodes)
        self.wait_for_log(daemon, "trying again")
        disk.make_room()
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, ORDERS)

    def test_none_left_a_file_waits_for_them(self):
        sandbox, spool, disk = self.small(inodes=300)
        daemon = spool.run_daemon()
        waiting = spool.drop("orders.csv", orders(5), folder="")
        disk.fill_inodes()
        waiting.rename(spool.root / "inbox" / "orders.csv")
        self.wait_for_words(spool, "inodes", "orders.csv")
        self.wait_for_log(daemon, "inodes")
        disk.make_room()
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 5)


@unittest.skipUnless(may_mount() and BROKEN_DISK.exists(), "needs root, the right to mount a tmpfs, and broken_disk built")
class FailingDisk(OnASmallDisk):
    """One that a running daemon can't write any more (broken_disk.cpp), as after an error of its own."""

    def setUp(self):
        super().setUp()
        self.switch = self.folder / "switch"
        self.env = {"LD_PRELOAD": str(BROKEN_DISK), "SLUICE_BROKEN_SWITCH": str(self.switch),
                    "SLUICE_BROKEN_DISK": str(self.folder / "client" / "spool")}

    def fails_in_the_middle(self, fault, words):
        sandbox, spool, disk, daemon = self.begun(lambda disk: self.switch.write_text(fault), env=self.env)
        self.wait_for_words(spool, words, "PAUSED (storage")
        self.wait_for_quiet(sandbox)
        self.wait_for_log(daemon, words)
        self.assertLess(sandbox.stats()["applied_orders"], ORDERS)
        self.switch.unlink()
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, ORDERS)
        self.assertIsNone(daemon.poll())

    def test_read_only_in_the_middle_it_pauses_until_it_is_remounted(self):
        self.fails_in_the_middle(str(errno.EROFS), "mounted read-only: remount it")

    def test_writing_fails_in_the_middle_it_pauses_until_it_does_not(self):
        self.fails_in_the_middle(str(errno.EIO), "see the kernel's log (dmesg)")

    def test_nothing_can_be_read_either_it_pauses_until_it_can(self):
        self.fails_in_the_middle(f"{errno.EIO}r", "see the kernel's log (dmesg)")

    def test_read_only_a_file_stays_in_the_inbox_with_words(self):
        sandbox, spool, disk = self.small()
        daemon = spool.run_daemon(env=self.env)
        self.switch.write_text(str(errno.EROFS))
        spool.drop("orders.csv", orders(5))
        self.wait_for_words(spool, "mounted read-only")
        self.wait_for_log(daemon, "mounted read-only")
        self.assertEqual([path.name for path in (spool.root / "inbox").iterdir()], ["orders.csv"])
        self.assertEqual(sandbox.stats()["requests"], 0)
        self.switch.unlink()
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 5)

    def test_read_only_at_the_start_it_leaves_with_words(self):
        sandbox, spool, disk = self.small()
        disk.remount("ro")
        said = spool.sluice("run", expect=78)
        self.assertIn("mounted read-only", said.stdout + said.stderr)
        disk.remount("rw")
        spool.drop("orders.csv", orders(5))
        spool.drain(expect=0)
        self.assert_all_once(sandbox, spool.only_job(), 5)


class SizeLimit(OnABadDisk):
    def test_a_limit_on_a_files_size_is_a_full_disk_in_words_of_its_own_and_not_the_end(self):
        sandbox, spool = self.unpaced(settings={"batch": {"orders": 10}})
        daemon = spool.run_daemon()
        before = resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE)
        largest = max(path.stat().st_size for path in (spool.root / "state").iterdir())
        resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (largest, before[1]))
        spool.drop("orders.csv", orders(500))
        self.wait_for_words(spool, "LimitFSIZE=")
        self.assertIsNone(daemon.poll(), "SIGXFSZ is no end")
        resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, before)
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 500)


@unittest.skipUnless(may_mount(), "needs root and the right to mount a tmpfs")
class OtherFileSystems(OnABadDisk):
    def test_a_folder_on_another_file_system_is_refused_at_the_start(self):
        for folder in ("inbox", "outbox", "archive", "rejected", "state"):
            with self.subTest(folder):
                sandbox, spool = self.unpaced(name=f"client-{folder}")
                spool.drop("orders.csv", orders(3))
                disk = SmallDisk(spool.root / folder)
                try:
                    said = spool.sluice("run", expect=78)
                finally:
                    disk.unmount()
                self.assertIn("two file systems", said.stderr + said.stdout)
                self.assertIn(folder, said.stderr + said.stdout)
                self.assertEqual(sandbox.stats()["requests"], 0)
                spool.drain(expect=0)
                self.assert_all_once(sandbox, spool.only_job(), 3)
                sandbox.stop()

    def test_one_mounted_over_the_outbox_meanwhile_makes_the_results_wait(self):
        sandbox, spool = self.unpaced()
        daemon = spool.run_daemon()
        disk = SmallDisk(spool.root / "outbox")
        try:
            spool.drop("orders.csv", orders(10))
            self.wait_for_words(spool, "one file system")
            self.wait_for_log(daemon, "one file system")
        finally:
            disk.unmount()
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 10)


if __name__ == "__main__":
    unittest.main()
