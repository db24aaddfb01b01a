"""The picture lives by one stream of events: quick while somebody looks, nothing while nobody does, and it comes back."""

import unittest

from browser import InBrowser
from pictures import everything

# From the arrival of an event to the frame in which it is seen, and what was painted when. `wanted` waits for a picture.
MEASURE = """
window.updates = [];
window.painted = [];
new PerformanceObserver((list) => list.getEntries().forEach((one) => painted.push(
  { kind: one.entryType, name: one.name || one.identifier, at: one.renderTime || one.startTime })))
  .observe({ type: 'paint', buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((one) => painted.push(
  { kind: 'element', name: one.identifier, at: one.renderTime || one.startTime })))
  .observe({ type: 'element', buffered: true });
const listen = EventSource.prototype.addEventListener;
EventSource.prototype.addEventListener = function (kind, heard) {
  listen.call(this, kind, (event) => {
    const began = performance.now();
    heard(event);
    const drawn = performance.now();
    requestAnimationFrame(() => { const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        updates.push({ drawn: drawn - began, seen: performance.now() - began });
        if (window.wanted?.pause !== JSON.parse(event.data).pause) return;
        window.wanted.done(performance.now() - window.wanted.from);
        window.wanted = null;
      };
      channel.port2.postMessage(0); });
  });
};
"""


def report(what, updates):
    """Times are printed and not judged: beside a compiler everything takes longer."""
    for kind in ("drawn", "seen"):
        times = sorted(one[kind] for one in updates)
        print(f"{what} {kind}: median {times[len(times) // 2]:.1f} ms, most {times[-1]:.1f} ms", flush=True)


class Live(InBrowser):
    def setUp(self):
        super().setUp()
        self.fake = everything()
        self.addCleanup(self.fake.stop)

    def asked_since(self, count):
        return self.fake.asked[count:]

    def test_first_view_and_updates_are_measured(self):
        browser = self.browser()
        browser.before_each_page(MEASURE)
        browser.open(self.fake.url)
        browser.until(lambda: browser.run("return painted.some((one) => one.kind === 'element')"), "the first view painted")
        for n in range(50):
            self.fake.push(requests=6000 + n)
            browser.until_text(f"{6000 + n:,}")
        browser.until(lambda: browser.run("return updates.length") >= 51, "every update seen")
        painted = browser.run("return painted")
        updates = browser.run("return updates.slice(1)")
        first = {one["kind"] if one["kind"] == "element" else one["name"]: round(one["at"], 1) for one in reversed(painted)}
        report("an update", updates)
        print(f"first view: {first}", flush=True)
        self.assertIn("element", first)

    def test_a_hidden_page_asks_nothing_and_listens_to_nothing(self):
        browser = self.browser()
        browser.open(self.fake.url)
        browser.until_text("4,321")
        browser.until(lambda: self.fake.listeners() == 1, "one stream")
        looked_at = browser.driver.current_window_handle
        browser.driver.switch_to.new_window("tab")
        browser.until(lambda: self.fake.listeners() == 0, "no stream while nobody looks")
        before = len(self.fake.asked)
        for n in range(20):
            self.fake.push(requests=7000 + n, finished=[])
        other = self.fake.url + "@VERSION@/style.css"  # something that is asked for later than all of this
        browser.open(other)
        self.assertEqual([one for one in self.asked_since(before) if one[1].startswith("/v1/")], [])
        browser.driver.close()
        browser.driver.switch_to.window(looked_at)
        browser.until_text("7,019")
        self.assertEqual(self.fake.listeners(), 1)

    def test_nothing_is_asked_again_and_again_while_nothing_changes(self):
        browser = self.browser()
        browser.open(self.fake.url + "#/jobs")
        browser.until_text("big.csv")
        browser.until_text("night orders.csv")  # all that the view asks for is there
        before = len(self.fake.asked)
        for n in range(10):
            self.fake.push(requests=8000 + n)
        browser.run("location.hash = '#/line'")
        browser.until_text("8,009")
        self.assertEqual([path for _, path in self.asked_since(before)], ["/v1/rate"], "what the new view needs, once")

    def test_a_daemon_that_is_gone_is_said_and_its_return_too(self):
        browser = self.browser()
        browser.open(self.fake.url)
        browser.until_text("4,321")
        port = self.fake.port
        self.fake.stop()
        browser.until_text("Not connected", "#away")
        again = everything(port)
        self.fake.stop = lambda: None
        self.addCleanup(again.stop)
        again.status["requests"] = 9999
        browser.until_text("9,999")
        browser.until(lambda: not browser.one("#away").is_displayed(), "connected again")

    def test_another_version_of_the_daemon_is_said(self):
        browser = self.browser()
        browser.open(self.fake.url)
        browser.until_text("4,321")
        self.fake.session["version"] = "0.2.0"
        self.fake.break_streams()
        browser.until_text("another version", "#other-version")
        browser.click("#other-version button")
        browser.until(lambda: not browser.one("#other-version").is_displayed() and "0.2.0" in browser.text("footer"), "the page anew")

    def test_two_tabs_see_the_same_and_sign_out_together(self):
        browser = self.browser()
        browser.open(self.fake.url)
        browser.until_text("4,321")
        first = browser.driver.current_window_handle
        browser.driver.switch_to.new_window("tab")
        browser.open(self.fake.url + "#/jobs")
        browser.until_text("big.csv")
        browser.click("#sign-out")
        browser.until_text("You are signed out")
        browser.driver.switch_to.window(first)
        browser.until_text("You are signed out")


if __name__ == "__main__":
    unittest.main()
