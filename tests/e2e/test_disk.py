"""A disk that is full, out of inodes, read-only or not ours: words, a pause, and on by itself once it is mended."""

import os
import random
import resource
import unittest

import order_files
from harness import EndToEnd, merged
from processes import end_process, wait_until
from small_disk import MIB, SmallDisk, may_mount

ONE_BY_ONE = {"batch": {"orders": 1}, "rate": {"requests": 100}}
ORDERS = 600
NOBODY = {"user": 65534, "group": 65534, "extra_groups": []}


def orders(count, first=0):
    return order_files.as_csv(order_files.create_orders(count, first))


class OnABadDisk(EndToEnd):
    def wait_for_quiet(self, sandbox):
        """Half a second without a request: fifty would have had their turn."""
        def quiet():
            stats = sandbox.stats()
            return stats["now_us"] - stats["arrivals_us"][-1] > 500_000
        wait_until(quiet, what="stillness")

    def wait_for_words(self, spool, words):
        """In the live picture, wherever it says them."""
        return wait_until(lambda: words in (shown := spool.sluice("status", expect=0).stdout) and shown, within=30,
                          what=f"'{words}' in `sluice status`")

    def assert_all_once(self, sandbox, job, count=ORDERS):
        """Each order sent once, applied once and reported so: no answer was lost over it."""
        job.check_whole(self, count)
        self.assertEqual(job.counts, {"accepted": count})
        stats = sandbox.stats()
        self.assertEqual((stats["applied_orders"], stats["applied_more_than_once"]), (count, 0))
        self.assertEqual(stats["orders_received"], count, "nothing was sent a second time")


class OnASmallDisk(OnABadDisk):
    def small(self, *options, settings=None, **disk_options):
        """A sandbox, a spool that is a whole small disk, and the disk."""
        disk = SmallDisk(self.folder / "client" / "spool", **disk_options)
        self.addCleanup(disk.unmount)
        sandbox, spool = self.unpaced(*options, settings=settings)
        return sandbox, spool, disk

    def begun(self, *options, settings=None, **disk_options):
        """In the middle of a file."""
        sandbox, spool, disk = self.small(*options, settings=merged(ONE_BY_ONE, settings or {}), **disk_options)
        daemon = spool.run_daemon()
        spool.drop("orders.csv", orders(ORDERS))
        wait_until(lambda: sandbox.stats()["applied_orders"] >= 20, what="the first orders")
        return sandbox, spool, disk, daemon


@unittest.skipUnless(may_mount(), "needs root and the right to mount a tmpfs")
class FullDisk(OnASmallDisk):
    def test_filled_up_in_the_middle_it_pauses_with_words_and_goes_on_by_itself(self):
        sandbox, spool, disk, daemon = self.begun()
        disk.fill()
        wait_until(lambda: spool.status()["pause"] == "storage", what="the pause")
        self.wait_for_quiet(sandbox)
        shown = self.wait_for_words(spool, "make room")
        self.assertIn("PAUSED (storage", shown)
        log = daemon.log.read_text()
        self.assertIn("nothing new is sent until it can be written", log)
        self.assertIn("make room", log)
        self.assertLess(sandbox.stats()["applied_orders"], ORDERS)
        disk.make_room()
        job, = spool.wait_for_jobs(1)
        self.assertIn("can be written again", daemon.log.read_text())
        self.assert_all_once(sandbox, job)
        self.assertIsNone(daemon.poll())

    def test_killed_while_it_is_full_nothing_is_lost_or_doubled(self):
        sandbox, spool, disk, daemon = self.begun()
        disk.fill()
        self.wait_for_quiet(sandbox)
        end_process(daemon, 9)
        disk.make_room()
        spool.run_daemon()
        job, = spool.wait_for_jobs(1)
        job.check_whole(self, ORDERS)
        self.assertEqual(set(job.counts) - {"accepted", "accepted_earlier"}, set())
        stats = sandbox.stats()
        self.assertEqual((stats["applied_orders"], stats["applied_more_than_once"]), (ORDERS, 0))

    def test_stopped_while_it_is_full_it_ends_within_its_grace(self):
        sandbox, spool, disk, daemon = self.begun(settings={"stop": {"grace": "1s"}})
        disk.fill()
        self.wait_for_quiet(sandbox)
        self.assertEqual(end_process(daemon, within=10), 0)
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
        wait_until(lambda: "make room" in daemon.log.read_text(), what="words in the log")
        self.assertIsNone(daemon.poll())
        self.assertEqual(sandbox.stats()["requests"], 0)
        disk.make_room()
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 5)

    def test_full_before_the_start_it_can_be_told_to_stop(self):
        sandbox, spool, disk = self.small()
        disk.fill()
        daemon = spool.start("run")
        wait_until(lambda: "make room" in daemon.log.read_text(), what="words in the log")
        self.assertEqual(end_process(daemon, within=10), 0)

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
        shown = self.wait_for_words(spool, "waits for room")
        self.assertIn("orders.csv", shown)
        self.assertIn("waits for room", daemon.log.read_text())
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
        self.assertIn("trying again", daemon.log.read_text())
        self.assertEqual([path.name for path in (spool.root / "outbox").iterdir() if "progress" not in path.name], [])
        disk.make_room()
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, count)
        self.assertEqual([len(row["remark"]) for row in job.results], [60_000] * count)


