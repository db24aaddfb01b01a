"""Updates of orders that were placed before."""

import unittest

import order_files
from harness import EndToEnd


class UpdatingOrders(EndToEnd):
    def placed(self, spool, count):
        spool.drop("new.csv", order_files.as_csv(order_files.create_orders(count)))
        spool.drain(expect=0)
        return [(row["result_order_id"], row["uid"]) for row in spool.only_job().results]

    def test_updates_orders_by_the_ids_in_the_results(self):
        sandbox, spool = self.unpaced()
        placed = self.placed(spool, 7)
        updates = [order_files.update_order(order_id, uid, n) for n, (order_id, uid) in enumerate(placed)]
        spool.drop("updates.csv", order_files.as_csv(updates, headers=order_files.CHINESE))
        spool.drain(expect=0)
        job = spool.finished()[1]
        job.check_whole(self, 7)
        self.assertEqual(job.summary["service"], "modify")
        self.assertEqual(job.counts, {"accepted": 7})
        there = {order["orderId"]: order["updates"] for order in sandbox.orders()}
        for update in updates:
            self.assertEqual([u["newUid"] for u in there[update["orderId"]]], [update["newUid"]])
            self.assertEqual(there[update["orderId"]][0]["newNickname"], update["newNickname"])
            self.assertEqual(there[update["orderId"]][0]["executeTime"], update["executeTime"])

    def test_reports_each_refusal_with_its_number_and_words(self):
        sandbox, spool = self.unpaced()
        placed = self.placed(spool, 5)
        updates = [order_files.update_order(order_id, uid, n) for n, (order_id, uid) in enumerate(placed)]
        updates[0]["orderId"] = "17872308245800999"               # 5: doesn't exist
        updates[1]["oldUid"] = "1"                                # 2: another uid's
        updates[2].update(newUid=placed[0][1], newDouyinId="x")   # 3: that uid has another Douyin id
        updates[3]["newNickname"] = "长" * 21                     # 4: too long
        spool.drop("updates.csv", order_files.as_csv(updates))
        spool.drain(expect=1)
        job = spool.finished()[1]
        job.check_whole(self, 5)
        self.assertEqual([row["result_status"] for row in job.results], ["5", "2", "3", "4", "1"])
        self.assertEqual([row["result"] for row in job.results], ["refused"] * 4 + ["accepted"])
        self.assertTrue(all(row["result_message"] for row in job.failures))

    def test_sends_two_updates_of_one_order_one_after_the_other(self):
        sandbox, spool = self.unpaced("--latency", "50ms")
        (order_id, uid), = self.placed(spool, 1)
        twice = [order_files.update_order(order_id, uid, 1), order_files.update_order(order_id, uid, 2)]
        spool.drop("updates.csv", order_files.as_csv(twice))
        spool.drain(expect=1)
        job = spool.finished()[1]
        self.assertEqual([(row["result"], row["result_status"]) for row in job.results],
                         [("accepted", "1"), ("refused", "6")])
        first, second = [seen for seen in sandbox.requests() if seen["service"] == "modify"]
        self.assertLess(first["answered_us"], second["arrived_us"])

    def test_leaves_an_empty_nickname_out(self):
        sandbox, spool = self.unpaced("--known-order", "17872308245801546:94:70")
        spool.drop("updates.csv", order_files.as_csv([order_files.update_order("17872308245801546", "94", 1, newNickname="")]))
        spool.drain(expect=0)
        self.assertEqual(sandbox.orders()[0]["updates"][0]["newNickname"], "")


if __name__ == "__main__":
    unittest.main()
