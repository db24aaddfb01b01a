"""Several hosts, one account: real processes over a real PostgreSQL, each with a spool of its own."""

import itertools
import json
import os
import unittest

from hosts import ONE_EACH, PATIENCE, Hosts, end_process, merged, order_files, signal, wait_until
from processes import BINARIES, SANITIZED, WITHOUT_SANITIZER

SHIFTED_CLOCK = str(BINARIES / "tests" / "e2e" / "libshifted_clock.so")


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
        self.until_applied(sandbox, 60)
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
        self.until_applied(sandbox, 30)
        self.database.terminate_all()
        self.until_applied(sandbox, 60)
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


class WhatIsTheAccounts(Hosts):
    def test_an_order_in_doubt_at_one_is_not_sent_at_the_other(self):
        sandbox, one, two = self.hosts("--rate", "0", "--fault", "reset-after@1",
                                       settings=merged(ONE_EACH, {"retry": {"in_doubt": "hold"}}))
        orders = order_files.create_orders(3)
        one.drop("orders.csv", order_files.as_csv(orders[:1]))
        one.drain(expect=1)
        first = one.only_job()
        self.assertEqual(first.counts, {"in_doubt": 1})
        two.drop("again.csv", order_files.as_csv(orders))
        two.drain(expect=1)
        again = two.only_job()
        self.assertEqual([row["result"] for row in again.results], ["in_doubt", "accepted", "accepted"])
        self.assertIn(first.id, again.results[0]["result_message"])
        self.assert_each_once(sandbox, 3)

    def test_an_order_that_one_is_asked_about_waits_at_the_other(self):
        sandbox, one, two = self.hosts("--rate", "0", settings=ONE_EACH)
        order = order_files.create_order(1)
        sandbox.set_faults("timeout-after@1")
        one.drop("orders.csv", order_files.as_csv([order]))
        one.run_daemon()
        self.until_applied(sandbox, 1)
        two.drop("again.csv", order_files.as_csv([order, order_files.create_order(2)]))
        two.run_daemon()
        one.wait_for_jobs(1)
        two.wait_for_jobs(1)
        self.assertEqual(one.only_job().counts, {"accepted_earlier": 1})
        self.assertEqual(two.only_job().counts, {"refused": 1, "accepted": 1})
        self.assert_each_once(sandbox, 2)

    def test_what_one_had_accepted_is_told_at_the_other_before_it_is_sent(self):
        _, one, two = self.hosts("--rate", "0", settings={"guard": {"placed_before": "hold"}})
        orders = order_files.create_orders(4)
        one.drop("monday.csv", order_files.as_csv(orders))
        one.drain(expect=0)
        two.drop("tuesday.csv", order_files.as_csv(orders[:2] + order_files.create_orders(1, first=400)))
        two.run_daemon()
        held = wait_until(lambda: [job["held"] for job in two.status()["jobs"] if job["held"]], what="the hold")
        self.assertRegex(held[0], r"2 of its orders.*monday.csv")

    def test_the_days_cap_is_one_for_both(self):
        sandbox, one, two = self.hosts("--rate", "0", settings=merged(ONE_EACH, {"guard": {"max_orders_per_day": 25}}))
        for number, spool in enumerate((one, two)):
            spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(20, first=1000 * number)))
        drains = [spool.start("drain") for spool in (one, two)]
        self.assertIn(3, [drain.wait(PATIENCE) for drain in drains])
        self.assert_each_once(sandbox, 25)

    def test_three_hosts_work_side_by_side(self):
        names = ("one", "two", "three")
        sandbox, *hosts = self.hosts("--latency", "20ms", settings=ONE_EACH, names=names)
        for number, spool in enumerate(hosts):
            spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(12, first=1000 * number)))
            spool.run_daemon()
        self.assertEqual(len({spool.wait_for_jobs(1)[0].id for spool in hosts}), 3)
        for spool in hosts:
            self.assert_accepted(spool, 12)
        self.assert_each_once(sandbox, 36)

    @unittest.skipIf(SANITIZED, WITHOUT_SANITIZER)
    def test_a_clock_that_is_a_day_off_changes_nothing(self):
        sandbox, one, two = self.hosts("--latency", "20ms", settings=ONE_EACH)
        a_day = self.folder / "a_day"
        a_day.write_text("86400")
        off = {"LD_PRELOAD": SHIFTED_CLOCK, "SLUICE_CLOCK_SHIFTED": "calendar", "SLUICE_CLOCK_SHIFT": str(a_day)}
        for number, (spool, env) in enumerate(((one, {}), (two, off))):
            spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(25, first=1000 * number)))
            spool.run_daemon(env=env)
        days = {spool.wait_for_jobs(1)[0].id.split("-")[0] for spool in (one, two)}
        self.assertEqual(len(days), 2, "its clock was off")
        for spool in (one, two):
            self.assert_accepted(spool, 25)
        self.assert_each_once(sandbox, 50)


