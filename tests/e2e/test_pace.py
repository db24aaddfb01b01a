"""The limit of ten requests a second, as the other side sees it."""

import signal
import unittest

import order_files
from harness import EndToEnd
from processes import end_process, wait_until

BATCHES_OF_TWO = {"batch": {"orders": 2}}


class ThePace(EndToEnd):
    def assert_never_above(self, sandbox):
        stats = sandbox.stats()
        self.assertLessEqual(stats["worst_second"], 10)
        self.assertEqual(stats["throttled"], 0)
        return stats

    def drained_240(self, name):
        sandbox = self.sandbox("--latency", "20ms")
        spool = self.spool(sandbox, BATCHES_OF_TWO, name=name)
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(240)))
        spool.drain(expect=0)
        stats = self.assert_never_above(sandbox)
        self.assertEqual(stats["requests"], 120)
        self.assertEqual(stats["applied_orders"], 240)
        print(f"{stats['requests_per_second']:.2f} requests/s, worst second {stats['worst_second']}, "
              f"least gap {stats['least_gap_us'] / 1000:.1f} ms")
        return stats["requests_per_second"]

    def test_240_orders_in_batches_of_two_at_the_default_rate(self):
        # A slot that was missed is not made up for, and a busy disk misses some: the best of three tells our own pace.
        self.assertTrue(any(self.drained_240(name) >= 9.4 for name in ("first", "second", "third")))

    def test_two_spools_of_one_account_share_the_limit(self):
        sandbox = self.sandbox("--latency", "20ms")
        shared = {**BATCHES_OF_TWO, "rate": {"gate": str(self.folder / "gate")}}
        spools = [self.spool(sandbox, shared, name=name) for name in ("one", "two")]
        for n, spool in enumerate(spools):
            spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(40, first=1000 * n)))
        drains = [spool.start("drain") for spool in spools]
        self.assertEqual([drain.wait(60) for drain in drains], [0, 0])
        stats = self.assert_never_above(sandbox)
        self.assertEqual(stats["requests"], 40)
        self.assertGreater(stats["requests_per_second"], 7)

    def test_a_restart_does_not_burst(self):
        sandbox = self.sandbox("--latency", "20ms")
        spool = self.spool(sandbox, BATCHES_OF_TWO)
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(100)))
        for how, requests in ((signal.SIGKILL, 8), (signal.SIGTERM, 16), (signal.SIGKILL, 24)):
            drain = spool.start("drain")
            wait_until(lambda: sandbox.stats()["requests"] >= requests, what=f"{requests} requests")
            end_process(drain, how)
        spool.drain(expect=0)
        self.assert_never_above(sandbox)
        self.assertEqual({len(o["updates"]) for o in sandbox.orders()}, {0})
        self.assertEqual(sandbox.stats()["applied_orders"], 100)


if __name__ == "__main__":
    unittest.main()
