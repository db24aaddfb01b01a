"""/metrics, on the address of the settings and on the socket, while a daemon works."""

import json
import pathlib
import re
import shutil
import socket
import subprocess
import unittest
import urllib.error
import urllib.parse
import urllib.request

import order_files
from harness import EndToEnd
from processes import PATIENCE, a_port, end_process, wait_until

ROOT = pathlib.Path(__file__).parents[2]


def scraped(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE) as answer:
        text = answer.read().decode()
    return {name: float(value) for name, value in re.findall(r"^([^#\s]\S*) (\S+)$", text, re.MULTILINE)}


class Metrics(EndToEnd):
    def serving(self):
        port = a_port()
        sandbox, spool = self.unpaced(settings={"control": {"metrics": f"127.0.0.1:{port}"}})
        spool.run_daemon()
        return sandbox, spool, port

    def test_what_was_sent_and_what_became_of_it_is_counted(self):
        sandbox, spool, port = self.serving()
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(120)))
        spool.wait_for_jobs(1)
        wait_until(lambda: scraped(port)['sluice_jobs_total{state="done"}'] == 1, what="the job's end")
        metrics = scraped(port)
        self.assertEqual(metrics['sluice_orders_total{result="accepted"}'], 120)
        self.assertEqual(metrics['sluice_requests_total{class="answered"}'], sandbox.stats()["requests"])
        self.assertEqual(metrics["sluice_request_duration_seconds_count"], sandbox.stats()["requests"])
        self.assertGreater(metrics["sluice_ledger_commits_total"], 2)

    def test_the_socket_serves_them_too_and_the_address_nothing_else(self):
        _, spool, port = self.serving()
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/status", timeout=PATIENCE)
        self.assertEqual(refused.exception.code, 404)
        refused.exception.close()
        answer = spool.socket_answer("/metrics")
        self.assertIn(b"text/plain; version=0.0.4", answer)
        self.assertIn(b"\nsluice_build_info{version=", answer)

    def test_an_address_that_is_taken_is_said_and_nothing_starts(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            _, spool = self.unpaced(settings={"control": {"metrics": f"127.0.0.1:{port}"}})
            self.assertIn("control.metrics", spool.sluice("run", expect=78).stderr)


@unittest.skipUnless(shutil.which("promtool"), "no promtool here")
class Alerts(unittest.TestCase):
    def test_the_rules_hold_what_they_say(self):
        subprocess.run(["promtool", "test", "rules", "alerts_test.yml"], cwd=ROOT / "packaging/examples", check=True,
                       capture_output=True)


@unittest.skipUnless(shutil.which("prometheus"), "no prometheus here")
class Dashboard(EndToEnd):
    """A real Prometheus scrapes a daemon at work, with the rules that are shipped, and answers each panel's query."""

    def asks(self, port, what, **query):
        url = f"http://127.0.0.1:{port}/api/v1/{what}?{urllib.parse.urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as refused:
            with refused:
                self.fail(f"{query}: {refused.read().decode()}")
        except urllib.error.URLError:
            return None

    def prometheus(self, target):
        port = a_port()
        settings = self.folder / "prometheus.yml"
        settings.write_text(json.dumps({
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(ROOT / "packaging/examples/alerts.yml")],
            "scrape_configs": [{"job_name": "sluice", "static_configs": [{"targets": [f"127.0.0.1:{target}"]}]}]}))
        with open(self.folder / "prometheus.log", "wb") as log:
            process = subprocess.Popen(
                ["prometheus", f"--config.file={settings}", f"--storage.tsdb.path={self.folder / 'tsdb'}",
                 f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=subprocess.STDOUT)
        self.addCleanup(end_process, process)
        return port

    def test_each_panel_shows_what_it_says_and_the_rules_are_sound(self):
        port = a_port()
        _, spool = self.unpaced(settings={"control": {"metrics": f"127.0.0.1:{port}"}})
        spool.run_daemon()
        watcher = self.prometheus(port)
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(120)))
        spool.wait_for_jobs(1)
        spool.sluice("pause", expect=0)

        def scraped_often():
            at_work = self.asks(watcher, "query", query="count_over_time(sluice_build_info[1m])")
            paused = self.asks(watcher, "query", query='sluice_paused{reason="operator"} == 1')
            return at_work and paused and at_work["result"] and paused["result"] and \
                float(at_work["result"][0]["value"][1]) >= 3
        wait_until(scraped_often, what="three scrapes")
        dashboard = json.loads((ROOT / "packaging/examples/grafana-dashboard.json").read_text())
        for panel in dashboard["panels"]:
            for target in panel["targets"]:
                with self.subTest(panel["title"], query=target["expr"]):
                    query = target["expr"].replace("$instance", ".*").replace("$__rate_interval", "1m")
                    self.assertNotIn("$", query)
                    self.assertTrue(self.asks(watcher, "query", query=query)["result"])
        rules = [rule for group in self.asks(watcher, "rules")["groups"] for rule in group["rules"]]
        self.assertTrue(rules)
        for rule in rules:
            self.assertEqual((rule["name"], rule["health"], rule.get("lastError", "")), (rule["name"], "ok", ""))


if __name__ == "__main__":
    unittest.main()
