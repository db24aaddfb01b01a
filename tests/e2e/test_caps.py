"""Caps, and what is left over: they hold over restarts, and the exit code says what was not done."""

import unittest

import order_files
from harness import EndToEnd
from processes import end_process, wait_until


class Caps(EndToEnd):
    def test_a_days_cap_goes_on_over_drains(self):
        sandbox, spool = self.unpaced(settings={"guard": {"max_orders_per_day": 25}})
        spool.drop("first.csv", order_files.as_csv(order_files.create_orders(20)))
        spool.drain(expect=0)
        spool.drop("second.csv", order_files.as_csv(order_files.create_orders(20, 100)))
        spool.drain(expect=3)
        self.assertEqual(sandbox.stats()["applied_orders"], 25)
        spool.drain(expect=3)
        self.assertEqual(sandbox.stats()["applied_orders"], 25)

    def test_a_file_with_just_as_many_orders_as_its_cap_goes(self):
        sandbox, spool = self.unpaced(settings={"guard": {"max_orders_per_file": 5}})
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(5)))
        spool.drain(expect=0)
        spool.drop("more.csv", order_files.as_csv(order_files.create_orders(6, 100)))
        spool.drain(expect=3)
        self.assertEqual(sandbox.stats()["applied_orders"], 5)

    def test_orders_that_an_earlier_file_had_accepted_are_told_before_they_are_sent(self):
        _, spool = self.unpaced(settings={"guard": {"placed_before": "hold"}})
        orders = order_files.create_orders(5, first=300)
        spool.drop("monday.csv", order_files.as_csv(orders))
        spool.drain(expect=0)
        again = self.folder / "again.csv"
        again.write_text(order_files.as_csv(orders[:2] + order_files.create_orders(1, first=400)))
        told = r"warning: 2 of its orders, the same in every value, were accepted before.* job \d{8}-1 \(monday.csv\)"
        self.assertRegex(spool.sluice("check", again).stdout, told)
        daemon = spool.run_daemon()
        self.assertRegex(spool.sluice("check", again).stdout, told)
        spool.drop("again.csv", again.read_text())
        wait_until(lambda: [job["held"] for job in spool.status()["jobs"] if job["held"]], what="the hold")
        job, = spool.status()["jobs"]
        self.assertRegex(job["held"], r"2 of its orders.*monday.csv.*sluice release " + job["job"])
        self.assertIn("2 of its orders", spool.sluice("show", job["job"], expect=0).stdout)
        end_process(daemon)
        spool.sluice("release", job["job"], expect=0)
        spool.drain()
        self.assertEqual(spool.finished()[1].counts, {"refused": 2, "accepted": 1})

    def test_by_default_they_are_told_and_sent(self):
        _, spool = self.unpaced()
        orders = order_files.create_orders(5, first=300)
        spool.drop("monday.csv", order_files.as_csv(orders))
        spool.drain(expect=0)
        spool.drop("again.csv", order_files.as_csv(orders[:2]))
        log = spool.drain(expect=1)
        self.assertRegex(log.stderr + log.stdout, r"2 of its orders, the same in every value, were accepted before")
        self.assertIn("monday.csv", spool.sluice("show", spool.finished()[1].summary["job"]).stdout)

    def test_rows_that_were_cancelled_count_in_the_exit_code(self):
        sandbox, spool = self.unpaced(settings={"guard": {"max_orders_per_file": 2}})
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(3)))
        spool.drain(expect=3)
        spool.sluice("cancel", spool.status()["jobs"][0]["job"], expect=0)
        spool.drain(expect=1)
        job = spool.only_job()
        self.assertEqual(job.counts, {"not_sent": 3})
        self.assertEqual(job.summary["exit"], 1)

    def test_a_claimed_file_that_the_ledger_does_not_know_is_work_left(self):
        sandbox, spool = self.unpaced()
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(2, 500)))
        spool.drain(expect=0)  # a ledger that knows of no job at all would be taken for a lost one
        stray = spool.root / "state" / "20240101-77.claimed"
        stray.write_bytes(order_files.as_csv(order_files.create_orders(3)).encode())
        said = spool.drain(expect=3)
        self.assertIn("20240101-77", said.stdout + said.stderr)
        self.assertEqual(sandbox.stats()["applied_orders"], 2)
        self.assertTrue(stray.exists())


if __name__ == "__main__":
    unittest.main()
