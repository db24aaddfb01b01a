"""`sluice ledger move`: from a spool's file into PostgreSQL and back, with nothing lost and never two in use."""

import contextlib
import json
import sqlite3
import unittest

import order_files
from harness import merged
from processes import end_process, wait_until
from test_hosts import Hosts

MOVED = {"jobs": "n", "doubts": "job, row", "first_sends": "day", "notes": "key", "numbers": "what",
         "history": "id", "prints": "id", "placed": "id"}
OF_MOVES = ("departed", "arrived")


class LedgerMove(Hosts):
    def setUp(self):
        super().setUp()
        self.sandbox_ = self.sandbox("--rate", "0", "--fault", "reset-after@1")
        self.alone = {"rate": {"requests": 200}, "retry": {"in_doubt": "hold"}, "batch": {"orders": 2}}
        self.client = self.spool(self.sandbox_, self.alone, name="one")
        self.shared = merged(self.alone, {"ledger": {"postgresql": self.database.conninfo, "host": "one"}})

    def fill(self):
        """A job with doubts, one that was rejected, a pause, and what a day counts."""
        self.client.drop("orders.csv", order_files.as_csv(order_files.create_orders(9)))
        self.client.drop("broken.csv", "no,such,columns\n1,2,3\n")
        self.client.drain(expect=2)
        self.client.sluice("pause", expect=0)

    def in_file(self):
        """Every record of the ledger in the spool, by table."""
        with contextlib.closing(sqlite3.connect(self.client.root / "state" / "ledger.sqlite")) as ledger:
            ledger.text_factory = bytes
            ledger.row_factory = sqlite3.Row
            kept = {}
            for table, key in MOVED.items():
                rows = [dict(row) for row in ledger.execute(f"SELECT * FROM {table} ORDER BY {key}")]
                kept[table] = [row for row in rows if row.get("key", b"").decode() not in OF_MOVES]
            return kept

    def move(self, to, expect=0, **more):
        return self.client.sluice("ledger", "move", "--to", to, expect=expect, **more)

    def test_there_and_back_every_record_is_as_it_was(self):
        self.fill()
        before = self.in_file()
        for table in MOVED:
            self.assertTrue(before[table], f"a table that proves nothing: {table}")
        secret = (self.client.root / "state" / "secret").read_bytes()
        self.client.configure(self.shared)
        self.assertIn("moved", self.move("postgresql").stdout)
        self.assertEqual(self.client.status()["pause"], "operator")
        (self.client.root / "state" / "secret").unlink()
        self.assertIn("moved", self.move("sqlite").stdout)
        self.assertEqual(self.in_file(), before)
        self.assertEqual((self.client.root / "state" / "secret").read_bytes(), secret)
        self.client.configure(self.alone, drop=())
        self.client.sluice("resume", expect=0)
        job = next(job for job in self.client.finished() if job.summary["name"] == "orders.csv")
        self.client.sluice("resolve", job.id, "--applied", expect=0)

    def test_in_postgresql_it_goes_on_where_it_was(self):
        self.fill()
        content = order_files.as_csv(order_files.create_orders(9))
        known = json.loads(self.client.sluice("find", order_files.create_order(5)["uid"], "--json", expect=0).stdout)
        self.client.configure(self.shared)
        self.move("postgresql")
        found = json.loads(self.client.sluice("find", order_files.create_order(5)["uid"], "--json", expect=0).stdout)
        self.assertEqual(found, known)
        self.client.sluice("resume", expect=0)
        self.client.drop("again.csv", content)
        self.client.drop("more.csv", order_files.as_csv(order_files.create_orders(3, first=100)))
        self.client.drain(expect=2)  # what came before is known again
        numbers = sorted(int(job.id.split("-")[1]) for job in self.client.finished())
        self.assertEqual(len(numbers), len(set(numbers)))
        self.assertEqual(self.sandbox_.stats()["applied_more_than_once"], 0)
        again = self.client.sluice("history", expect=0).stdout
        self.assertIn("more.csv", again)

    def test_the_one_that_was_left_is_not_begun_with(self):
        self.fill()
        self.client.configure(self.shared)
        self.move("postgresql")
        self.client.configure(self.alone)
        for command in ("drain", "status", "recover", "resume"):
            with self.subTest(command):
                refused = self.client.sluice(command, expect=78)
                self.assertIn("was moved to PostgreSQL", refused.stderr + refused.stdout)
        self.client.configure(self.shared)
        self.move("sqlite")
        for command in ("drain", "status", "resume"):
            with self.subTest(command):
                refused = self.client.sluice(command, expect=78)
                self.assertRegex(refused.stderr + refused.stdout, "was moved to|takes it over")

    def test_cut_short_at_any_step_it_is_finished_by_the_same_command(self):
        steps = {"after_departure": "was being moved", "before_arrival": "was being moved", "after_arrival": "was being moved"}
        self.fill()
        before = self.in_file()
        self.client.configure(self.shared)
        for step, said in steps.items():
            for to in ("postgresql", "sqlite"):
                with self.subTest(step=step, to=to):
                    self.client.configure(self.shared)
                    self.move(to, expect=-9, env={"SLUICE_FAILPOINT": f"move.{step}"})
                    if to == "postgresql":
                        self.client.configure(self.alone)  # as if nobody knew of the move
                        refused = self.client.sluice("drain", expect=78)
                        self.assertIn(said, refused.stderr + refused.stdout)
                        self.client.configure(self.shared)
                    self.assertEqual(self.client.sluice("drain").returncode, 78, "nobody begins with either")
                    self.move(to)
        self.assertEqual(self.in_file(), before)

    def test_cut_short_it_is_taken_back_by_a_move_to_where_it_was(self):
        self.fill()
        before = self.in_file()
        self.client.configure(self.shared)
        self.move("postgresql", expect=-9, env={"SLUICE_FAILPOINT": "move.before_arrival"})
        self.assertIn("taken back", self.move("sqlite").stdout)
        self.client.configure(self.alone)
        self.assertEqual(self.client.status()["pause"], "operator")
        self.assertEqual(self.in_file(), before)

    def test_it_is_refused_with_a_job_under_way_or_a_process_at_work(self):
        self.client.configure(merged(self.alone, {"rate": {"requests": 1}}))
        self.client.drop("orders.csv", order_files.as_csv(order_files.create_orders(2000)))
        daemon = self.client.run_daemon()
        wait_until(lambda: self.client.status()["jobs"], what="a job")
        self.client.configure(self.shared)
        self.move("postgresql", expect=75)
        end_process(daemon)
        refused = self.move("postgresql", expect=75)
        self.assertIn("a job is under way", refused.stderr)
        self.client.configure(self.alone)
        self.assertEqual(len(self.client.status()["jobs"]), 1)

    def test_it_is_refused_while_another_host_is_at_work(self):
        self.fill()
        self.client.configure(self.shared)
        self.move("postgresql")
        other = self.host(self.sandbox_, "two", self.alone)
        other.run_daemon()
        refused = self.move("sqlite", expect=75)
        self.assertIn("host two is at work", refused.stderr)

    def test_it_is_refused_where_the_other_one_is_in_use(self):
        other = self.host(self.sandbox_, "two", self.alone)
        other.drop("orders.csv", order_files.as_csv(order_files.create_orders(3)))
        other.drain()
        self.fill()
        self.client.configure(self.shared)
        refused = self.move("postgresql", expect=78)
        self.assertIn("two can't become one", refused.stderr)
        self.client.configure(self.alone)
        self.assertEqual(self.client.status()["pause"], "operator")


if __name__ == "__main__":
    unittest.main()
