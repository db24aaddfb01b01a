"""The credential is in no file, log, status or error but its own file."""

import base64
import os
import pathlib
import signal
import unittest
import urllib.parse

import order_files
from harness import EndToEnd
from processes import end_process, wait_until

TRACE = {"log": {"level": "trace"}, "batch": {"orders": 5}}


class TheCredential(EndToEnd):
    def assert_nowhere(self, spool):
        token = spool.credential.split()[-1]
        forms = {token, urllib.parse.quote(spool.credential), base64.b64encode(spool.credential.encode()).decode(),
                 base64.b64encode(token.encode()).decode(), token[:16], token[-16:]}
        looked = 0
        for path in spool.folder.rglob("*"):
            if not path.is_file() or path == spool.credential_file:
                continue
            looked += 1
            content = path.read_bytes()
            for form in forms:
                self.assertNotIn(form.encode(), content, f"{form} in {path}")
                self.assertNotIn(form.encode("utf-16-le"), content, f"{form} in {path}")
        self.assertGreater(looked, 5)

    def test_stays_in_its_file_through_faults_refusals_and_crashes(self):
        sandbox, spool = self.unpaced("--latency", "10ms", settings=TRACE)
        orders = order_files.create_orders(60)
        orders[7]["province"] = "nowhere"
        orders[8]["nickname"] = "长" * 21
        spool.drop("orders.csv", order_files.as_csv(orders))
        spool.drop("broken.csv", "a,b\n1,2\n")
        sandbox.set_faults("502@1", "reset-after@2", "401@3", "garbage@4")
        for how in (signal.SIGKILL, signal.SIGABRT, signal.SIGTERM):
            before = sandbox.stats()["requests"]
            drain = spool.start("drain")
            wait_until(lambda: drain.poll() is not None or sandbox.stats()["requests"] > before, what="a request")
            end_process(drain, how)
        daemon = spool.run_daemon()
        wait_until(lambda: list((spool.root / "outbox").glob("*.summary.json")), what="the job's end")
        for command in (["status"], ["status", "--json"], ["config"], ["config", "--check"], ["pause"], ["resume"]):
            spool.sluice(*command)
        for name in ("cmdline", "environ"):
            self.assertNotIn(spool.credential.encode(), pathlib.Path(f"/proc/{daemon.pid}/{name}").read_bytes())
        end_process(daemon)
        spool.sluice("show", spool.only_job().id)
        self.assert_nowhere(spool)

    def test_stays_out_of_what_is_said_of_a_bad_configuration(self):
        sandbox, spool = self.unpaced()
        text = spool.config.read_text()
        for wrong in (text.replace("authorization:", "authorisation:"),
                      text.replace(str(spool.credential_file), "/nonexistent/authorization"),
                      text + f"rate: {{requests: \"{spool.credential}\"}}\n".replace(spool.credential, "many")):
            spool.config.write_text(wrong)
            spool.sluice("config", "--check")
            spool.sluice("drain")
        self.assert_nowhere(spool)

    def test_comes_from_the_environment_and_stays_there(self):
        sandbox = self.sandbox("--rate", "0", "--authorization", "Bearer from-the-environment-0123456789")
        spool = self.spool(sandbox, {"upstream": {"authorization": {"env": "ORDER_TOKEN"}}, "log": {"level": "trace"}})
        spool.credential = "Bearer from-the-environment-0123456789"
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(3)))
        spool.drain(expect=0, env={"ORDER_TOKEN": spool.credential})
        self.assert_nowhere(spool)

    def test_a_credential_file_is_trimmed_and_an_empty_one_is_no_change(self):
        sandbox = self.sandbox("--rate", "0", "--latency", "20ms", "--authorization", "Bearer kept")
        spool = self.spool(sandbox, {"batch": {"orders": 1}, "rate": {"requests": 100}}, credential="  Bearer kept \t")
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(60)))
        spool.run_daemon()
        wait_until(lambda: sandbox.stats()["requests"] >= 5, what="requests")
        os.truncate(spool.credential_file, 0)
        job, = spool.wait_for_jobs(1)
        self.assertEqual(job.counts, {"accepted": 60})


if __name__ == "__main__":
    unittest.main()
