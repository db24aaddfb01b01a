"""kill -9 at random moments, dozens of rounds; and once at each durable step."""

import collections
import os
import pathlib
import random
import re
import signal
import unittest

import order_files
from harness import EndToEnd, merged
from processes import end_process, wait_until

ROUNDS = 24
ORDERS = 600
SMALL = {"batch": {"orders": 3}, "upstream": {"max_in_flight": 8, "response_timeout": "2s"},
         "inbox": {"hard_links": "copy"}}
SEED = int(os.environ.get("SLUICE_SEED", random.SystemRandom().randrange(1 << 30)))
SOURCES = pathlib.Path(__file__).parents[2] / "src"


class Killed(EndToEnd):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)

    def rounds(self, sandbox, spool):
        """Drains that are killed at random moments, each later than what it takes to begin; then one that ends."""
        for number in range(ROUNDS):
            before = sandbox.stats()["requests"]
            drain = spool.start("drain")
            # The moment is a number of requests further on, so that each round gets some way; and then a hair.
            goal = before + self.random.randrange(0, 12)
            wait_until(lambda: drain.poll() is not None or sandbox.stats()["requests"] >= goal, what="the next requests")
            if drain.poll() is not None:
                return number
            end_process(drain, signal.SIGKILL)
        return ROUNDS

    def outcome_of(self, spool, sandbox):
        job = spool.only_job()
        job.check_whole(self, ORDERS)
        applied = collections.Counter(order["uid"] for order in sandbox.orders())
        return job, applied

    def test_without_the_guard_and_on_hold_nothing_is_applied_twice(self):
        sandbox, spool = self.unpaced("--no-overlap-guard", "--latency", "4ms", "--jitter", "8ms",
                                      settings=merged(SMALL, {"retry": {"in_doubt": "hold"}}))
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(ORDERS)))
        kills = self.rounds(sandbox, spool)
        spool.drain()
        job, applied = self.outcome_of(spool, sandbox)
        counts = job.counts
        self.assertEqual(sandbox.stats()["applied_more_than_once"], 0, f"seed {SEED}")
        self.assertEqual(max(applied.values()), 1)
        self.assertEqual(set(counts) - {"accepted", "in_doubt"}, set(), f"seed {SEED}")
        accepted, doubtful = counts.get("accepted", 0), counts.get("in_doubt", 0)
        self.assertLessEqual(accepted, sum(applied.values()), f"seed {SEED}")
        self.assertLessEqual(sum(applied.values()), accepted + doubtful, f"seed {SEED}")
        for row in job.results:
            if row["result"] == "accepted":
                self.assertEqual(applied[row["uid"]], 1, f"seed {SEED}: {row}")
        self.assertGreater(kills, 0)
        print(f"{kills} kills: {accepted} accepted, {sum(applied.values())} applied, {doubtful} in doubt (seed {SEED})")

    def test_with_the_guard_every_order_is_applied_exactly_once_and_reported_so(self):
        sandbox, spool = self.unpaced("--latency", "4ms", "--jitter", "8ms", settings=SMALL)
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(ORDERS)))
        kills = self.rounds(sandbox, spool)
        spool.drain(expect=0)
        job, applied = self.outcome_of(spool, sandbox)
        self.assertEqual(set(job.counts) - {"accepted", "accepted_earlier"}, set(), f"seed {SEED}")
        self.assertEqual(len(applied), ORDERS, f"seed {SEED}")
        self.assertEqual(set(applied.values()), {1})
        self.assertGreater(kills, 0)
        print(f"{kills} kills: {job.counts} (seed {SEED})")

    def test_the_daemon_too(self):
        sandbox, spool = self.unpaced("--latency", "4ms", settings=SMALL)
        for n in range(4):
            spool.drop(f"orders-{n}.csv", order_files.as_csv(order_files.create_orders(90, first=1000 * n)))
        for kills in range(10):
            daemon = spool.start("run")
            goal = sandbox.stats()["requests"] + self.random.randrange(0, 14)
            wait_until(lambda: sandbox.stats()["requests"] >= goal or len(spool.finished()) == 4, what="requests")
            end_process(daemon, signal.SIGKILL)
            if len(spool.finished()) == 4:
                break
        spool.run_daemon()
        jobs = spool.wait_for_jobs(4)
        for job in jobs:
            job.check_whole(self, 90)
            self.assertEqual(set(job.counts) - {"accepted", "accepted_earlier"}, set(), f"seed {SEED}")
        stats = sandbox.stats()
        self.assertEqual((stats["applied_orders"], stats["applied_more_than_once"]), (360, 0))


class AtEachDurableStep(EndToEnd):
    """Each failpoint in the sources is hit by a real kill, and the next drain makes it whole."""

    def failpoints(self):
        names = set()
        for path in SOURCES.rglob("*.cpp"):
            if path.parent.name == "postgresql" or path.name == "move_ledger.cpp":
                continue  # no step of a drain whose ledger is a file in state/
            names |= set(re.findall(r'SLUICE_FAILPOINT\("([a-z_.]+)"\)', path.read_text()))
        return sorted(names)

    def test_a_kill_loses_and_doubles_nothing(self):
        names = self.failpoints()
        self.assertTrue(names)
        missed = []  # which would say that this road no longer leads past it
        for number, name in enumerate(names):
            with self.subTest(name):
                if not self.killed_at(name, number):
                    missed.append(name)
        self.assertEqual(missed, [], f"of {len(names)} steps")

    def killed_at(self, name, number):
        sandbox, spool = self.unpaced(settings=SMALL, name=f"client-{number}")
        kept = spool.drop("kept.csv", order_files.as_csv(order_files.create_orders(4, 100)), folder="")
        os.link(kept, spool.root / "inbox" / "linked.csv")  # claimed by copy, the others by rename
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(9)))
        spool.drop("broken.csv", "no,such,columns\n1,2,3\n")
        killed = spool.drain(env={"SLUICE_FAILPOINT": f"{name}:1"})
        spool.drain()
        rows = {"linked.csv": 4, "orders.csv": 9}
        jobs = spool.finished()
        self.assertEqual(sorted(job.summary["name"] for job in jobs), sorted(rows))
        for job in jobs:
            job.check_whole(self, rows[job.summary["name"]])
            self.assertEqual(set(job.counts) - {"accepted", "accepted_earlier"}, set())
        stats = sandbox.stats()
        self.assertEqual((stats["applied_orders"], stats["applied_more_than_once"]), (13, 0))
        self.assertEqual([p.name for p in (spool.root / "inbox").iterdir()], [])
        rejected = sorted(path.name for path in (spool.root / "rejected").iterdir())
        self.assertEqual(len(rejected), 2, rejected)
        sandbox.stop()
        return killed.returncode == -signal.SIGKILL


if __name__ == "__main__":
    unittest.main()
