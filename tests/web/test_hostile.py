"""Names of files, messages and answers are other people's: on the page they are text, whatever they hold."""

import unittest

from browser import InBrowser
from fake_daemon import counts, job
from pictures import REPORT, everything

EVIL = ['<img src=x onerror="window.pwned=1">', "<script>window.pwned=1</script>", '"><svg onload=window.pwned=1>',
        "javascript:window.pwned=1", "`<b>bold</b>`", "\u202egnp.vsc", "{{7*7}}${7*7}", "' onclick='window.pwned=1"]


def evil(n=0):
    return " ".join(EVIL[n:] + EVIL[:n])


class Hostile(InBrowser):
    def setUp(self):
        super().setUp()
        self.fake = fake = everything()
        self.addCleanup(fake.stop)
        bad = job(9, evil(), "sending", rows=10, counts=counts(accepted=1), held=evil(1), held_zh=evil(1), waits=evil(2), waits_zh=evil(2))
        fake.jobs = [bad]
        fake.status.update(jobs=[bad], pause_words=evil(), pause_words_zh=evil(), note=evil(), note_zh=evil(), credential=evil(),
                           credential_zh=evil(), inbox=evil(), inbox_zh=evil(),
                           finished=[], in_doubt=[{"job": bad["job"], "name": evil(3), "orders": 1, "file": evil()}])
        fake.inbox = {"waiting": [{"name": evil(4), "words": evil(5), "words_zh": evil(5)}],
                      "rejected": [{"job": "20261127-8", "name": evil(6), "reason": evil(7), "reason_zh": evil(7), "finished": None}]}
        path = f"GET /v1/jobs/{bad['job']}"
        fake.parts[path] = {**bad, "doubts": evil(), "decided": evil(), "base_url": EVIL[3], "content_hash": evil(), "reason": evil(2),
                            "service": evil(), "started": evil()}
        fake.parts[f"{path}/faults"] = {"faults": [{"outcome": evil(), "message": evil(), "advice": evil(), "count": 1, "first_lines": [evil()]}]}
        bad["counts"]["in_doubt"] = 1
        fake.parts[f"{path}/doubts"] = {"doubts": [{"order": evil(), "row": evil(), "ids": {evil(): evil()}, "looked_up": evil()}]}
        fake.parts[f"{path}/files"] = {"files": [{"kind": "failures", "name": evil(), "bytes": 1}]}
        fake.parts["GET /v1/find"] = {"id": evil(), "orders": [{
            "job": evil(), "name": evil(), "row": evil(), "ids": {evil(): evil()}, "outcome": evil(), "status": evil(), "message": evil(),
            "order_id": evil(), "start_time": evil(), "end_time": evil(), "attempts": 1, "request": evil(), "at": evil(), "looked_up": ""}]}
        fake.parts["POST /v1/checks"] = {**REPORT, "name": evil(), "format": evil(), "warnings": [evil()], "placed_by": evil(),
                                         "columns": [{"spelled": evil(), "field": "", "nearest": evil(1)}],
                                         "complaints": [{"line": evil(), "outcome": evil(), "message": evil()}]}
        fake.session["user"] = evil()

    def assert_inert(self, browser, view):
        self.assertIsNone(browser.run("return window.pwned ?? null"), view)
        made = browser.run("return [...document.querySelectorAll('main :is(img, script, iframe, b, object, embed, style, link)')].map((e) => e.outerHTML)")
        self.assertEqual(made, [], view)
        links = browser.run("return [...document.querySelectorAll('a')].map((e) => e.getAttribute('href'))")
        self.assertEqual([one for one in links if not one.startswith(("#", "/v1/jobs/"))], [], view)
        self.assertIn("onerror", browser.text("main"), f"{view} shows it as it is")

    def test_no_name_message_or_answer_becomes_more_than_text(self):
        browser = self.browser()
        browser.open(self.fake.url)
        ready = {"#/line": ".banner", "#/jobs": ".plain li", "#/jobs/20261127-9": ".files li", "#/find/94": ".stories li"}
        for view, sign in ready.items():
            browser.run("location.hash = arguments[0]", view)
            browser.until(lambda sign=sign: browser.all(f"main {sign}"), view)
            with self.subTest(view):
                self.assert_inert(browser, view)
        browser.run("location.hash = '#/drop'")
        file = self.folder / "<img src=x onerror=window.pwned=1>.csv"
        file.write_text("uid\n1\n")
        browser.until(lambda: browser.one("#file").send_keys(str(file)) is None, "a file chosen")
        browser.until(lambda: browser.all("#place"), "its check")
        self.assert_inert(browser, "#/drop")
        self.assertEqual(browser.console(), [])

    def test_an_address_that_is_an_attack_is_a_job_that_there_is_not(self):
        browser = self.browser()
        browser.open(self.fake.url + "#/jobs/<img src=x onerror=window.pwned=1>")
        browser.until_text("no such route")
        self.assertIsNone(browser.run("return window.pwned ?? null"))
        self.assertEqual(browser.all("main img"), [])

    def test_a_script_that_got_in_would_not_run(self):
        """The policy, as a second wall."""
        browser = self.browser()
        browser.open(self.fake.url)
        browser.until(lambda: browser.all(".banner"), "the page")
        browser.run("""const one = document.createElement('script'); one.textContent = 'window.pwned = 1'; document.body.append(one);
            document.body.insertAdjacentHTML('beforeend', '<img src=/none onerror="window.pwned = 1">');""")
        browser.until(lambda: any("Content Security Policy" in line for line in browser.console()), "the policy's word")
        self.assertIsNone(browser.run("return window.pwned ?? null"))


if __name__ == "__main__":
    unittest.main()
