"""How files arrive: slow writers, odd names, links, crowds."""

import contextlib
import os
import random
import signal
import threading
import time
import unittest

import order_files
from harness import EndToEnd, merged
from processes import end_process, wait_until

SETTLE = 2  # seconds


class Arriving(EndToEnd):
    def orders(self, count=3, first=0):
        return order_files.as_csv(order_files.create_orders(count, first))

    def inbox(self, spool):
        return sorted(os.listdir(os.fsencode(spool.root / "inbox")))

    def test_a_file_is_not_taken_while_somebody_writes_it(self):
        sandbox, spool = self.unpaced()
        spool.run_daemon()
        lines = self.orders(20).encode().splitlines(keepends=True)
        with open(spool.root / "inbox" / "slow.csv", "wb") as out:
            for line in lines:
                out.write(line)
                out.flush()
                threading.Event().wait(0.05)  # a slow writer is what is tested
            self.assertEqual(self.inbox(spool), [b"slow.csv"])
            self.assertEqual(sandbox.stats()["requests"], 0)
        job, = spool.wait_for_jobs(1)
        self.assertEqual(job.counts, {"accepted": 20})

    def test_a_writer_that_closes_and_opens_again_gets_its_rest(self):
        sandbox, spool = self.unpaced(settings={"inbox": {"settle": f"{SETTLE}s"}})
        spool.run_daemon()
        for number in range(20):
            path = spool.root / "inbox" / f"appended-{number}.csv"
            rests = self.append_by_lines(path, self.orders(10, 100 * number))
            if max(rests) < SETTLE / 2:
                break
        # Whoever was kept from writing for so long, by a busy machine, was taken for done: that file tells nothing.
        job, = (job for job in spool.wait_for_jobs(number + 1) if job.summary["name"] == path.name)
        self.assertEqual(job.counts, {"accepted": 10})

    def append_by_lines(self, path, content):
        """Closing it each time; how long it lay untouched each time."""
        rests = []
        for line in content.encode().splitlines(keepends=True):
            last = time.monotonic()
            with open(path, "ab") as out:
                out.write(line)
            threading.Event().wait(0.1)
            rests.append(time.monotonic() - last)
        return rests

    def test_drain_leaves_what_is_being_written_for_the_next_time(self):
        sandbox, spool = self.unpaced()
        spool.drop("done.csv", self.orders())
        with open(spool.root / "inbox" / "growing.csv", "w") as out:
            out.write(self.orders(3, 100))
            out.flush()
            spool.drain(expect=0)
            self.assertEqual(self.inbox(spool), [b"growing.csv"])
        self.assertEqual(sandbox.stats()["applied_orders"], 3)

    def test_names_of_unfinished_transfers_and_office_locks_are_left_alone(self):
        sandbox, spool = self.unpaced()
        names = [".hidden.csv", "~$book.csv", "a.csv.tmp", "a.csv.part", "a.csv.partial", "a.csv.filepart", "a.csv.crdownload",
                 ".a.csv.Xy12"]
        for name in names:
            spool.drop(name, self.orders())
        spool.drain(expect=0)
        self.assertEqual(self.inbox(spool), sorted(name.encode() for name in names))
        self.assertEqual(sandbox.stats()["requests"], 0)

    def test_odd_names_are_carried_into_the_outputs(self):
        sandbox, spool = self.unpaced()
        names = [b"with space.csv", b'quote".csv', b"new\nline.csv", b"no-extension", b"two.dots.csv", b"-dash.csv",
                 b"invalid-\xff\xfe.csv", "七月订单.csv".encode(), b"x" * 251 + b".csv", "长".encode() * 83 + b".csv"]
        for number, name in enumerate(names):
            half = self.folder / "half"
            half.write_text(self.orders(2, 10 * number))
            os.rename(os.fsencode(half), os.path.join(os.fsencode(spool.root / "inbox"), name))
        spool.drain(expect=0)
        self.assertEqual(self.inbox(spool), [])
        outbox = os.listdir(os.fsencode(spool.root / "outbox"))
        self.assertEqual(len(outbox), 2 * len(names))
        self.assertTrue(all(len(name) <= 255 for name in outbox))
        self.assertTrue(any(name.startswith(b"new\nline.") for name in outbox))
        self.assertEqual(sandbox.stats()["applied_orders"], 2 * len(names))
        self.assertEqual(len(os.listdir(spool.root / "archive")), len(names))

    def test_only_regular_files_are_taken(self):
        sandbox, spool = self.unpaced()
        elsewhere = self.folder / "elsewhere.csv"
        elsewhere.write_text(self.orders())
        inbox = spool.root / "inbox"
        (inbox / "link.csv").symlink_to(elsewhere)
        (inbox / "folder.csv").mkdir()
        os.mkfifo(inbox / "pipe.csv")
        spool.drop("good.csv", self.orders(2, 50))
        spool.drain(expect=0)
        self.assertEqual(self.inbox(spool), [b"folder.csv", b"link.csv", b"pipe.csv"])
        self.assertEqual(sandbox.stats()["applied_orders"], 2)
        self.assertTrue(elsewhere.exists())

    def test_a_file_with_another_hard_link_is_copied_where_that_is_set(self):
        sandbox, spool = self.unpaced(settings={"inbox": {"hard_links": "copy"}})
        kept = spool.folder / "kept.csv"
        kept.write_text(self.orders())
        before = kept.read_bytes()
        os.link(kept, spool.root / "inbox" / "linked.csv")
        spool.drain(expect=0)
        self.assertEqual(self.inbox(spool), [])
        kept.write_text("changed afterwards")
        archived, = (spool.root / "archive").iterdir()
        self.assertEqual(archived.read_bytes(), before)

    def test_with_a_ready_suffix_a_file_waits_for_its_sign(self):
        sandbox, spool = self.unpaced(settings={"inbox": {"ready_suffix": ".ok"}})
        spool.drop("a.csv", self.orders())
        spool.drop("b.csv", self.orders(3, 100))
        spool.drop("b.csv.ok", "")
        spool.drain(expect=0)
        self.assertEqual(self.inbox(spool), [b"a.csv"])
        self.assertEqual(sandbox.stats()["applied_orders"], 3)

    def test_hundreds_of_files_at_once_are_all_taken_once(self):
        sandbox, spool = self.unpaced()
        spool.run_daemon()
        for number in range(300):
            spool.drop(f"{number}.csv", self.orders(1, number))
        for job in spool.wait_for_jobs(300):
            self.assertEqual(job.counts, {"accepted": 1})
        stats = sandbox.stats()
        self.assertEqual((stats["applied_orders"], stats["applied_more_than_once"]), (300, 0))

    def test_the_same_content_again_is_rejected_and_says_which_job_had_it(self):
        sandbox, spool = self.unpaced()
        spool.drop("orders.csv", self.orders())
        spool.drain(expect=0)
        spool.drop("orders again.csv", self.orders())
        spool.drain(expect=2)
        reason = next((spool.root / "rejected").glob("*.reason.txt")).read_text()
        self.assertIn(spool.only_job().id, reason)
        self.assertEqual(sandbox.stats()["requests"], 1)
        spool.configure(merged(spool.settings, {"inbox": {"duplicate_file": "process"}}))
        spool.drop("orders again.csv", self.orders())
        spool.drain(expect=1)
        self.assertEqual(spool.finished()[-1].counts, {"refused": 3}, "the API itself knows them")

    def test_what_is_swapped_again_and_again_is_taken_whole_or_not_at_all(self):
        sandbox, spool = self.unpaced()
        daemon = spool.run_daemon()
        outside = self.folder / "outside.csv"
        before = self.orders(5, 100_000).encode()
        outside.write_bytes(before)
        target = spool.root / "inbox" / "orders.csv"
        chance = random.Random(7)
        rounds = 0

        def clear():
            try:
                if target.is_dir() and not target.is_symlink():
                    target.rmdir()
                else:
                    target.unlink(missing_ok=True)
            except (FileNotFoundError, IsADirectoryError):
                clear()  # moved this moment, and perhaps moved back

        def grow(line):
            try:
                file = os.open(target, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
            except OSError:
                return  # claimed this moment, or what was there before is put back
            os.write(file, line.encode())
            os.close(file)

        def another():
            nonlocal rounds
            rounds += 1
            what = chance.choice(["file", "file", "symlink", "fifo", "folder", "nothing", "growing"])
            if what == "growing":
                if target.is_file() and not target.is_symlink():
                    grow(self.orders(1, 2 * rounds + 1).split("\r\n")[1] + "\r\n")
                return
            put(what)

        def put(what):
            made = False
            while not made:
                clear()
                # What was claimed and swapped meanwhile is put back.
                with contextlib.suppress(FileExistsError, IsADirectoryError):
                    make(what)
                    made = True

        def make(what):
            if what == "file":
                spool.drop("orders.csv", self.orders(1, 2 * rounds))
            elif what == "symlink":
                target.symlink_to(outside)
            elif what == "fifo":
                os.mkfifo(target)
            elif what == "folder":
                target.mkdir()

        def long_enough():
            another()
            return rounds >= 2000 and len(list((spool.root / "outbox").glob("*.summary.json"))) >= 5
        wait_until(long_enough, what="enough swaps")
        rounds += 1
        put("file")
        wait_until(lambda: not os.path.lexists(target), what="the last file's claim")
        # A file that was claimed this moment is no job of the live picture yet.
        wait_until(lambda: not list((spool.root / "state").glob("*.claimed")) and spool.status()["jobs"] == [],
                   what="the last job's end")
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


class WhileItRuns(EndToEnd):
    def test_a_progress_line_is_there_and_then_gone(self):
        sandbox, spool = self.unpaced(settings={"batch": {"orders": 1}, "guard": {"max_orders_per_day": 20}})
        daemon = spool.run_daemon()
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(40)))
        outbox = spool.root / "outbox"
        line = wait_until(lambda: [path.read_text() for path in outbox.glob("*.progress.txt")], what="a progress line")[0]
        self.assertEqual(len(line.splitlines()), 1)
        spool.configure(merged(spool.settings, {"guard": {"max_orders_per_day": 0}}))
        daemon.send_signal(signal.SIGHUP)
        spool.wait_for_jobs(1)
        self.assertEqual(list(outbox.glob("*.progress.txt")), [])

    def test_a_progress_line_goes_with_the_process_that_wrote_it(self):
        sandbox, spool = self.unpaced("--latency", "20ms", settings={"batch": {"orders": 1}, "rate": {"requests": 5}})
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(300)))
        lines = lambda: list((spool.root / "outbox").glob("*.progress.txt"))
        daemon = spool.run_daemon()
        wait_until(lines, what="a progress line")
        self.assertEqual(end_process(daemon), 0)
        self.assertEqual(lines(), [])
        spool.drain("--within", "4s", expect=3)
        self.assertEqual(lines(), [])

    def test_a_small_file_does_not_wait_behind_a_large_one(self):
        sandbox, spool = self.unpaced("--latency", "5ms", settings={"batch": {"orders": 5}, "rate": {"requests": 50}})
        spool.run_daemon()
        spool.drop("large.csv", order_files.as_csv(order_files.create_orders(15_000)))
        wait_until(lambda: sandbox.stats()["applied_orders"] >= 50, what="the large one's beginning")
        spool.drop("small.csv", order_files.as_csv(order_files.create_orders(5, 50_000)))
        first = spool.wait_for_jobs(1)[0]
        self.assertEqual(first.summary["name"], "small.csv")
        self.assertLess(sandbox.stats()["applied_orders"], 15_000)


if __name__ == "__main__":
    unittest.main()
