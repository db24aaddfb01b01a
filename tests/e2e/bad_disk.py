"""What the tests of disks share: waiting for words, and counting that nothing was lost or doubled over it."""

import signal

import order_files
from harness import EndToEnd, merged
from processes import wait_until


def orders(count, first=0):
    return order_files.as_csv(order_files.create_orders(count, first))


# In the middle of a file, and there it stays, however long a test takes for what it does then.
STOPS_AT_20 = {"batch": {"orders": 1}, "guard": {"max_orders_per_day": 20}}


class OnABadDisk(EndToEnd):
    def wait_for_the_stop(self, sandbox):
        wait_until(lambda: sandbox.stats()["applied_orders"] == 20, what="the first 20 orders")

    def let_the_rest_go(self, spool, daemon=None):
        """In the process that runs, or in the next one."""
        spool.configure(merged(spool.settings, {"guard": {"max_orders_per_day": 0}}))
        if daemon is not None:
            daemon.send_signal(signal.SIGHUP)

    def wait_for_quiet(self, sandbox):
        """Half a second without a request: fifty would have had their turn."""
        def quiet():
            stats = sandbox.stats()
            return stats["now_us"] - stats["arrivals_us"][-1] > 500_000
        wait_until(quiet, what="stillness")

    def wait_for_words(self, spool, *words, each_time=lambda: None):
        """In one live picture all of them, wherever it says them: a cause and its pause may come one after the other."""
        shown = ""

        def said():
            nonlocal shown
            each_time()
            shown = spool.sluice("status", expect=0).stdout
            return all(word in shown for word in words)
        try:
            wait_until(said, what=f"{words} in `sluice status`")
        except AssertionError as error:
            raise AssertionError(f"{error}; it says\n{shown}{spool.listing()}") from None
        return shown

    def assert_all_once(self, sandbox, job, count):
        """Each order sent once, applied once and reported so: no answer was lost over it."""
        job.check_whole(self, count)
        self.assertEqual(job.counts, {"accepted": count})
        stats = sandbox.stats()
        self.assertEqual((stats["applied_orders"], stats["applied_more_than_once"]), (count, 0))
        self.assertEqual(stats["orders_received"], count, "nothing was sent a second time")
