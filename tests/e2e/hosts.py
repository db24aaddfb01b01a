"""The base of tests of several hosts: real processes over a real PostgreSQL, each with a spool of its own or one for all."""

import collections
import signal

import database
import order_files
from harness import EndToEnd, merged
from processes import PATIENCE, end_process, wait_until

ONE_EACH = {"batch": {"orders": 1}}
OVER = "SELECT 1 FROM sluice.hosts WHERE name = '{}' AND lease_until < clock_timestamp()"


class Hosts(EndToEnd):
    def setUp(self):
        super().setUp()
        self.database = database.Database()
        self.addCleanup(self.database.remove)

    def host(self, sandbox, name, settings=None, **more):
        ledger = {"ledger": {"postgresql": self.database.conninfo, "host": name}}
        return self.spool(sandbox, merged(ledger, settings or {}), name=name, **more)

    def hosts(self, *options, settings=None, names=("one", "two")):
        """The sandbox, and spools of their own."""
        sandbox = self.sandbox(*options)
        return sandbox, *(self.host(sandbox, name, settings) for name in names)

    def sharing(self, *options, settings=None, names=("one", "two")):
        """The sandbox, and hosts that work the first one's spool."""
        sandbox = self.sandbox(*options)
        hosts = [self.host(sandbox, name, settings) for name in names]
        for host in hosts:
            host.root = hosts[0].root
            host.socket = f"control.{host.settings['ledger']['host']}.sock"
            host.configure(merged(host.settings, {"spool": str(host.root), "ledger": {"shared_spool": True}}))
        return sandbox, *hosts

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

    def until_applied(self, sandbox, orders):
        wait_until(lambda: sandbox.stats()["applied_orders"] >= orders, what=f"{orders} orders")

    def until_lease_is_over(self, name):
        wait_until(lambda: self.database.ask(OVER.format(name)), what=f"the end of {name}'s lease")


__all__ = ["Hosts", "ONE_EACH", "PATIENCE", "end_process", "merged", "order_files", "signal", "wait_until"]
