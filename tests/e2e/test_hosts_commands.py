"""Operators' commands where several hosts share an account: asked at one, done at the one that has the job."""

import getpass
import json
import signal
import unittest

import order_files
from processes import end_process, wait_until
from test_hosts import ONE_EACH, Hosts

PACED = {"rate": {"requests": 2}, **ONE_EACH}


class Commands(Hosts):
    def two_hosts(self):
        """Two at work, of which the first has a job that takes a while; the job's id."""
        self.sandbox_, self.one, self.two = self.hosts("--rate", "0", settings=PACED)
        self.one.drop("orders.csv", order_files.as_csv(order_files.create_orders(2000)))
        self.daemons = [self.one.run_daemon(), self.two.run_daemon()]
        wait_until(lambda: self.sandbox_.stats()["applied_orders"] >= 1, what="an order")
        return self.one.status()["jobs"][0]["job"]

    def wait_for_status(self, spool, holds, what):
        return wait_until(lambda: holds(spool.status()), what=what)

    def command(self, spool, *words):
        """What it says once the other host has answered, however long that takes: it does no harm to say it again."""
        def answered():
            done = spool.sluice(*words)
            return "did not answer within ten seconds" not in done.stderr and done
        done = wait_until(answered, what=f"an answer to {words}")
        return done.stdout + done.stderr

    def held(self, spool):
        return spool.status()["jobs"][0]["held"]

    def test_a_job_is_held_released_and_cancelled_from_another_host(self):
        job = self.two_hosts()
        self.wait_for_status(self.two, lambda status: status["elsewhere"], "the job at the other host")
        said = self.command(self.two, "hold", job)
        self.assertIn(f"{job} is held", said)
        self.assertIn("(done at host one)", said)
        self.assertIn(f"held by {getpass.getuser()}@two", self.held(self.one))
        shown = self.two.sluice("show", job, expect=0).stdout
        self.assertIn("@two", shown)
        self.assertIn("one", [line.split()[1] for line in shown.splitlines() if line.startswith("host ")])
        self.wait_for_log(self.daemons[0], f"{job} is held", "@two)")
        self.assertIn("goes on", self.command(self.two, "release", job))
        self.assertEqual(self.held(self.one), "")
        self.assertRegex(self.command(self.two, "cancel", job), "is cancelled|is finished")
        self.one.wait_for_jobs(1)
        done = self.one.only_job()
        done.check_whole(self, 2000)
        self.assertIn("not_sent", done.counts)
        again = self.two.sluice("cancel", job, expect=64)
        self.assertIn("is finished", again.stderr)
        self.assertEqual(self.sandbox_.stats()["applied_more_than_once"], 0)

    def test_pause_and_resume_are_the_accounts(self):
        self.two_hosts()
        self.two.sluice("pause", expect=0)
        self.wait_for_status(self.one, lambda status: status["pause"] == "operator", "a pause at the other host")
        self.assertIn(f"by {getpass.getuser()}@two", self.one.status()["pause_words"])
        self.one.sluice("resume", expect=0)
        self.wait_for_status(self.two, lambda status: status["pause"] == "none", "its end at the first one")
        applied = self.sandbox_.stats()["applied_orders"]
        wait_until(lambda: self.sandbox_.stats()["applied_orders"] > applied, what="orders that go on")

    def test_status_shows_the_hosts_and_what_they_have(self):
        job = self.two_hosts()
        def both(status):
            jobs = [(one["rows"], one["state"]) for one in status["elsewhere"]]
            return len(status["hosts"]) == 2 and jobs == [(2000, "sending")] and status
        status = self.wait_for_status(self.two, both, "both hosts")
        self.assertEqual([(host["name"], host["ours"], host["alive"]) for host in status["hosts"]],
                         [("two", True, True), ("one", False, True)])
        self.assertEqual([(one["job"], one["host"], one["rows"]) for one in status["elsewhere"]], [(job, "one", 2000)])
        said = self.two.sluice("status", expect=0).stdout
        self.assertIn(f"at host one: {job}  orders.csv  sending", said)
        self.assertIn("host one: at work, 1 job", said)
        self.assertIn(job, self.two.sluice("history", expect=0).stdout)

    def test_a_host_that_is_dead_is_said_to_be_that_and_what_to_do(self):
        job = self.two_hosts()
        end_process(self.daemons[0], signal.SIGKILL)

        def refused():
            # Each time: a renewal that was on its way may be carried out after the process that sent it.
            self.database.ask("UPDATE sluice.hosts SET lease_until = clock_timestamp() WHERE name = 'one'")
            return "host one, which has the job, is not at work. Start it again" in self.two.sluice("hold", job).stderr
        wait_until(refused, what="a refusal that says why")
        self.wait_for_status(self.two, lambda status: not all(host["alive"] for host in status["hosts"]), "its end")
        self.assertIn("host one: NOT AT WORK", self.two.sluice("status", expect=0).stdout)

    def test_what_is_in_doubt_at_one_host_is_resolved_at_another(self):
        sandbox, one, two = self.hosts("--rate", "0", settings={"retry": {"in_doubt": "hold"}})
        sandbox.set_faults("reset-after@1")
        one.drop("orders.csv", order_files.as_csv(order_files.create_orders(2)))
        one.run_daemon()
        two.run_daemon()
        job = one.wait_for_jobs(1)[0]
        self.assertEqual(job.counts, {"in_doubt": 2})
        self.wait_for_status(two, lambda status: [one["job"] for one in status["in_doubt"]] == [job.id], "the doubts")
        self.assertIn("resolved as applied", two.sluice("resolve", job.id, "--applied", expect=0).stdout)
        self.wait_for_status(one, lambda status: not status["in_doubt"], "that they are resolved")

    def test_without_a_process_here_what_another_host_works_is_commanded_there(self):
        job = self.two_hosts()
        end_process(self.daemons[1])
        status = json.loads(self.two.sluice("status", "--json", expect=0).stdout)
        self.assertEqual([one["job"] for one in status["elsewhere"]], [job])
        self.assertIn("(done at host one)", self.command(self.two, "hold", job))
        self.assertIn(f"held by {getpass.getuser()}@two", self.held(self.one))
        self.two.sluice("pause", expect=0)
        self.wait_for_status(self.one, lambda status: status["pause"] == "operator", "the account's pause")
        self.assertNotIn("no sluice process runs now", self.two.sluice("resume", expect=0).stdout)
        self.wait_for_status(self.one, lambda status: status["pause"] == "none", "its end")

    def test_without_any_process_a_hosts_own_job_is_decided_on_the_ledger(self):
        job = self.two_hosts()
        for daemon in self.daemons:
            end_process(daemon)
        self.assertIn(f"{job} is held", self.one.sluice("hold", job, expect=0).stdout)
        self.assertIn("held by", self.held(self.one))
        wait_until(lambda: "host one, which has the job, is not at work" in self.command(self.two, "release", job),
                   what="a refusal that says why")
        self.one.run_daemon()
        self.assertIn("held by", self.held(self.one))


if __name__ == "__main__":
    unittest.main()