class AtEachDurableStep(Hosts):
    def test_a_kill_loses_and_doubles_nothing(self):
        names = ("postgresql.before_migration", "postgresql.before_commit", "postgresql.after_commit")
        for number, (name, times) in enumerate(itertools.product(names, (1, 2, 4))):
            if "migration" in name and times > 1:
                continue  # it comes by once
            with self.subTest(name, times=times):
                self.kill_at(f"{name}:{times}", number)

    def kill_at(self, point, number):
        sandbox = self.sandbox("--rate", "0", name=f"sandbox-{number}")
        self.database.ask("DROP SCHEMA IF EXISTS sluice CASCADE")
        spool = self.host(sandbox, f"host-{number}", settings={"batch": {"orders": 4}, "rate": {"requests": 200}})
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(9)))
        self.assertEqual(spool.drain(env={"SLUICE_FAILPOINT": point}).returncode, -signal.SIGKILL)
        spool.drain(expect=0)
        self.assert_accepted(spool, 9)
        self.assert_each_once(sandbox, 9)
        self.assertEqual(list((spool.root / "inbox").iterdir()), [])
        sandbox.stop()


class TheServersName(Hosts):
    def test_over_the_network_nothing_but_a_verified_certificate_will_do(self):
        sandbox = self.sandbox("--rate", "0")
        for mode in ("require", "prefer", "verify-ca"):
            ledger = {"ledger": {"postgresql": f"host=db.example.test dbname=sluice sslmode={mode}"}}
            refused = self.spool(sandbox, ledger, name=mode).sluice("drain", expect=78)
            self.assertIn(f"sslmode={mode}, which doesn't prove whom it talks to", refused.stdout + refused.stderr)

    def test_on_loopback_too_it_is_verified_where_that_is_asked_for(self):
        port = self.database.listen_with_certificate()
        sandbox = self.sandbox("--rate", "0")
        conninfo = f"host=localhost port={port} dbname=sluice user=sluice sslmode=verify-full sslrootcert="
        trusting = self.spool(sandbox, {"ledger": {"postgresql": f"{conninfo}{self.database.ca_file}"}}, name="trusting")
        trusting.drop("orders.csv", order_files.as_csv(order_files.create_orders(2)))
        trusting.drain(expect=0)
        others = self.spool(sandbox, {"ledger": {"postgresql": f"{conninfo}{self.database.another_ca_file}"}}, name="others")
        refused = others.sluice("drain")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("certificate verify failed", refused.stdout + refused.stderr)


@unittest.skipUnless(os.environ.get("SLUICE_SLOW") == "1", "slow: SLUICE_SLOW=1 runs it")
class Frozen(Hosts):
    def test_a_host_that_stood_still_for_longer_than_its_lease_sends_nothing_twice(self):
        sandbox, one, two = self.hosts("--rate", "0", "--latency", "20ms",
                                       settings=merged(ONE_EACH, {"rate": {"requests": 20}}))
        for number, spool in enumerate((one, two)):
            spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(100, first=1000 * number)))
        first, _ = one.run_daemon(), two.run_daemon()
        self.until_applied(sandbox, 40)
        first.send_signal(signal.SIGSTOP)
        try:
            self.until_lease_is_over("one")
            two.wait_for_jobs(1)
        finally:
            first.send_signal(signal.SIGCONT)
        self.assert_accepted(two, 100)
        one.wait_for_jobs(1)
        self.assert_accepted(one, 100)
        self.assert_each_once(sandbox, 200)


if __name__ == "__main__":
    unittest.main()
