"""/metrics, on the address of the settings and on the socket, while a daemon works."""

import pathlib
import re
import shutil
import socket
import subprocess
import unittest
import urllib.error
import urllib.request

import order_files
from harness import EndToEnd
from processes import wait_until

ROOT = pathlib.Path(__file__).parents[2]


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def scraped(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return {name: float(value) for name, value in re.findall(r"^([^#\s]\S*) (\S+)$", text, re.MULTILINE)}


class Metrics(EndToEnd):
    def serving(self):
        port = free_port()
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
            urllib.request.urlopen(f"http://127.0.0.1:{port}/status", timeout=10)
        self.assertEqual(refused.exception.code, 404)
        refused.exception.close()
        with socket.socket(socket.AF_UNIX) as peer:
            peer.connect(str(spool.root / "control.sock"))
            peer.sendall(b"GET /metrics HTTP/1.1\r\nHost: sluice\r\nConnection: close\r\n\r\n")
            answer = b"".join(iter(lambda: peer.recv(65536), b""))
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


if __name__ == "__main__":
    unittest.main()
