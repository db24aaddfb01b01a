"""Every fault the sandbox can show, and what must come of it."""

import concurrent.futures
import re
import subprocess
import unittest

import order_files
from harness import EndToEnd, merged
from processes import PATIENCE, SANDBOX, wait_until
from spool_folder import UNPACED

ROWS = 40
TENS = {"batch": {"orders": 10}, "upstream": {"response_timeout": "5s", "max_in_flight": 1}}
ALL = {"accepted": ROWS}

# Fault; what the drain must come to; most requests it may cost. The fault strikes once, at the second request.
HARMLESS = {"gbk", "shuffle", "bare", "slow", "say-close", "drop-after"}
RESENT = {"429", "throttle200", "503-retry-after", "body500", "garbage", "empty201", "huge", "partial", "truncate",
          "reset-before", "reset-after", "close", "hang", "timeout-after", "502", "504", "500-applied", "413", "too-large:5",
          "400", "422", "418", "repeat"}
PAUSES = {"401", "body401", "403", "body403", "redirect", "html", "404"}


class EveryFault(EndToEnd):
    def one(self, fault, number, settings=None, expect=0, faults=None):
        """A drain of 40 orders in tens, with one fault on the way."""
        sandbox = self.sandbox("--rate", "0", name=f"sandbox-{number}")
        spool = self.spool(sandbox, merged(UNPACED, TENS, settings or {}), name=f"client-{number}")
        sandbox.set_faults(*(faults or [f"{fault}@2"]))
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(ROWS)))
        spool.drain(expect=expect)
        return sandbox, spool

    def each(self, faults, check):
        """Mostly waiting: several at a time."""
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            running = {pool.submit(check, fault, number): fault for number, fault in enumerate(sorted(faults))}
            for done in concurrent.futures.as_completed(running):
                with self.subTest(running[done]):
                    done.result()

    def assert_all_placed_once(self, sandbox, spool, outcomes=("accepted", "accepted_earlier")):
        job = spool.only_job()
        job.check_whole(self, ROWS)
        self.assertEqual(set(job.counts) - set(outcomes), set(), job.counts)
        stats = sandbox.stats()
        self.assertEqual((stats["applied_orders"], stats["applied_more_than_once"]), (ROWS, 0))
        return job

    def test_no_kind_of_fault_is_left_out_here(self):
        shown = subprocess.run([SANDBOX, "--help"], capture_output=True, text=True, check=True, timeout=PATIENCE).stdout
        kinds = set(re.findall(r"^  ([a-z0-9-]+) {2,}\S", shown.split("Faults, as")[1], re.MULTILINE))
        self.assertEqual(kinds - HARMLESS - RESENT - PAUSES, set())

    def test_what_is_only_odd_costs_no_request(self):
        def check(fault, number):
            sandbox, spool = self.one(fault, number, settings={"upstream": {"response_timeout": "60s"}})
            self.assertEqual(self.assert_all_placed_once(sandbox, spool).counts, ALL)
            self.assertEqual(sandbox.stats()["requests"], 4)
        self.each(HARMLESS, check)

    def test_what_passes_is_sent_again_and_every_order_is_placed_once(self):
        def check(fault, number):
            spec = fault if fault.startswith("too-large") else f"{fault}@2"
            sandbox, spool = self.one(fault, number, faults=[spec])
            job = self.assert_all_placed_once(sandbox, spool)
            struck = next(seen for seen in sandbox.requests() if seen["what"] == spec)
            earlier = job.counts.get("accepted_earlier", 0)
            self.assertEqual(earlier, 0 if struck["applied"] == 0 else
                             1 if fault == "partial" else struck["applied"], "only what had got through")
        self.each(RESENT, check)

    def test_what_needs_a_person_pauses_the_line_and_consumes_nothing(self):
        def check(fault, number):
            sandbox, spool = self.one(fault, number, faults=[f"{fault}@2-"], expect=3)
            struck = [seen for seen in sandbox.requests() if seen["what"] != "answered"]
            self.assertEqual(len(struck), 1, "the line stood still after the first")
            self.assertEqual(spool.finished(), [])
            sandbox.set_faults()
            spool.drain(expect=0)
            self.assertEqual(self.assert_all_placed_once(sandbox, spool).counts, ALL)
        self.each(PAUSES, check)

    def test_an_internal_error_of_single_orders_is_tried_again(self):
        sandbox, spool = self.one("status9", 0, faults=["status9:0.3@1-3"])
        self.assertEqual(self.assert_all_placed_once(sandbox, spool).counts, ALL)
        attempts = {row["result_attempts"] for row in spool.only_job().results}
        self.assertGreater(len(attempts), 1)

    def test_an_internal_error_that_lied_is_found_out(self):
        sandbox, spool = self.one("status9-applied", 0, faults=["status9-applied:0.3@1-3"])
        job = self.assert_all_placed_once(sandbox, spool)
        self.assertGreater(job.counts.get("accepted_earlier", 0), 0)

    def test_an_internal_error_that_stays_fails_and_is_known_not_to_be_applied(self):
        sandbox, spool = self.one("status9", 0, faults=["status9"], expect=1, settings={"retry": {"attempts": 2}})
        job = spool.only_job()
        job.check_whole(self, ROWS)
        self.assertEqual(job.counts, {"failed": ROWS})
        self.assertEqual(sandbox.stats()["applied_orders"], 0)

    def test_an_unknown_status_leaves_its_orders_in_doubt_for_a_person(self):
        sandbox, spool = self.one("status77", 0, faults=["status77@1"], expect=1)
        job = spool.only_job()
        self.assertEqual(job.counts, {"accepted": 30, "in_doubt": 10})
        self.assertEqual({row["result_status"] for row in job.in_doubt}, {"77"})

    def test_faults_of_all_kinds_at_random(self):
        faults = [f"{kind}:0.04" for kind in ("502", "reset-before", "reset-after", "truncate", "partial", "garbage",
                                              "429", "body500", "empty201", "drop-after", "gbk")]
        sandbox = self.sandbox("--rate", "0", "--seed", "7")
        # A third of the requests stay without a usable answer: five attempts in vain would not be rare enough.
        spool = self.spool(sandbox, merged(UNPACED, {"batch": {"orders": 4}, "retry": {"attempts": 12}}))
        sandbox.set_faults(*faults, "status9:0.05", "status9-applied:0.05")
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(400)))
        spool.drain(expect=0)
        job = spool.only_job()
        job.check_whole(self, 400)
        self.assertEqual(set(job.counts), {"accepted", "accepted_earlier"})
        stats = sandbox.stats()
        self.assertEqual((stats["applied_orders"], stats["applied_more_than_once"]), (400, 0))

    def test_on_hold_what_may_have_been_applied_ends_in_doubt_and_is_not_sent_again(self):
        hold = {"retry": {"in_doubt": "hold"}, "upstream": {"response_timeout": "60s"}}
        for number, (fault, applied) in enumerate((("reset-after", ROWS), ("reset-before", ROWS - 10))):
            with self.subTest(fault):
                sandbox, spool = self.one(fault, number, settings=hold, expect=1)
                job = spool.only_job()
                job.check_whole(self, ROWS)
                self.assertEqual(job.counts, {"accepted": ROWS - 10, "in_doubt": 10})
                self.assertEqual(sandbox.stats()["applied_orders"], applied)
                self.assertEqual(sandbox.stats()["requests"], 4)
                self.assert_in_doubt_is_remembered(sandbox, spool, job)

    def test_of_two_files_with_one_order_the_second_is_not_sent_when_the_first_leaves_it_in_doubt(self):
        sandbox = self.sandbox("--rate", "0", "--no-overlap-guard", "--fault", "reset-after@1")
        spool = self.spool(sandbox, merged(UNPACED, {"retry": {"in_doubt": "hold"}, "batch": {"orders": 1}}))
        orders = order_files.create_orders(2)
        spool.drop("first.csv", order_files.as_csv(orders[:1]))
        spool.drop("second.csv", order_files.as_csv(orders))
        spool.drain(expect=1)
        counts = {job.summary["name"]: job.counts for job in spool.finished()}
        self.assertEqual(counts, {"first.csv": {"in_doubt": 1}, "second.csv": {"accepted": 1, "in_doubt": 1}})
        second = next(job for job in spool.finished() if job.summary["name"] == "second.csv")
        self.assertEqual(second.failures, [], "what may have been applied is in no failures file")
        self.assertIn(spool.finished()[0].id, second.in_doubt[0]["result_message"])
        stats = sandbox.stats()
        self.assertEqual((stats["applied_orders"], stats["applied_more_than_once"]), (2, 0))

    def assert_in_doubt_is_remembered(self, sandbox, spool, job):
        """The same orders in a later file are in doubt too and name the job, until a person has resolved it."""
        again = order_files.as_csv([{k: row[k] for k in order_files.create_order(0)} for row in job.in_doubt])
        spool.drop("again.csv", again)
        spool.drain(expect=1)
        later = spool.finished()[1]
        self.assertEqual(later.counts, {"in_doubt": 10})
        self.assertIn(job.id, later.results[0]["result_message"])
        self.assertEqual([left["job"] for left in spool.status()["in_doubt"]], [job.id], "that job has to be resolved")
        spool.sluice("resolve", job.id, "--not-applied", expect=0)
        spool.drop("once-more.csv", again + "\r\n")
        spool.drain()
        self.assertEqual(len(spool.finished()), 3)
        self.assertEqual(sandbox.stats()["requests"], 5)


