"""Several hosts, one account: real processes over a real PostgreSQL, each with a spool of its own."""

import collections
import json
import os
import signal
import unittest

import database
import order_files
from harness import EndToEnd, merged
from processes import end_process, wait_until

ONE_EACH = {"batch": {"orders": 1}}


class Hosts(EndToEnd):
    def setUp(self):
        super().setUp()
        self.database = database.Database()
        self.addCleanup(self.database.remove)

    def host(self, sandbox, name, settings=None):
        ledger = {"ledger": {"postgresql": self.database.conninfo, "host": name}}
        return self.spool(sandbox, merged(ledger, settings or {}), name=name)

    def hosts(self, *options, settings=None):
        sandbox = self.sandbox(*options)
        return sandbox, self.host(sandbox, "one", settings), self.host(sandbox, "two", settings)

    def assert_each_once(self, sandbox, orders):
        applied = collections.Counter(order["uid"] for order in sandbox.orders())
        self.assertEqual(len(applied), orders)
        self.assertEqual(set(applied.values()), {1})
        self.assertEqual(sandbox.stats()["applied_more_than_once"], 0)

    def assert_accepted(self, spool, rows):
        job = spool.only_job()
        job.check_whole(self, rows)
        self.assertEqual(set(job.counts) - {"accepted", "accepted_earlier"}, set())
        return job


class OwnSpools(Hosts):
    def test_two_hosts_share_the_limit_and_the_job_numbers(self):
        sandbox, one, two = self.hosts("--latency", "20ms", settings=ONE_EACH)  # the sandbox refuses what is above ten
        for number, spool in enumerate((one, two)):
            spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(15, first=1000 * number)))
            spool.run_daemon()
        ids = [spool.wait_for_jobs(1)[0].id for spool in (one, two)]
        self.assertEqual(len(set(ids)), 2, "job numbers are the account's")
        self.assert_each_once(sandbox, 30)

    def test_what_one_host_sent_is_known_to_the_other(self):
        sandbox, one, two = self.hosts("--rate", "0", settings={"rate": {"requests": 200}})
        content = order_files.as_csv(order_files.create_orders(5))
        one.drop("orders.csv", content)
        one.run_daemon()
        first = one.wait_for_jobs(1)[0]
        two.drop("again.csv", content)
        two.run_daemon()
        wait_until(lambda: list((two.root / "rejected").glob("again*")), what="the same content, rejected at the other")
        self.assert_each_once(sandbox, 5)
        found = json.loads(two.sluice("find", order_files.create_order(1)["uid"], "--json", expect=0).stdout)
        self.assertIn(first.id, json.dumps(found))

    def test_one_is_killed_and_the_other_goes_on(self):
        sandbox, one, two = self.hosts("--rate", "0", "--latency", "20ms",
                                       settings=merged(ONE_EACH, {"rate": {"requests": 50}}))
        for number, spool in enumerate((one, two)):
            spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(150, first=1000 * number)))
        first, _ = one.run_daemon(), two.run_daemon()
        wait_until(lambda: sandbox.stats()["applied_orders"] >= 60, what="60 orders")
        end_process(first, signal.SIGKILL)
        two.wait_for_jobs(1)
        self.assert_accepted(two, 150)
        one.run_daemon()
        one.wait_for_jobs(1)
        self.assert_accepted(one, 150)
        self.assert_each_once(sandbox, 300)

    def test_the_server_dies_and_every_connection_is_cut(self):
        sandbox, one, two = self.hosts("--rate", "0", "--latency", "5ms",
                                       settings=merged(ONE_EACH, {"rate": {"requests": 50}}))
        for number, spool in enumerate((one, two)):
            spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(100, first=1000 * number)))
            spool.run_daemon()
        wait_until(lambda: sandbox.stats()["applied_orders"] >= 30, what="30 orders")
        self.database.terminate_all()
        wait_until(lambda: sandbox.stats()["applied_orders"] >= 60, what="60 orders")
        self.database.restart()
        for spool in (one, two):
            spool.wait_for_jobs(1)
            self.assert_accepted(spool, 100)
        self.assert_each_once(sandbox, 200)

    def test_a_name_that_is_taken_is_refused(self):
        sandbox = self.sandbox("--rate", "0")
        first = self.host(sandbox, "one")
        first.run_daemon()
        second = self.spool(sandbox, merged(first.settings, {"spool": str(self.folder / "other" / "spool")}), name="other")
        refused = second.sluice("run", expect=75)
        self.assertIn("a host named one is at work on another machine", refused.stderr + refused.stdout)

    def test_a_spool_that_has_a_ledger_of_its_own_is_refused(self):
        sandbox = self.sandbox("--rate", "0")
        spool = self.spool(sandbox, {}, name="alone")
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(2)))
        spool.drain(expect=0)
        spool.configure({"ledger": {"postgresql": self.database.conninfo}})
        refused = spool.sluice("drain", expect=78)
        self.assertIn("`sluice ledger move --to postgresql` takes it over", refused.stderr + refused.stdout)

    def test_a_server_that_may_forget_commits_is_refused(self):
        self.database.ask("ALTER ROLE sluice SET synchronous_commit = off")
        sandbox = self.sandbox("--rate", "0")
        refused = self.host(sandbox, "one").sluice("drain", expect=78)
        self.assertIn("synchronous_commit=off", refused.stderr + refused.stdout)

    def test_status_and_history_are_read_where_no_process_runs(self):
        sandbox, one, two = self.hosts("--rate", "0")
        one.drop("orders.csv", order_files.as_csv(order_files.create_orders(3)))
        one.drain(expect=0)
        job = one.only_job().id
        self.assertIn(job, two.sluice("show", job, expect=0).stdout)
        self.assertIn(job, two.sluice("history", expect=0).stdout)
        self.assertEqual(two.status()["jobs"], [])


@unittest.skipUnless(os.environ.get("SLUICE_SLOW") == "1", "slow: SLUICE_SLOW=1 runs it")
class Frozen(Hosts):
    def test_a_host_that_stood_still_for_longer_than_its_lease_sends_nothing_twice(self):
        sandbox, one, two = self.hosts("--rate", "0", "--latency", "20ms",
                                       settings=merged(ONE_EACH, {"rate": {"requests": 20}}))
        for number, spool in enumerate((one, two)):
            spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(100, first=1000 * number)))
        first, _ = one.run_daemon(), two.run_daemon()
        wait_until(lambda: sandbox.stats()["applied_orders"] >= 40, what="40 orders")
        first.send_signal(signal.SIGSTOP)
        try:
            wait_until(lambda: self.database.ask(
                "SELECT 1 FROM sluice.hosts WHERE name = 'one' AND lease_until < clock_timestamp()"),
                what="the end of a frozen host's lease")
            two.wait_for_jobs(1)
        finally:
            first.send_signal(signal.SIGCONT)
        self.assert_accepted(two, 100)
        one.wait_for_jobs(1)
        self.assert_accepted(one, 100)
        self.assert_each_once(sandbox, 200)


if __name__ == "__main__":
    unittest.main()