@unittest.skipUnless(may_mount(), "needs root and the right to mount a tmpfs")
class NoInodes(OnASmallDisk):
    def test_none_left_in_the_middle_the_results_wait(self):
        sandbox, spool, disk, daemon = self.begun(inodes=300)
        disk.fill_inodes()
        self.wait_for_words(spool, "No space left on device")
        self.assertIn("trying again", daemon.log.read_text())
        disk.make_room()
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job)

    def test_none_left_a_file_waits_for_them(self):
        sandbox, spool, disk = self.small(inodes=300)
        daemon = spool.run_daemon()
        waiting = spool.drop("orders.csv", orders(5), folder="")
        disk.fill_inodes()
        waiting.rename(spool.root / "inbox" / "orders.csv")
        shown = self.wait_for_words(spool, "inodes")
        self.assertIn("orders.csv", shown)
        self.assertIn("inodes", daemon.log.read_text())
        disk.make_room()
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 5)


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
            self.assertIn("one file system", daemon.log.read_text())
        finally:
            disk.unmount()
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 10)


@unittest.skipUnless(os.geteuid() == 0, "needs root, to be somebody else")
class NotAllowed(OnABadDisk):
    """The daemon as a user whom modes stop."""

    def nobodys(self, settings=None):
        sandbox, spool = self.unpaced(settings=settings)
        for folder in ("outbox", "archive", "rejected", "state"):
            (spool.root / folder).mkdir()
        for path in (self.folder, spool.folder):
            path.chmod(0o755)
        for path in (spool.root, *spool.root.iterdir(), spool.credential_file):
            os.chown(path, NOBODY["user"], NOBODY["group"])
        return sandbox, spool

    def test_a_file_it_may_not_read_stays_with_words(self):
        sandbox, spool = self.nobodys()
        spool.run_daemon(**NOBODY)
        secret = spool.drop("orders.csv", orders(3), folder="")
        secret.chmod(0o600)
        secret = secret.rename(spool.root / "inbox" / "orders.csv")
        self.assertIn("orders.csv", self.wait_for_words(spool, "it can't be read"))
        secret.chmod(0o644)
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 3)

    def test_an_inbox_it_may_not_take_from_keeps_its_files(self):
        sandbox, spool = self.nobodys()
        daemon = spool.run_daemon(**NOBODY)
        inbox = spool.root / "inbox"
        inbox.chmod(0o555)
        spool.drop("orders.csv", orders(3))
        self.assertIn("orders.csv", self.wait_for_words(spool, "Permission denied"))
        self.assertIn("Permission denied", daemon.log.read_text())
        self.assertEqual(sandbox.stats()["requests"], 0)
        inbox.chmod(0o755)
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 3)

    def test_an_outbox_it_may_not_write_makes_the_results_wait(self):
        sandbox, spool = self.nobodys()
        daemon = spool.run_daemon(**NOBODY)
        outbox = spool.root / "outbox"
        outbox.chmod(0o555)
        spool.drop("orders.csv", orders(3))
        self.assertIn("outbox", self.wait_for_words(spool, "Permission denied"))
        self.assertIn("trying again", daemon.log.read_text())
        outbox.chmod(0o755)
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 3)

    def test_a_state_it_may_not_enter_pauses_the_line(self):
        sandbox, spool = self.nobodys(settings=ONE_BY_ONE)
        daemon = spool.run_daemon(**NOBODY)
        spool.drop("orders.csv", orders(60))
        wait_until(lambda: sandbox.stats()["applied_orders"] >= 20, what="the first orders")
        state = spool.root / "state"
        state.chmod(0)
        self.assertIn("PAUSED (storage", self.wait_for_words(spool, "Permission denied"))
        self.wait_for_quiet(sandbox)
        self.assertIn("Permission denied", daemon.log.read_text())
        state.chmod(0o700)
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 60)

    def test_folders_it_may_not_use_are_refused_at_the_start(self):
        for folder in ("inbox", "outbox", "state"):
            with self.subTest(folder):
                sandbox, spool = self.nobodys()
                spool.root.joinpath(folder).chmod(0)
                daemon = spool.start("run", **NOBODY)
                self.assertEqual(daemon.wait(20), 78)
                said = daemon.log.read_text()
                self.assertIn("Permission denied", said)
                self.assertIn(f"spool/{folder}", said)
                sandbox.stop()
                spool.root.rename(spool.folder / f"spool-{folder}")


