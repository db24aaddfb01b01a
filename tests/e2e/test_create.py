"""New orders, from a dropped file to results: the main road."""

import json
import unittest

import order_files
from harness import EndToEnd
from processes import wait_until
from spool_folder import RESULT_COLUMNS


class CreatingOrders(EndToEnd):
    def test_places_every_order_over_tls_and_reports_each(self):
        sandbox = self.sandbox("--rate", "0", tls=True)
        spool = self.spool(sandbox)
        orders = order_files.create_orders(12)
        content = order_files.as_csv(orders)
        spool.drop("orders.csv", content)
        spool.drain(expect=0)
        job = spool.only_job()
        job.check_whole(self, 12)
        self.assertEqual(job.counts, {"accepted": 12})
        applied = {order["uid"]: order for order in sandbox.orders()}
        self.assertEqual(len(applied), 12)
        for number, (row, order) in enumerate(zip(job.results, orders)):
            self.assertEqual({k: row[k] for k in order}, order, "the row's own cells are as they were")
            there = applied[order["uid"]]
            self.assertEqual(row["result_order_id"], there["orderId"])
            self.assertEqual(there["nickname"], order["nickname"])
            self.assertEqual(there["isRenew"], order["isRenew"] == "true")
            self.assertEqual(row["result_status"], "1")
            self.assertEqual(row["result_row"], str(number + 2))
            self.assertEqual(row["result_attempts"], "1")
            self.assertEqual(row["result_start_time"][:10], there["startTime"])
            self.assertRegex(row["result_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
            self.assertTrue(row["result_request"])

    def test_leaves_each_file_where_the_contract_says(self):
        sandbox, spool = self.unpaced()
        content = order_files.as_csv(order_files.create_orders(3)).encode()
        spool.drop("七月 orders.csv", content)
        spool.drain(expect=0)
        job = spool.only_job()
        stem = f"七月 orders.{job.id}"
        files = [name for name in spool.listing() if not name.startswith("state/")]
        self.assertEqual(files, [".last-job", f"archive/{stem}.csv", f"outbox/{stem}.results.csv",
                                 f"outbox/{stem}.summary.json"])
        self.assertEqual((spool.root / ".last-job").read_text(), "1\n")
        self.assertEqual((spool.root / f"archive/{stem}.csv").read_bytes(), content, "the original, byte for byte")
        header, *rows = job.results_path.read_bytes().split(b"\r\n")
        original_header, *original = content.split(b"\r\n")
        self.assertEqual(header, original_header + b"," + ",".join(RESULT_COLUMNS).encode())
        for row, before in zip(rows[:-1], original):
            self.assertTrue(row.startswith(before + b","), (row, before))
        self.assertEqual(job.results_path.stat().st_mode & 0o777, 0o660)
        self.assertEqual((spool.root / "state").stat().st_mode & 0o777, 0o700)
        self.assertEqual((spool.root / "outbox").stat().st_mode & 0o7777, 0o2770)

    def test_summarises(self):
        sandbox, spool = self.unpaced()
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(120)))
        spool.drain(expect=0)
        summary = spool.only_job().summary
        self.assertEqual(summary["name"], "orders.csv")
        self.assertEqual(summary["service"], "create")
        self.assertEqual(summary["rows"], 120)
        self.assertEqual(summary["requests"], 3, "50 + 50 + 20")
        self.assertEqual(summary["exit"], 0)
        self.assertLessEqual(summary["started"], summary["finished"])
        self.assertEqual(sandbox.stats()["requests"], 3)

    def test_carries_unknown_columns_and_does_not_send_them(self):
        sandbox, spool = self.unpaced()
        orders = [{"备注": f"第{n}单, \"急\"", **order} for n, order in enumerate(order_files.create_orders(3))]
        spool.drop("orders.csv", order_files.as_csv(orders))
        spool.drain(expect=0)
        self.assertEqual([row["备注"] for row in spool.only_job().results], [order["备注"] for order in orders])

    def test_takes_json_with_its_wrapper_and_json_lines(self):
        sandbox, spool = self.unpaced()
        wrapped = json.dumps({"packOrder": [order_files.typed(o) for o in order_files.create_orders(3)], "from": "shop"})
        spool.drop("wrapped.json", wrapped)
        spool.drop("lines.jsonl", order_files.as_json_lines(order_files.create_orders(3, first=10)))
        spool.drain(expect=0)
        for job in spool.finished():
            job.check_whole(self, 3)
            self.assertEqual(job.counts, {"accepted": 3})
        by_name = {job.summary["name"]: job for job in spool.finished()}
        self.assertEqual(json.loads(by_name["wrapped.json"].results_path.read_text())["from"], "shop")

    def test_checks_without_sending(self):
        sandbox, spool = self.unpaced()
        orders = order_files.create_orders(4)
        orders[2]["province"] = "nowhere"
        path = self.folder / "look.csv"
        path.write_text(order_files.as_csv(orders))
        said = spool.sluice("check", str(path), expect=1).stdout
        self.assertIn("nowhere", said)
        self.assertIn("4", said, "the bad row's line")
        self.assertEqual(sandbox.stats()["requests"], 0)
        self.assertTrue(path.exists())

    def test_runs_as_a_daemon(self):
        sandbox, spool = self.unpaced()
        spool.run_daemon()
        for n in range(3):
            spool.drop(f"orders-{n}.csv", order_files.as_csv(order_files.create_orders(60, first=100 * n)))
        for job in spool.wait_for_jobs(3):
            job.check_whole(self, 60)
            self.assertEqual(job.counts, {"accepted": 60})
        self.assertEqual(sandbox.stats()["applied_orders"], 180)
        wait_until(lambda: spool.status()["jobs"] == [], what="nothing left at work")


if __name__ == "__main__":
    unittest.main()
