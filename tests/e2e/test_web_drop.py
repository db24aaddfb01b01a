"""A file's way through the page's server: uploaded, checked, placed, followed, its failures read; and what may not be."""

import json
import os
import socket
import unittest
import urllib.parse

import order_files
from browser import Browser
from processes import PATIENCE, wait_until
from small_disk import MIB, SmallDisk, may_mount
from test_web import NOBODY, Page


def left_in(spool):
    return sorted(path.name for path in (spool.root / "inbox").iterdir())


class Checking(Page):
    def check(self, browser, name="orders.csv", body=None, **headers):
        data = order_files.as_csv(order_files.create_orders(118)) if body is None else body
        data = data.encode() if isinstance(data, str) else data
        return browser.post(f"/v1/checks?name={urllib.parse.quote(name)}", data, **headers)


class Dropping(Checking):
    def test_a_file_is_checked_placed_sent_and_its_files_fetched(self):
        sandbox, spool, port = self.serving()
        browser = self.signed_in(spool, port)
        answer = self.check(browser)
        self.assertEqual(answer.status, 200, answer.body)
        report = answer.json
        self.assertEqual((report["rejected"], report["to_send"], report["invalid"]), ("", 118, 0))
        self.assertEqual(report["service"], "create")
        self.assertGreaterEqual(report["requests"], 3)
        self.assertTrue(report["columns"][0]["field"])
        self.assertEqual(sandbox.stats()["requests"], 0)
        placed = browser.post(f"/v1/checks/{report['upload']}/place")
        self.assertEqual((placed.status, placed.json["name"]), (200, "orders.csv"))
        job, = spool.wait_for_jobs(1)
        self.assertEqual(job.counts, {"accepted": 118})
        self.assertEqual(browser.post(f"/v1/checks/{report['upload']}/place").status, 404)
        files = browser.get(f"/v1/jobs/{job.id}/files").json["files"]
        self.assertEqual([one["kind"] for one in files], ["results", "summary"])
        fetched = browser.get(f"/v1/jobs/{job.id}/files/results")
        self.assertEqual(fetched.body, job.results_path.read_bytes())
        self.assertTrue(fetched.headers["Content-Disposition"].startswith("attachment;"))
        self.assertEqual(fetched.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(left_in(spool), [])

    def test_what_is_wrong_is_said_before_and_after_by_message_and_line(self):
        _, spool, port = self.serving()
        browser = self.signed_in(spool, port)
        lines = order_files.as_csv(order_files.create_orders(5)).splitlines(keepends=True)
        broken = "".join(lines[:2] + [lines[2].replace(lines[2].split(",")[0], "", 1)] + lines[3:])
        report = self.check(browser, body=broken).json
        self.assertEqual((report["to_send"], report["invalid"]), (4, 1))
        self.assertEqual([one["line"] for one in report["complaints"]], [3])
        browser.post(f"/v1/checks/{report['upload']}/place")
        job, = spool.wait_for_jobs(1)
        faults = browser.get(f"/v1/jobs/{job.id}/faults").json["faults"]
        self.assertEqual([(one["outcome"], one["count"], one["first_lines"]) for one in faults], [("invalid", 1, [3])])
        self.assertIn("failures", faults[0]["advice"])
        self.assertEqual(faults[0]["message"], job.failures[0]["result_message"])
        listed, = wait_until(lambda: browser.get("/v1/jobs?state=done").json["jobs"], what="the job's end")
        self.assertEqual((listed["job"], listed["state"], listed["exit"]), (job.id, "done", 1))
        self.assertIsNone(browser.get("/v1/jobs").json["next"])

    def test_a_file_of_the_same_name_is_not_replaced(self):
        _, spool, port = self.serving()
        browser = self.signed_in(spool, port)
        (spool.root / "inbox" / "taken.csv").mkdir()
        upload = self.check(browser, name="taken.csv").json["upload"]
        self.assertEqual(browser.post(f"/v1/checks/{upload}/place").json["name"], "taken (2).csv")
        job, = spool.wait_for_jobs(1)
        self.assertEqual(job.summary["name"], "taken (2).csv")

    def test_names_that_lead_elsewhere_or_forge_a_line_are_refused(self):
        _, spool, port = self.serving()
        browser = self.signed_in(spool, port)
        for name in ("../x.csv", "a/b.csv", "..", ".hidden", ".upload.x", "a\nb.csv", "a\x1b[2J.csv", "", "x" * 300, "~$a.csv"):
            self.assertEqual(self.check(browser, name=name).status, 400, repr(name))
        self.assertEqual(self.check(browser, name="订单 一月.csv").status, 200)

    def test_too_large_a_file_is_refused_and_nothing_of_it_stays(self):
        _, spool, port = self.serving(settings={"inbox": {"max_bytes": "1KiB"}})
        browser = self.signed_in(spool, port)
        answer = self.check(browser, body="x" * 5000)
        self.assertEqual(answer.status, 413, answer.body)
        self.assertEqual(left_in(spool), [])

    def begun(self, browser, **more):
        connection = browser.connection()
        self.addCleanup(connection.close)
        connection.putrequest("POST", "/v1/checks?name=large.csv", skip_host=True)
        for name, value in browser.headers("POST", **more).items():
            connection.putheader(name, value)
        connection.endheaders()
        return connection

    def test_one_that_says_it_is_too_large_is_refused_before_it_is_sent(self):
        _, spool, port = self.serving(settings={"inbox": {"max_bytes": "1KiB"}})
        browser = self.signed_in(spool, port)
        self.assertEqual(self.begun(browser, Content_Length="5000").getresponse().status, 413)
        self.assertEqual(left_in(spool), [])

    def test_one_that_does_not_say_how_large_it_is_is_refused_once_it_is_too_large(self):
        _, spool, port = self.serving(settings={"inbox": {"max_bytes": "1KiB"}})
        connection = self.begun(self.signed_in(spool, port), Transfer_Encoding="chunked")
        for _ in range(5):
            connection.send(b"3E8\r\n" + b"x" * 1000 + b"\r\n")
        connection.send(b"0\r\n\r\n")
        self.assertEqual(connection.getresponse().status, 413)
        self.assertEqual(left_in(spool), [])

    def test_an_upload_that_breaks_off_leaves_nothing(self):
        _, spool, port = self.serving()
        browser = self.signed_in(spool, port)
        with socket.create_connection(("127.0.0.1", port)) as one:
            head = {**browser.headers("POST"), "Content-Length": "100000"}
            lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
            one.sendall(f"POST /v1/checks?name=cut.csv HTTP/1.1\r\n{lines}\r\nuid,".encode())
            wait_until(lambda: left_in(spool), what="the upload's beginning")
        wait_until(lambda: not left_in(spool), what="nothing of it")

    def test_what_a_crash_left_goes_at_the_next_start(self):
        _, spool, port = self.serving()
        browser = self.signed_in(spool, port)
        self.assertEqual(self.check(browser).status, 200)
        self.assertEqual(len(left_in(spool)), 1)
        spool.daemons[-1].kill()
        spool.end_all()
        self.assertEqual(len(left_in(spool)), 1)
        spool.run_daemon()
        self.assertEqual(left_in(spool), [])

    def test_what_nobody_placed_goes_when_it_is_thrown_away_and_with_the_daemon(self):
        _, spool, port = self.serving()
        browser = self.signed_in(spool, port)
        upload = self.check(browser).json["upload"]
        self.assertEqual(browser.ask("DELETE", f"/v1/checks/{upload}").status, 204)
        self.assertEqual(left_in(spool), [])
        self.assertEqual(self.check(browser).status, 200)
        spool.end_all()
        self.assertEqual(left_in(spool), [])

    def test_a_file_that_would_be_refused_as_a_whole_says_why(self):
        _, spool, port = self.serving()
        report = self.check(self.signed_in(spool, port), body="nothing,we,know\n1,2,3\n").json
        self.assertTrue(report["rejected"] and report["rejected_zh"])


@unittest.skipUnless(may_mount(), "needs root and the right to mount a tmpfs")
class FullDisk(Checking):
    def serving_from_a_small_disk(self):
        self.disk = SmallDisk(self.folder / "client" / "spool")
        self.addCleanup(self.disk.unmount)
        return self.serving()

    def assert_says_that_it_is_full(self, status, problem):
        self.assertEqual(status, 507, problem)
        self.assertIn("space", problem["detail"])
        self.assertNotEqual(problem["detail_zh"], problem["detail"])

    def test_an_upload_for_which_there_is_no_room_is_refused_with_words_and_comes_again_once_there_is(self):
        _, spool, port = self.serving_from_a_small_disk()
        browser = self.signed_in(spool, port)
        self.disk.fill(leaving=8 * MIB)
        answer = self.check(browser)
        self.assert_says_that_it_is_full(answer.status, answer.json)
        self.assertEqual(left_in(spool), [])
        self.disk.make_room()
        self.assertEqual(self.check(browser).status, 200)

    def test_a_disk_that_fills_up_under_an_upload_leaves_nothing_of_it(self):
        _, spool, port = self.serving_from_a_small_disk()
        browser = self.signed_in(spool, port)
        body = b"x" * MIB
        connection = browser.connection()
        self.addCleanup(connection.close)
        connection.putrequest("POST", "/v1/checks?name=cut.csv", skip_host=True)
        for name, value in browser.headers("POST", Content_Length=str(2 * len(body))).items():
            connection.putheader(name, value)
        connection.endheaders(body)
        wait_until(lambda: sum(one.stat().st_size for one in (spool.root / "inbox").iterdir()) == len(body),
                   what="the first half")
        self.disk.fill(leaving=8 * MIB)
        connection.send(body)
        answer = connection.getresponse()
        self.assert_says_that_it_is_full(answer.status, json.loads(answer.read()))
        self.assertEqual(left_in(spool), [])


class Acting(Page):
    def test_who_commanded_stands_in_the_job_and_the_log(self):
        _, spool, port = self.serving("--latency", "50ms")
        browser = self.signed_in(spool, port)
        browser.post("/v1/pause")
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(10)))
        job = wait_until(lambda: (browser.get("/v1/jobs?state=running").json["jobs"] or [None])[0], what="the job")["job"]
        held = wait_until(lambda: browser.post(f"/v1/jobs/{job}/hold").json.get("said"), what="a hold that is carried out")
        self.assertIn("held", held)
        self.assertIn("by the page", browser.get(f"/v1/jobs/{job}").json["decided"])
        self.assertEqual([one["job"] for one in browser.get("/v1/jobs?state=held").json["jobs"]], [job])
        self.wait_for_log(spool.daemons[-1], "by the page")
        self.assertEqual(browser.post(f"/v1/jobs/{job}/release").status, 200)
        self.assertEqual(browser.post("/v1/resume").status, 200)
        spool.wait_for_jobs(1)
        self.assertEqual(browser.post(f"/v1/jobs/{job}/cancel").status, 409)
        self.assertEqual(browser.post(f"/v1/jobs/{job}/resolve", {"all": "perhaps"}).status, 400)
        self.assertEqual(browser.get("/v1/jobs/20200101-99").status, 404)
        self.assertEqual(browser.get("/v1/jobs/x").status, 400)
        self.assertEqual(browser.get("/v1/jobs?state=odd").status, 400)

    def test_orders_in_doubt_are_listed_and_said_one_by_one(self):
        sandbox, spool, port = self.serving()
        sandbox.set_faults("status77@1")
        browser = self.signed_in(spool, port)
        orders = order_files.create_orders(3)
        spool.drop("orders.csv", order_files.as_csv(orders))
        job, = spool.wait_for_jobs(1)
        self.assertEqual(job.counts, {"in_doubt": 3})
        path = f"/v1/jobs/{job.id}"
        listed = browser.get(f"{path}/doubts").json
        self.assertEqual((listed["doubts_total"], [one["row"] for one in listed["doubts"]]), (3, [1, 2, 3]))
        self.assertEqual(listed["doubts"][1]["ids"]["uid"], orders[1]["uid"])
        wait_until(lambda: browser.get("/v1/jobs?state=done").json["jobs"], what="the job's end")
        first, second, _ = (one["order"] for one in listed["doubts"])
        said = browser.post(f"{path}/resolve", {"applied": [first], "not_applied": [second]})
        self.assertEqual(said.status, 200, said.body)
        after = {one["row"]: one["looked_up"] for one in browser.get(f"{path}/doubts").json["doubts"]}
        self.assertEqual(after, {1: "applied", 2: "not_applied", 3: ""})
        self.assertEqual(browser.post(f"{path}/resolve", {"applied": [second]}).status, 409, "the contrary was said")
        self.assertEqual(browser.post(f"{path}/resolve", {"applied": ["12x"]}).status, 409, "no order of the job")
        self.assertEqual(browser.get("/v1/jobs/20200101-99/doubts").status, 404)

    def test_jobs_come_in_pages_the_newest_first(self):
        _, spool, port = self.serving()
        browser = self.signed_in(spool, port)
        for n in range(5):
            spool.drop(f"orders-{n}.csv", order_files.as_csv(order_files.create_orders(1, first=n + 1)))
            spool.wait_for_jobs(n + 1)
        pages, after = [], ""
        while after is not None:
            page = browser.get(f"/v1/jobs?limit=2&after={after}").json
            pages.append([one["name"] for one in page["jobs"]])
            after = page["next"]
        self.assertEqual(sum(pages, []), [f"orders-{n}.csv" for n in (4, 3, 2, 1, 0)])
        named = browser.get("/v1/jobs?name=orders-3").json["jobs"]
        self.assertEqual([one["name"] for one in named], ["orders-3.csv"])

    def test_a_rejected_file_stands_there_with_its_reason(self):
        _, spool, port = self.serving()
        browser = self.signed_in(spool, port)
        spool.drop("odd.csv", "nothing,we,know\n1,2,3\n")
        rejected = wait_until(lambda: browser.get("/v1/inbox").json["rejected"], what="the rejection")
        self.assertEqual(rejected[0]["name"], "odd.csv")
        self.assertTrue(rejected[0]["reason"] and rejected[0]["reason_zh"])
        kinds = [one["kind"] for one in browser.get(f"/v1/jobs/{rejected[0]['job']}/files").json["files"]]
        self.assertEqual(kinds, ["reason"])

    def test_a_link_in_a_files_place_leads_nowhere(self):
        _, spool, port = self.serving()
        browser = self.signed_in(spool, port)
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(1)))
        job, = spool.wait_for_jobs(1)
        secret = self.folder / "secret"
        secret.write_text("secret")
        job.results_path.unlink()
        job.results_path.symlink_to(secret)
        self.assertEqual(browser.get(f"/v1/jobs/{job.id}/files/results").status, 404)

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to be somebody else")
    def test_a_member_of_the_drop_group_may_look_and_drop_and_not_act(self):
        _, spool, port = self.serving()
        spool.end_all()
        self.folder.chmod(0o755)
        spool.let_anybody_run_it()
        for folder, mode in ((spool.root, 0o2750), (spool.root / "inbox", 0o2770)):
            os.chown(folder, 0, NOBODY)
            folder.chmod(mode)
        spool.run_daemon()
        linker = spool.start("web", user=NOBODY, group=NOBODY, extra_groups=[])
        self.assertEqual(linker.wait(PATIENCE), 0, linker.log.read_text())
        link = next(line for line in linker.log.read_text().splitlines() if line.startswith("http"))
        browser = Browser(port)
        self.assertEqual(browser.sign_in(link).status, 200)
        self.assertEqual((browser.session["may_drop"], browser.session["may_act"]), (True, False))
        self.assertEqual(browser.get("/v1/status").status, 200)
        for route in ("/v1/pause", "/v1/resume", "/v1/jobs/20240101-1/hold"):
            self.assertEqual(browser.post(route).status, 403, route)
        report = browser.post("/v1/checks?name=a.csv", order_files.as_csv(order_files.create_orders(2)).encode()).json
        other = self.signed_in(spool, port)
        self.assertEqual(other.post(f"/v1/checks/{report['upload']}/place").status, 404, "it is another's upload")
        os.chown(spool.root / "inbox", 0, 0)
        self.assertEqual(browser.get("/v1/status").status, 403, "he was taken out of the group")


if __name__ == "__main__":
    unittest.main()
