"""notify.command: run for what happens, never waited for."""

import json
import signal
import unittest

import order_files
from harness import EndToEnd
from processes import wait_until


class Notify(EndToEnd):
    def telling(self, command, **more):
        return self.unpaced(settings={"notify": {"command": command, **more}})

    def told(self, spool):
        path = spool.folder / "told"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def writing(self, **more):
        sandbox, spool = self.telling("true", **more)
        spool.configure({"notify": {"command": f"cat >> {spool.folder}/told; echo $SLUICE_EVENT $SLUICE_JOB >> "
                                               f"{spool.folder}/said; env > {spool.folder}/environment", **more}})
        return sandbox, spool

    def test_a_drain_tells_what_became_of_its_files_before_it_ends(self):
        _, spool = self.writing()
        spool.drop("good.csv", order_files.as_csv(order_files.create_orders(3)))
        spool.drop("bad.csv", "no,known,column\n1,2,3\n")
        spool.drain(expect=2)
        self.assertEqual(sorted(event["event"] for event in self.told(spool)), ["finished", "rejected"])
        self.assertEqual({event["name"] for event in self.told(spool)}, {"good.csv", "bad.csv"})
        finished, = (event for event in self.told(spool) if event["event"] == "finished")
        self.assertEqual(finished["counts"]["accepted"], 3)
        self.assertIn(f"finished {finished['job']}", (spool.folder / "said").read_text())

    def test_only_what_is_asked_for_is_told(self):
        _, spool = self.writing(on=["rejected"])
        spool.drop("good.csv", order_files.as_csv(order_files.create_orders(3)))
        spool.drop("bad.csv", "no,known,column\n1,2,3\n")
        spool.drain(expect=2)
        self.assertEqual([event["event"] for event in self.told(spool)], ["rejected"])

    def test_a_pause_is_told_while_it_lasts_and_the_environment_holds_no_more_than_it_must(self):
        _, spool = self.writing()
        spool.run_daemon(env={"SECRET_OF_OURS": "Bearer x"})
        spool.sluice("pause", expect=0)
        wait_until(lambda: [event["event"] for event in self.told(spool)] == ["paused"], what="the event")
        wait_until((spool.folder / "environment").exists, what="its environment")
        self.assertNotIn("SECRET_OF_OURS", (spool.folder / "environment").read_text())

    def test_a_command_that_a_reload_names_is_told_of_what_comes_and_of_nothing_that_was(self):
        _, spool = self.unpaced()
        daemon = spool.run_daemon()
        spool.drop("before.csv", order_files.as_csv(order_files.create_orders(2, first=100)))
        spool.wait_for_jobs(1)
        wait_until(lambda: not spool.ask_socket("/status")["jobs"], what="its end, which comes after its summary")
        spool.configure({"notify": {"command": f"cat >> {spool.folder}/told"}})
        daemon.send_signal(signal.SIGHUP)
        wait_until(lambda: "settings taken over" in daemon.log.read_text(), what="the reload")
        spool.drop("after.csv", order_files.as_csv(order_files.create_orders(2, first=200)))
        wait_until(lambda: self.told(spool), what="the event")
        self.assertEqual([event["name"] for event in self.told(spool)], ["after.csv"])

    def test_a_command_that_fails_or_hangs_keeps_no_order_back(self):
        _, spool = self.telling("sleep 1000")
        spool.run_daemon()
        for number, name in enumerate(("a.csv", "b.csv", "c.csv")):
            spool.drop(name, order_files.as_csv(order_files.create_orders(2, first=10 * number)))
        self.assertEqual([job.counts for job in spool.wait_for_jobs(3)], [{"accepted": 2}] * 3)


if __name__ == "__main__":
    unittest.main()
