"""Several hosts that work one spool: real processes over a real PostgreSQL, one folder for all of them."""

import os
import time
import unittest

from hosts import ONE_EACH, Hosts, end_process, merged, order_files, signal, wait_until

PACED = merged(ONE_EACH, {"rate": {"requests": 20}})


class OneInbox(Hosts):
    def test_each_file_is_one_hosts_and_no_other_looks_for_it_in_vain(self):
        sandbox, *hosts = self.sharing("--rate", "0", settings={"rate": {"requests": 200}}, names=("one", "two", "three"))
        daemons = [host.run_daemon() for host in hosts]
        for number in range(30):
            hosts[0].drop(f"orders-{number}.csv", order_files.as_csv(order_files.create_orders(2, first=10 * number)))
        jobs = hosts[0].wait_for_jobs(30)
        self.assertEqual(len({job.id for job in jobs}), 30)
        self.assertEqual({job.summary["name"] for job in jobs}, {f"orders-{number}.csv" for number in range(30)})
        self.assert_each_once(sandbox, 60)
        for daemon in daemons:
            self.assertEqual(end_process(daemon), 0)
            self.assertNotRegex(daemon.log.read_text(), r"[Nn]o such file")
        self.assertEqual(list((hosts[0].root / "inbox").iterdir()), [])
        self.assertEqual(list((hosts[0].root / "rejected").iterdir()), [])

    def test_commands_reach_the_host_that_is_asked(self):
        _, one, two = self.sharing("--rate", "0")
        one.run_daemon()
        two.run_daemon()
        for host in (one, two):
            self.assertEqual(host.status()["jobs"], [])
            self.assertFalse(host.status().get("note"))

    def test_two_processes_of_one_name_are_refused(self):
        _, one, two = self.sharing("--rate", "0")
        one.run_daemon()
        two.configure(merged(two.settings, {"ledger": {"host": "one"}}))
        refused = two.sluice("run", expect=75)
        self.assertIn("another process", refused.stdout + refused.stderr)

    def test_who_would_work_it_alone_is_refused(self):
        _, one, two = self.sharing("--rate", "0")
        daemon = one.run_daemon()
        alone = merged(two.settings, {"ledger": {"shared_spool": False}})
        two.configure(alone)
        refused = two.sluice("run", expect=75)
        self.assertIn("another process", refused.stdout + refused.stderr)
        end_process(daemon)
        two.socket = "control.sock"
        two.run_daemon()
        refused = one.sluice("run", expect=75)
        self.assertIn("another process", refused.stdout + refused.stderr)

    def test_a_host_that_stops_in_order_leaves_its_job_to_the_other(self):
        sandbox, one, two = self.sharing("--rate", "0", "--latency", "20ms", settings=PACED)
        one.drop("orders.csv", order_files.as_csv(order_files.create_orders(60)))
        first = one.run_daemon()
        self.until_applied(sandbox, 10)
        two.run_daemon()
        self.assertEqual(end_process(first), 0)
        two.wait_for_jobs(1)
        self.assert_accepted(two, 60)
        self.assert_each_once(sandbox, 60)


@unittest.skipUnless(os.environ.get("SLUICE_SLOW") == "1", "slow: SLUICE_SLOW=1 runs it")
class TakenOver(Hosts):
    def begun(self, settings=PACED):
        """A job of 100 orders at host one, 20 of them placed, and host two beside it."""
        sandbox, one, two = self.sharing("--rate", "0", "--latency", "20ms", settings=settings)
        one.drop("orders.csv", order_files.as_csv(order_files.create_orders(100)))
        first = one.run_daemon()
        wait_until(lambda: one.status()["jobs"], what="the job at host one")
        second = two.run_daemon()
        self.until_applied(sandbox, 20)
        return sandbox, one, two, first, second

    def until_it_goes_on(self, sandbox):
        """Says how long nothing was placed."""
        before, began = sandbox.stats()["applied_orders"], time.monotonic()
        wait_until(lambda: sandbox.stats()["applied_orders"] > before, what="the next order")
        print(f"the other host went on after {time.monotonic() - began:.1f} s")

    def test_one_is_killed_and_the_other_goes_on_with_its_job(self):
        sandbox, one, two, first, _ = self.begun()
        end_process(first, signal.SIGKILL)
        self.until_it_goes_on(sandbox)
        two.wait_for_jobs(1)
        self.assert_accepted(two, 100)
        self.assert_each_once(sandbox, 100)
        again = one.run_daemon()
        self.assertEqual(one.status()["jobs"], [])
        self.assertEqual(end_process(again), 0)

    def test_what_the_killed_one_had_under_way_is_in_doubt_where_that_is_the_policy(self):
        sandbox, _, two, first, _ = self.begun(merged(PACED, {"retry": {"in_doubt": "hold"}}))
        sandbox.set_faults("timeout-after")
        self.until_applied(sandbox, sandbox.stats()["applied_orders"] + 5)  # and not answered
        end_process(first, signal.SIGKILL)
        sandbox.set_faults("")
        self.until_it_goes_on(sandbox)
        job, = two.wait_for_jobs(1)
        job.check_whole(self, 100)
        self.assertEqual(set(job.counts), {"accepted", "in_doubt"})
        self.assertEqual(sandbox.stats()["applied_more_than_once"], 0)

    def test_one_that_dies_while_it_takes_over_loses_nothing_either(self):
        for number, step in enumerate(("before", "after")):
            with self.subTest(step):
                sandbox, one, two = self.sharing("--rate", "0", "--latency", "20ms", settings=PACED,
                                                 names=(f"one-{number}", f"two-{number}"))
                one.drop("orders.csv", order_files.as_csv(order_files.create_orders(60, first=1000 * number)))
                first = one.run_daemon()
                self.until_applied(sandbox, 10)
                second = two.run_daemon(env={"SLUICE_FAILPOINT": f"postgresql.{step}_take_over"})
                end_process(first, signal.SIGKILL)
                wait_until(lambda: second.poll() is not None, what="the end of the one that takes over")
                self.assertEqual(second.returncode, -signal.SIGKILL)
                again = two.run_daemon()
                two.wait_for_jobs(1)
                self.assert_accepted(two, 60)
                self.assert_each_once(sandbox, 60)
                end_process(again)
                sandbox.stop()

    def test_one_stands_still_for_a_minute_and_finds_itself_replaced(self):
        sandbox, one, two, first, _ = self.begun()
        first.send_signal(signal.SIGSTOP)
        try:
            frozen = time.monotonic()
            self.until_it_goes_on(sandbox)
            two.wait_for_jobs(1)
            wait_until(lambda: time.monotonic() - frozen > 60, what="a minute")
        finally:
            first.send_signal(signal.SIGCONT)
        wait_until(lambda: first.poll() is not None, what="the end of the host that was replaced")
        self.assertEqual(first.returncode, 75)
        self.assertIn("another one has taken over", first.log.read_text())
        self.assert_accepted(two, 100)
        self.assert_each_once(sandbox, 100)


if __name__ == "__main__":
    unittest.main()