class NoDescriptors(OnABadDisk):
    def starve(self, daemon):
        """As many as it has open, and no more. What ends it."""
        _, hard = resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE)
        before = resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE)
        highest = max(int(number) for number in os.listdir(f"/proc/{daemon.pid}/fd"))
        resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (highest + 1, hard))
        return lambda: resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, before)

    def test_without_any_it_says_so_and_goes_on_when_there_are_some(self):
        sandbox, spool = self.unpaced()
        daemon = spool.run_daemon()
        feed = self.starve(daemon)
        spool.drop("orders.csv", orders(3))
        self.wait_for_words(spool, "Too many open files; raise LimitNOFILE=")
        self.assertIn("raise LimitNOFILE=", daemon.log.read_text())
        feed()
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 3)

    def test_without_any_in_the_middle_nothing_is_lost_or_doubled(self):
        sandbox, spool = self.unpaced(settings=ONE_BY_ONE)
        daemon = spool.run_daemon()
        spool.drop("orders.csv", orders(60))
        wait_until(lambda: sandbox.stats()["applied_orders"] >= 20, what="the first orders")
        feed = self.starve(daemon)
        self.wait_for_words(spool, "Too many open files")
        feed()
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 60)

    def test_with_too_few_for_a_start_it_leaves_with_words(self):
        sandbox, spool = self.unpaced()
        started = False
        for few in range(4, 64):
            with self.subTest(few):
                limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (few, few))
                drain = spool.start("drain", preexec_fn=limit)
                exit = drain.wait(30)
                said = drain.log.read_text()
                self.assertIn(exit, (0, 3, 78), said)
                if exit != 0:
                    self.assertIn("Too many open files", said)
                started = started or exit == 0
        self.assertTrue(started)


class WhileItIsClaimed(OnABadDisk):
    def test_what_is_swapped_again_and_again_is_taken_whole_or_not_at_all(self):
        sandbox, spool = self.unpaced()
        daemon = spool.run_daemon()
        outside = self.folder / "outside.csv"
        before = orders(5, 100_000).encode()
        outside.write_bytes(before)
        target = spool.root / "inbox" / "orders.csv"
        chance = random.Random(7)
        rounds = 0

        def clear():
            if target.is_dir() and not target.is_symlink():
                target.rmdir()
            else:
                target.unlink(missing_ok=True)

        def grow(line):
            try:
                file = os.open(target, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
            except FileNotFoundError:
                return  # claimed this moment
            os.write(file, line.encode())
            os.close(file)

        def another():
            nonlocal rounds
            rounds += 1
            what = chance.choice(["file", "file", "symlink", "fifo", "folder", "nothing", "growing"])
            if what == "growing":
                if target.is_file() and not target.is_symlink():
                    grow(orders(1, 2 * rounds + 1).split("\r\n")[1] + "\r\n")
                return
            clear()
            if what == "file":
                spool.drop("orders.csv", orders(1, 2 * rounds))
            elif what == "symlink":
                target.symlink_to(outside)
            elif what == "fifo":
                os.mkfifo(target)
            elif what == "folder":
                target.mkdir()

        def long_enough():
            another()
            return rounds >= 2000 and len(spool.finished()) >= 5
        wait_until(long_enough, within=60, what="enough swaps")
        clear()
        spool.drop("orders.csv", orders(1))
        wait_until(lambda: not target.exists(), what="the last file's claim")
        wait_until(lambda: spool.status()["jobs"] == [], what="the last job's end")
        self.assertIsNone(daemon.poll())
        taken = sum(len(job.results) for job in spool.finished())
        for job in spool.finished():
            self.assertEqual(set(job.counts), {"accepted"})
        uids = [order["uid"] for order in sandbox.orders()]
        self.assertEqual(len(uids), taken)
        self.assertEqual(len(set(uids)), taken, "none twice")
        self.assertEqual({order["uid"] for order in order_files.create_orders(5, 100_000)} & set(uids), set())
        self.assertEqual(outside.read_bytes(), before)
        self.assertEqual(list((spool.root / "rejected").iterdir()), [])


if __name__ == "__main__":
    unittest.main()