class Unauthorized(EndToEnd):
    def run_with_wrong_credential(self, *options):
        right = self.folder / "right"
        right.write_text("Bearer first\n")
        sandbox = self.sandbox("--rate", "0", "--latency", "30ms", "--authorization-file", str(right), *options)
        spool = self.spool(sandbox, merged(UNPACED, {"batch": {"orders": 1}, "rate": {"requests": 100}}),
                           credential="Bearer first")
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(300)))
        daemon = spool.run_daemon()
        wait_until(lambda: sandbox.stats()["requests"] >= 20, what="20 requests")
        right.write_text("Bearer second\n")
        wait_until(lambda: spool.status()["pause"] == "authorization", what="the pause")
        seen = sandbox.requests()
        self.assertIn("unauthorized", [request["what"] for request in seen])
        # By the client's own log, of one thread: from outside nobody sees when it has read an answer.
        self.wait_for_log(daemon, "unauthorized (")
        log = daemon.log.read_text()
        self.assertNotIn("orders out", log[log.index("unauthorized ("):], "no request starts after such an answer is read")
        self.assertNotIn("Bearer first", spool.sluice("status").stdout)
        begun = sandbox.stats()["requests"]
        spool.write_credential("Bearer second")
        wait_until(lambda: sandbox.stats()["requests"] > begun, what="requests with the new credential")
        job, = spool.wait_for_jobs(1)
        job.check_whole(self, 300)
        self.assertEqual(job.counts, {"accepted": 300})
        self.assertEqual(sandbox.stats()["applied_orders"], 300)

    def test_401_in_http_stops_the_line_until_there_is_a_new_credential(self):
        self.run_with_wrong_credential()

    def test_401_in_the_envelope_of_a_200_does_the_same(self):
        self.run_with_wrong_credential("--unauthorized-in-body")


