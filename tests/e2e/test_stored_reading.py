"""What a job's columns mean is kept with it: an upgrade reads begun work as it was, or holds it with words."""

import sqlite3
import unittest

from bad_disk import STOPS_AT_20, OnABadDisk, orders
from processes import end_process

ORDERS = 30


class StoredReading(OnABadDisk):
    def begun(self):
        """Surveyed, in part sent, and left by the process that did it."""
        sandbox, spool = self.unpaced(settings=STOPS_AT_20)
        daemon = spool.run_daemon()
        spool.drop("orders.csv", orders(ORDERS))
        self.wait_for_the_stop(sandbox)
        end_process(daemon)
        self.let_the_rest_go(spool)
        return sandbox, spool

    def in_ledger(self, spool, statement, *values):
        with sqlite3.connect(spool.root / "state" / "ledger.sqlite") as ledger:
            return ledger.execute(statement, values).fetchone()

    def assert_goes_on(self, sandbox, spool):
        spool.drain(expect=0)
        job = spool.only_job()
        self.assert_all_once(sandbox, job, ORDERS)

    def test_a_ledger_of_the_version_before_goes_on(self):
        sandbox, spool = self.begun()
        self.in_ledger(spool, "UPDATE jobs SET names=''")
        self.assert_goes_on(sandbox, spool)

    def assert_held_with_words(self, column, nonsense):
        sandbox, spool = self.begun()
        stored, = self.in_ledger(spool, f"SELECT {column} FROM jobs")
        self.in_ledger(spool, f"UPDATE jobs SET {column}=?", nonsense)
        sent = sandbox.stats()["orders_received"]
        spool.drain(expect=3)
        self.assertEqual(sandbox.stats()["orders_received"], sent)
        self.assertIn("its orders can't be read again as they were surveyed", spool.sluice("status", expect=0).stdout)
        self.in_ledger(spool, f"UPDATE jobs SET {column}=?", stored)
        spool.sluice("release", spool.status()["jobs"][0]["job"], expect=0)
        self.assert_goes_on(sandbox, spool)

    def test_names_that_make_no_sense_hold_the_job_with_words(self):
        self.assert_held_with_words("names", "{")

    def test_a_format_that_makes_no_sense_holds_the_job_with_words(self):
        self.assert_held_with_words("format", "[9]")

    def test_a_service_that_no_version_has_is_damage_of_the_ledger(self):
        sandbox, spool = self.begun()
        self.in_ledger(spool, "UPDATE jobs SET service=99")
        self.assertIn("sluice recover", spool.drain(expect=78).stderr)


if __name__ == "__main__":
    unittest.main()
