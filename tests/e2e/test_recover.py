"""`sluice recover`: a ledger that is gone or damaged in the middle of a file, and what may be said of its orders then."""

import os
import signal
import sqlite3
import time
import unittest

import order_files
from harness import EndToEnd, merged
from processes import end_process, wait_until

GOOD = 600
INVALID = 5
IN_DOUBT = {"batch": {"orders": 1}, "retry": {"in_doubt": "hold"}}
SMALL = {"batch": {"orders": 3}, "upstream": {"max_in_flight": 8}}
# Sixty-five requests are answered, two are carried out without a word, and further than that nothing comes, however long
# the kill is in coming.
MIDDLE = ("timeout-after@66-67", "hang@68-")
APPLIED = 3 * 67
ORDER_FIELDS = list(order_files.create_order(0))


def orders():
    """The bad rows stand between the good ones."""
    made = order_files.create_orders(GOOD)
    for n in range(INVALID):
        made.insert(100 * n + 7, order_files.create_order(9000 + n, isRenew="perhaps"))
    return made


def as_orders(rows):
    return [{field: row[field] for field in ORDER_FIELDS} for row in rows]


class Recover(EndToEnd):
    def killed_in_the_middle(self):
        """One file finished, and another that a kill -9 cut; no guard upstream: what is placed twice, is seen."""
        sandbox, spool = self.unpaced("--no-overlap-guard", "--latency", "4ms", settings=SMALL)
        spool.drop("before.csv", order_files.as_csv(order_files.create_orders(3, first=20000)))
        spool.drain(expect=0)
        self.before = sandbox.stats()["applied_orders"]
        spool.drop("orders.csv", order_files.as_csv(orders()))
        self.kill_in_the_middle(sandbox, spool)
        return sandbox, spool

    def kill_in_the_middle(self, sandbox, spool):
        before = sandbox.stats()["applied_orders"]
        sandbox.set_faults(*MIDDLE)
        process = spool.start("drain")
        wait_until(lambda: sandbox.stats()["applied_orders"] == before + APPLIED, what="the first third")
        end_process(process, signal.SIGKILL)
        sandbox.set_faults("")

    def ledger(self, spool):
        return spool.root / "state" / "ledger.sqlite"

    def in_one_file(self, spool):
        """The ledger, with all that its log still held, in the one file that is to be damaged."""
        with sqlite3.connect(self.ledger(spool)) as ledger:
            ledger.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ledger.close()
        for name in ("ledger.sqlite-wal", "ledger.sqlite-shm"):
            (spool.root / "state" / name).unlink(missing_ok=True)
        return self.ledger(spool)

    def lose(self, spool):
        for path in (spool.root / "state").glob("ledger.sqlite*"):
            path.unlink()

    def assert_refused(self, sandbox, spool):
        """Neither command sends anything; both name the way out."""
        requests = sandbox.stats()["requests"]
        for command in ("drain", "run", "drain"):
            said = spool.sluice(command, expect=78)
            self.assertIn("sluice recover", said.stdout + said.stderr)
        self.assertEqual(sandbox.stats()["requests"], requests)

    def recovered_job(self, sandbox, spool):
        """What `recover` published of the cut file, checked against what really got through."""
        requests = sandbox.stats()["requests"]
        spool.sluice("recover", expect=1)
        self.assertEqual(sandbox.stats()["requests"], requests, "recover sends nothing")
        job = spool.finished()[-1]
        self.assertEqual(job.summary["name"], "orders.csv")
        job.check_whole(self, GOOD + INVALID)
        self.assert_true_of(sandbox, job)
        self.assertEqual(job.counts["invalid"], INVALID)
        self.assertEqual({row["uid"] for row in job.failures}, {o["uid"] for o in orders() if o["isRenew"] == "perhaps"})
        archived = spool.root / "archive" / f"orders.{job.id}.csv"
        self.assertEqual(archived.read_bytes().decode(), order_files.as_csv(orders()))
        return job

    def assert_true_of(self, sandbox, job):
        applied = {order["uid"] for order in sandbox.orders()}
        by = {outcome: {row["uid"] for row in job.results if row["result"] == outcome} for outcome in job.counts}
        accepted, doubtful = by.get("accepted", set()), by.get("in_doubt", set())
        of_file = applied & {order["uid"] for order in orders()}
        self.assertLessEqual(accepted, applied)
        self.assertLessEqual(of_file, accepted | doubtful)
        self.assertEqual(applied & {row["uid"] for row in job.failures}, set())

    def assert_goes_on(self, sandbox, spool, job):
        """New orders go, under a new number; the doubtful ones are guarded until a person has looked them up."""
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(4, first=30000)))
        spool.drain(expect=0)
        later = spool.finished()[-1]
        self.assertEqual(later.counts, {"accepted": 4})
        self.assertGreater(int(later.id.split("-")[1]), int(job.id.split("-")[1]))
        doubtful = as_orders(job.in_doubt)
        requests = sandbox.stats()["requests"]
        spool.drop("again.csv", order_files.as_csv(doubtful))
        spool.drain(expect=1)
        again = spool.finished()[-1]
        self.assertEqual(again.counts, {"in_doubt": len(doubtful)})
        for row in again.results:
            self.assertIn(job.id, row["result_message"])
        self.assertEqual(sandbox.stats()["requests"], requests)
        self.assert_placed_after_resolve(sandbox, spool, job, doubtful)

    def assert_placed_after_resolve(self, sandbox, spool, job, doubtful):
        applied = {order["uid"] for order in sandbox.orders()}
        missing = [order for order in doubtful if order["uid"] not in applied]
        self.assertTrue(missing)
        spool.sluice("resolve", job.id, "--not-applied", expect=0)
        # Where nothing of it had been applied, not byte for byte what came before.
        spool.drop("looked-up.csv", order_files.as_csv(missing, line_end="\n"))
        spool.drain(expect=0)
        self.assertEqual(spool.finished()[-1].counts, {"accepted": len(missing)})
        stats = sandbox.stats()
        self.assertEqual((stats["applied_orders"], stats["applied_more_than_once"]), (self.before + GOOD + 4, 0))
        numbers = [finished.id for finished in spool.finished()]
        self.assertEqual(len(set(numbers)), len(numbers))

    def test_a_lost_ledger_leaves_every_order_that_may_have_gone_in_doubt(self):
        sandbox, spool = self.killed_in_the_middle()
        self.lose(spool)
        self.assert_refused(sandbox, spool)
        job = self.recovered_job(sandbox, spool)
        self.assertEqual(job.counts, {"in_doubt": GOOD, "invalid": INVALID})
        self.assert_goes_on(sandbox, spool, job)

    def test_pages_overwritten_in_the_middle_cost_only_what_was_on_them(self):
        sandbox, spool = self.killed_in_the_middle()
        path = self.in_one_file(spool)
        with open(path, "r+b") as ledger:
            pages = iter(lambda: ledger.read(4096), b"")
            with_answers = [number for number, page in enumerate(pages) if b"Created successfully" in page]
            self.assertGreater(len(with_answers), 1)
            ledger.seek(with_answers[len(with_answers) // 2] * 4096)
            ledger.write(b"\xa5" * 4096)
        self.assert_refused(sandbox, spool)
        job = self.recovered_job(sandbox, spool)
        self.assert_answers_stand(spool, job)
        self.assert_goes_on(sandbox, spool, job)

    def test_of_a_cut_ledger_nothing_is_claimed_that_is_not_so(self):
        sandbox, spool = self.killed_in_the_middle()
        path = self.in_one_file(spool)
        with open(path, "r+b") as ledger:
            ledger.truncate(path.stat().st_size * 3 // 4)
        self.assert_refused(sandbox, spool)
        job = self.recovered_job(sandbox, spool)
        self.assert_goes_on(sandbox, spool, job)

    def assert_answers_stand(self, spool, job):
        self.assertGreater(job.counts.get("accepted", 0), 0, job.counts)
        self.assertGreater(job.counts.get("in_doubt", 0), 0, job.counts)
        for row in job.results:
            if row["result"] == "accepted":
                self.assertRegex(row["result_order_id"], r"\S")
        aside = [path.name for path in (spool.root / "state").glob("ledger.sqlite.damaged-*")]
        self.assertTrue(aside, "the damaged one is kept to be looked at")

    def test_a_ledger_of_noise_is_as_good_as_a_lost_one(self):
        sandbox, spool = self.killed_in_the_middle()
        path = self.in_one_file(spool)
        path.write_bytes(b"\xa5" * path.stat().st_size)
        self.assert_refused(sandbox, spool)
        job = self.recovered_job(sandbox, spool)
        self.assertEqual(job.counts, {"in_doubt": GOOD, "invalid": INVALID})
        self.assert_goes_on(sandbox, spool, job)

    def test_with_a_sound_ledger_it_ends_nothing_early(self):
        sandbox, spool = self.unpaced("--latency", "4ms", settings=SMALL)
        spool.drop("orders.csv", order_files.as_csv(orders()))
        self.kill_in_the_middle(sandbox, spool)
        requests = sandbox.stats()["requests"]
        spool.sluice("recover", expect=0)
        self.assertEqual(sandbox.stats()["requests"], requests)
        self.assertEqual(spool.finished(), [], "what can go on is not given up")
        spool.drain(expect=1)
        job = spool.only_job()
        job.check_whole(self, GOOD + INVALID)
        self.assertEqual(set(job.counts), {"accepted", "accepted_earlier", "invalid"} & set(job.counts))
        files = spool.listing()
        spool.sluice("recover", expect=0)
        self.assertEqual([f for f in spool.listing() if not f.startswith("state/")],
                         [f for f in files if not f.startswith("state/")])
        stats = sandbox.stats()
        self.assertEqual((stats["applied_orders"], stats["applied_more_than_once"]), (GOOD, 0))

    def test_killed_at_its_first_steps_it_still_knows_what_the_damaged_ledger_said(self):
        sandbox, spool = self.killed_in_the_middle()
        spool.sluice("pause", expect=0)
        path = self.in_one_file(spool)
        with open(path, "r+b") as ledger:
            ledger.write(b"\xa5" * 4096)
        steps = ["before_migration:1", "after_migration:1", "before_commit:1", "after_commit:1", "after_commit:2"]
        for step in steps:
            killed = spool.sluice("recover", env={"SLUICE_FAILPOINT": f"ledger.{step}"})
            self.assertEqual(killed.returncode, -signal.SIGKILL, step)
        job = self.recovered_job(sandbox, spool)
        self.assert_answers_stand(spool, job)
        self.assertIn("paused", spool.sluice("status", expect=0).stdout)
        spool.sluice("resume", expect=0)
        self.assert_goes_on(sandbox, spool, job)

    def test_a_ledger_lost_between_two_jobs_stops_all_until_recover_and_its_numbers_go_on(self):
        sandbox, spool = self.unpaced()
        for n in range(2):
            spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(2, first=10 * n)))
            spool.drain(expect=0)
        self.lose(spool)
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(2, first=20)))
        self.assert_refused(sandbox, spool)
        for command in ("status", "pause"):
            self.assertIn("sluice recover", spool.sluice(command, expect=78).stderr)
        spool.sluice("check", str(spool.root / "inbox" / "orders.csv"), expect=0)
        self.assertFalse(self.ledger(spool).exists(), "only recover begins a new one")
        spool.sluice("recover", expect=0)
        spool.drain(expect=0)
        numbers = [int(job.id.split("-")[1]) for job in spool.finished()]
        self.assertEqual(len(numbers), 3)
        self.assertGreater(numbers[2], numbers[1])
        self.assertEqual(sandbox.stats()["applied_more_than_once"], 0)

    def in_doubt(self, jobs):
        """As many finished jobs, each with one good order and one in doubt, in order; the API answers again then."""
        sandbox, spool = self.unpaced("--no-overlap-guard", settings=IN_DOUBT)
        for n in range(jobs):
            sandbox.set_faults("reset-after@1")
            spool.drop(f"{n}.csv", self.pair(n))
            spool.drain(expect=1)
        sandbox.set_faults("")
        for job in spool.finished():
            self.assertEqual(job.counts, {"in_doubt": 1, "accepted": 1})
        return sandbox, spool, spool.finished()

    def pair(self, n):
        return order_files.as_csv(order_files.create_orders(2, first=10 * n))

    def assert_guarded(self, spool, jobs):
        """Their orders are not placed again before they are resolved, and that still ends it."""
        self.assertEqual({(left["job"], left["orders"], left["file"]) for left in spool.status()["in_doubt"]},
                         {(job.id, 1, job.in_doubt_path.name) for job in jobs})
        for job in jobs:
            doubtful = order_files.as_csv(as_orders(job.in_doubt), line_end="\n")
            spool.drop("again.csv", doubtful)
            spool.drain(expect=1)
            row, = spool.finished()[-1].results
            self.assertEqual(row["result"], "in_doubt")
            self.assertIn(job.id, row["result_message"])
            spool.sluice("resolve", job.id, "--not-applied", expect=0)
            spool.drop("looked-up.csv", doubtful + "\n")  # the same content would be refused as such
            spool.drain(expect=0)
        self.assertEqual(spool.status()["in_doubt"], [])

    def test_on_a_sound_ledger_nothing_is_recovered(self):
        sandbox, spool, jobs = self.in_doubt(1)
        before = self.ledger(spool).read_bytes()
        self.assertIn("nothing is to be recovered", spool.sluice("recover", expect=0).stdout)
        self.assertEqual(self.ledger(spool).read_bytes(), before)
        self.assert_guarded(spool, jobs)

    def test_the_days_orders_count_on_after_it(self):
        sandbox, spool = self.unpaced(settings={"guard": {"max_orders_per_day": 25}})
        spool.drop("first.csv", order_files.as_csv(order_files.create_orders(20)))
        spool.drain(expect=0)
        with open(self.in_one_file(spool), "r+b") as ledger:
            ledger.write(b"\x5a" * 4096)
        self.assert_refused(sandbox, spool)
        spool.sluice("recover", expect=0)
        spool.drop("second.csv", order_files.as_csv(order_files.create_orders(20, 100)))
        spool.drain(expect=3)
        self.assertEqual(sandbox.stats()["applied_orders"], 25)

    def test_a_planted_file_is_neither_followed_nor_quoted(self):
        sandbox, spool, jobs = self.in_doubt(3)
        secret = spool.folder / "secret"
        secret.write_text("root-secret,orderId\nroot-secret:$6$root-secret,x\n")
        for plant, job in zip((lambda path: path.symlink_to(secret), lambda path: os.link(secret, path),
                               lambda path: path.write_text(secret.read_text())), jobs, strict=True):
            job.in_doubt_path.unlink()
            plant(job.in_doubt_path)
        self.lose(spool)
        said = spool.sluice("recover", expect=0)
        self.assertNotIn("root-secret", said.stdout + said.stderr)
        for job in jobs:
            self.assertIn(f"outbox/{job.in_doubt_path.name} can't be read", said.stdout)

    def test_orders_in_doubt_outlive_the_ledger_in_their_files(self):
        sandbox, spool, jobs = self.in_doubt(4)
        unreadable, old = jobs[2:]
        unreadable.in_doubt_path.write_text("nothing of this\n")
        long_ago = time.time() - 31 * 24 * 3600
        os.utime(old.in_doubt_path, (long_ago, long_ago))
        self.lose(spool)
        said = spool.sluice("recover", expect=0).stdout
        for job in jobs[:2]:
            self.assertIn(f"{job.id}: 1 order of outbox/{job.in_doubt_path.name} is in doubt", said)
            self.assertIn(f"`sluice resolve {job.id} --applied`", said)
        self.assertIn(f"outbox/{unreadable.in_doubt_path.name} can't be read", said)
        self.assertNotIn(old.id, said)
        self.assert_guarded(spool, jobs[:2])

    def test_what_a_damaged_ledger_lost_of_its_doubts_is_read_from_their_files(self):
        sandbox, spool, jobs = self.in_doubt(3)
        lost, kept, resolved = jobs
        spool.sluice("resolve", resolved.id, "--applied", expect=0)
        with sqlite3.connect(self.ledger(spool)) as ledger:
            ledger.execute("DELETE FROM doubts WHERE job=?", (int(lost.id.split("-")[1]),))
        ledger.close()
        with open(self.in_one_file(spool), "r+b") as file:
            file.write(b"\xa5" * 4096)
        self.assert_refused(sandbox, spool)
        self.assertNotIn(resolved.id, spool.sluice("recover", expect=0).stdout)
        self.assertIn("resolved as applied", spool.sluice("show", resolved.id, expect=0).stdout)
        self.assert_guarded(spool, [lost, kept])
        spool.drop("same content.csv", self.pair(2))
        spool.drain(expect=2)

    def test_doubts_of_a_job_that_was_cut_off_outlive_a_damaged_ledger(self):
        sandbox, spool = self.unpaced("--no-overlap-guard", settings=merged(IN_DOUBT, {"rate": {"requests": 4}}))
        sandbox.set_faults("reset-after@1")
        daemon = spool.run_daemon()
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(40)))
        wait_until(lambda: any(job["counts"]["in_doubt"] for job in spool.status()["jobs"]), what="the order in doubt")
        end_process(daemon, signal.SIGKILL)
        sandbox.set_faults("")
        with open(self.in_one_file(spool), "r+b") as file:
            file.write(b"\xa5" * 4096)
        spool.sluice("recover", expect=1)
        job = spool.only_job()
        known = [row for row in job.in_doubt if row["result_attempts"] == "1"]
        self.assertTrue(known, "its answer was in the ledger")
        spool.drop("again.csv", order_files.as_csv(as_orders(known)))
        spool.drain(expect=1)
        for row in spool.finished()[-1].results:
            self.assertEqual(row["result"], "in_doubt")
            self.assertIn(job.id, row["result_message"])

    def test_killed_at_any_of_its_steps_it_leaves_nothing_that_would_be_sent(self):
        sandbox, spool = self.killed_in_the_middle()
        requests = sandbox.stats()["requests"]
        self.lose(spool)
        for step in range(1, 100):
            killed = spool.sluice("recover", env={"SLUICE_FAILPOINT": f"ledger.after_commit:{step}"})
            if killed.returncode != -signal.SIGKILL:
                break
            spool.drain()
            self.assertEqual(sandbox.stats()["requests"], requests, f"sent after a kill at commit {step} of recover")
        self.assertGreater(step, 3)
        self.assertEqual(killed.returncode, 0, "what was rebuilt by then, the drain between has published")
        job = spool.finished()[-1]
        job.check_whole(self, GOOD + INVALID)
        self.assertEqual(job.counts, {"in_doubt": GOOD, "invalid": INVALID})


if __name__ == "__main__":
    unittest.main()