class Outages(EndToEnd):
    def test_an_upstream_that_dies_and_comes_back_costs_nothing(self):
        sandbox, spool = self.unpaced("--state", str(self.folder / "state"), "--latency", "5ms",
                                      settings={"batch": {"orders": 5}, "rate": {"requests": 60}})
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(400)))
        drain = spool.start("drain")
        for orders in (60, 180, 300):
            wait_until(lambda: sandbox.stats()["applied_orders"] >= orders, what=f"{orders} orders")
            sandbox.restart(9)
        self.assertEqual(drain.wait(PATIENCE), 0)
        job = spool.only_job()
        job.check_whole(self, 400)
        stats = sandbox.stats()
        self.assertEqual((stats["applied_orders"], stats["applied_more_than_once"]), (400, 0))

    def test_a_wall_of_502_is_probed_and_not_stormed(self):
        in_flight = 4
        sandbox, spool = self.unpaced(settings={"batch": {"orders": 1}, "upstream": {"max_in_flight": in_flight}})
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(200)))
        sandbox.set_faults("502@20-")
        drain = spool.start("drain")

        def probes():
            """Arrivals after the three that began the outage, and those that were under way then."""
            struck = [seen["arrived_us"] for seen in sandbox.requests() if seen["what"] == "502@20-"]
            return struck[3 + in_flight:]
        wait_until(lambda: len(probes()) >= 4, what="four probes")
        gaps = [b - a for a, b in zip(probes(), probes()[1:])]
        self.assertGreater(min(gaps), 190_000, "first_delay apart, at least")
        sandbox.set_faults()
        self.assertEqual(drain.wait(PATIENCE), 0)
        self.assertEqual(sandbox.stats()["applied_orders"], 200)

    def test_a_certificate_that_does_not_verify_pauses_with_its_own_words(self):
        sandbox = self.sandbox("--rate", "0", tls=True)
        spool = self.spool(sandbox)
        spool.configure({}, drop=[("upstream", "ca_file")])
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(3)))
        said = spool.drain(expect=3)
        self.assertIn("certificate", (said.stdout + said.stderr).lower())
        self.assertEqual(sandbox.stats()["requests"], 0)
        spool.configure({})
        spool.drain(expect=0)


if __name__ == "__main__":
    unittest.main()
