"""The sandbox itself, as a program: what the other tests rely on."""

import json
import os
import signal
import subprocess
import unittest

import order_files
from harness import EndToEnd
from processes import PATIENCE, SANDBOX

CREATE = "/prod-api/acdn/volc/hostAcceleratePackRest/createHostAcceleratePackOrder"
MODIFY = "/prod-api/acdn/volc/hostAcceleratePackRest/modifyHostAcceleratePackOrder"


def post(sandbox, path, wrapper, orders):
    body = json.dumps({wrapper: [order_files.typed(order) for order in orders]})
    return sandbox.ask("POST", path, body.encode(), {"Authorization": "Bearer x"})


def statuses(answer):
    data = json.loads(answer[2])["data"]
    return [row["status"] for row in (data["modifyOrders"] if isinstance(data, dict) else data)]


class TheSandbox(EndToEnd):
    def test_places_and_updates_over_tls(self):
        sandbox = self.sandbox("--rate", "0", tls=True)
        created = post(sandbox, CREATE, "packOrder", order_files.create_orders(3))
        self.assertEqual(statuses(created), [1, 1, 1])
        first = json.loads(created[2])["data"][0]
        update = order_files.update_order(first["orderId"], first["uid"], 1)
        self.assertEqual(statuses(post(sandbox, MODIFY, "modifyOrders", [update, update])), [1, 6])

    def test_refuses_the_eleventh_request_of_a_second(self):
        sandbox = self.sandbox()
        seen = [post(sandbox, CREATE, "packOrder", [order_files.create_order(n)]) for n in range(11)]
        self.assertEqual([answer[0] for answer in seen], [200] * 10 + [429])
        self.assertEqual(seen[-1][1]["Retry-After"], "1")
        self.assertEqual(sandbox.stats()["worst_second"], 11)

    def test_remembers_what_it_applied_over_a_kill(self):
        sandbox = self.sandbox("--rate", "0", "--state", str(self.folder / "state"))
        post(sandbox, CREATE, "packOrder", order_files.create_orders(5))
        sandbox.restart(signal.SIGKILL)
        self.assertEqual(sandbox.stats()["applied_orders"], 5)
        self.assertEqual(statuses(post(sandbox, CREATE, "packOrder", order_files.create_orders(6))), [6] * 5 + [1])

    def test_reads_its_credential_anew_for_each_request(self):
        credential = self.folder / "credential"
        credential.write_text("first\n")
        sandbox = self.sandbox("--rate", "0", "--authorization-file", str(credential))
        self.assertEqual(post(sandbox, CREATE, "packOrder", order_files.create_orders(1))[0], 401)
        credential.write_text("Bearer x\n")
        self.assertEqual(post(sandbox, CREATE, "packOrder", order_files.create_orders(1))[0], 200)

    def test_writes_its_port_and_stays_on_this_machine(self):
        port_file = self.folder / "port"
        sandbox = self.sandbox("--port-file", str(port_file))
        self.assertEqual(int(port_file.read_text()), sandbox.port)
        refused = subprocess.run([SANDBOX, "--bind", "0.0.0.0"], capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(refused.returncode, 64)
        self.assertIn("loopback", refused.stderr)
        self.assertEqual(os.listdir(self.folder).count("port.tmp"), 0)


if __name__ == "__main__":
    unittest.main()
