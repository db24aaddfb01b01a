"""The page's server: who gets in, who may what, and what it never does. Each guard has a test that fails without it."""

import os
import pathlib
import socket
import time
import unittest

import order_files
from browser import Browser
from harness import EndToEnd
from processes import BINARIES, a_port, wait_until

NOBODY = 65534
SHIFTED_CLOCK = BINARIES / "tests" / "e2e" / "libshifted_clock.so"


class Page(EndToEnd):
    def serving(self, *options, control=None, settings=None, env=None):
        port = a_port()
        page = {"control": {"web": f"127.0.0.1:{port}", **(control or {})}}
        sandbox, spool = self.unpaced(*options, settings={**page, **(settings or {})})
        spool.run_daemon(env=env)
        return sandbox, spool, port

    def link(self, spool, **more):
        return spool.sluice("web", expect=0, **more).stdout.strip()

    def signed_in(self, spool, port, **more):
        browser = Browser(port, **more)
        self.assertEqual(browser.sign_in(self.link(spool)).status, 200)
        return browser


class SigningIn(Page):
    def test_the_link_signs_one_browser_in_as_whoever_asked_for_it_and_only_once(self):
        _, spool, port = self.serving()
        link = self.link(spool)
        self.assertTrue(link.startswith(f"http://127.0.0.1:{port}/sign-in#"), link)
        browser = Browser(port)
        self.assertEqual(browser.get("/v1/session").status, 401)
        answer = browser.sign_in(link)
        self.assertEqual(answer.status, 200)
        cookie = answer.headers["Set-Cookie"]
        for attribute in ("HttpOnly", "SameSite=Strict", "Path=/"):
            self.assertIn(attribute, cookie)
        self.assertIn(f"sluice-{port}=", cookie)
        session = browser.get("/v1/session").json
        self.assertTrue(session["may_drop"] and session["may_act"])
        again = Browser(port).sign_in(link)
        self.assertEqual((again.status, again.json["type"]), (401, "urn:sluice:link-over"))
        self.assertIn("sluice web", again.json["detail"])
        self.assertIn("sluice web", again.json["detail_zh"])

    def test_signing_out_ends_the_session_and_a_restart_ends_all(self):
        _, spool, port = self.serving()
        one, other = self.signed_in(spool, port), self.signed_in(spool, port)
        self.assertEqual(one.ask("DELETE", "/v1/session").status, 204)
        self.assertEqual(one.get("/v1/status").json["type"], "urn:sluice:not-signed-in")
        self.assertEqual(other.get("/v1/status").status, 200)
        spool.end_all()
        spool.run_daemon()
        self.assertEqual(other.get("/v1/status").status, 401)

    def test_neither_link_nor_cookie_stands_in_the_log(self):
        _, spool, port = self.serving()
        browser = self.signed_in(spool, port)
        browser.get("/v1/status")
        daemon = spool.daemons[-1]
        self.wait_for_log(daemon, "has signed in on the page")
        self.assertNotIn(browser.cookie.split("=")[1], daemon.log.read_text())

    def test_where_there_is_no_page_no_port_is_open_and_the_command_says_so(self):
        _, spool = self.unpaced()
        daemon = spool.run_daemon()
        inodes = {os.readlink(f"/proc/{daemon.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{daemon.pid}/fd")}
        for table in ("tcp", "tcp6"):
            with open(f"/proc/{daemon.pid}/net/{table}") as rows:
                for row in list(rows)[1:]:
                    fields = row.split()
                    listens = fields[3] == "0A"
                    self.assertFalse(listens and f"socket:[{fields[9]}]" in inodes, row)
        self.assertIn("control.web", spool.sluice("web", expect=78).stderr)

    def test_without_a_daemon_the_command_says_that_none_runs(self):
        _, spool = self.unpaced()
        self.assertIn("no sluice runs", spool.sluice("web", expect=78).stderr)

    def test_an_address_that_others_could_reach_is_refused(self):
        _, spool = self.unpaced()
        for address in ("0.0.0.0:8680", "192.0.2.1:8680", "[::]:8680"):
            spool.configure({**spool.settings, "control": {"web": address}})
            self.assertIn("loopback", spool.sluice("config", "--check", expect=78).stderr)


@unittest.skipUnless(SHIFTED_CLOCK.exists(), "needs shifted_clock built")
class Expiry(Page):
    def setUp(self):
        super().setUp()
        self.shift = self.folder / "shift"
        self.env = {"LD_PRELOAD": str(SHIFTED_CLOCK), "SLUICE_CLOCK_SHIFT": str(self.shift)}

    def put_on(self, seconds):
        half = self.shift.with_suffix(".new")
        half.write_text(str(seconds))
        half.rename(self.shift)

    def test_a_link_signs_nobody_in_after_five_minutes(self):
        _, spool, port = self.serving(env=self.env)
        link = self.link(spool)
        self.put_on(5 * 60 + 1)
        late = Browser(port).sign_in(link)
        self.assertEqual((late.status, late.json["type"]), (401, "urn:sluice:link-over"))
        self.assertEqual(Browser(port).sign_in(self.link(spool)).status, 200, "another one does")

    def test_a_session_ends_after_twelve_hours_and_its_stream_with_it(self):
        _, spool, port = self.serving(env=self.env)
        self.addCleanup(spool.daemons[-1].kill)  # what it waits for is twelve hours away by then
        browser = self.signed_in(spool, port)
        events = browser.events()
        next(events)
        self.put_on(12 * 3600 + 1)
        late = browser.get("/v1/status")
        self.assertEqual((late.status, late.json["type"]), (401, "urn:sluice:not-signed-in"))
        self.assertIn("sluice web", late.json["detail"])
        self.assertEqual(browser.post("/v1/pause").status, 401)
        for _ in events:
            pass
        self.assertEqual(spool.status()["pause"], "none")


class Attacks(Page):
    """What another page in the same browser, or another program on this machine, tries."""

    def test_another_name_for_this_machine_is_told_nothing(self):
        _, spool, port = self.serving()
        browser = self.signed_in(spool, port)
        for host in (f"evil.example:{port}", "127.0.0.1", f"127.0.0.1:{port + 1}", f"localhost.evil.example:{port}", ""):
            for path in ("/", "/v1/status"):
                self.assertEqual(browser.get(path, Host=host).status, 403, host)
        for host in (f"localhost:{port}", f"[::1]:{port}"):
            self.assertEqual(browser.get("/v1/status", Host=host).status, 200, host)

    def test_a_change_that_another_page_wants_is_refused(self):
        _, spool, port = self.serving()
        browser = self.signed_in(spool, port)
        for origin in ("http://evil.example", "null", f"http://127.0.0.1:{port + 1}", None):
            self.assertEqual(browser.post("/v1/pause", Origin=origin).status, 403, origin)
            link = self.link(spool)
            self.assertEqual(Browser(port).post("/v1/session", {"token": link.split("#")[1]}, Origin=origin).status, 403)
        self.assertEqual(spool.status()["pause"], "none")

    def test_a_change_without_its_token_is_refused(self):
        _, spool, port = self.serving()
        browser = self.signed_in(spool, port)
        other = self.signed_in(spool, port)
        for token in (None, "", "0" * 64, other.session["token"]):
            self.assertEqual(browser.post("/v1/pause", X_Sluice_Token=token).status, 403, token)
            self.assertEqual(browser.ask("DELETE", "/v1/session", X_Sluice_Token=token).status, 403, token)
        self.assertEqual(spool.status()["pause"], "none")
        self.assertEqual(browser.get("/v1/session").status, 200)

    def test_links_are_given_on_the_control_socket_alone(self):
        _, spool, port = self.serving()
        self.assertEqual(self.signed_in(spool, port).post("/v1/web/links").status, 403)

    def test_nothing_from_elsewhere_runs_in_the_page_and_nobody_frames_it(self):
        _, spool, port = self.serving()
        browser = self.signed_in(spool, port)
        for path in ("/", "/sign-in", "/v1/status", "/nowhere", "/v1/nowhere"):
            headers = browser.get(path).headers
            policy = headers["Content-Security-Policy"]
            for part in ("default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "form-action 'none'"):
                self.assertIn(part, policy)
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
            self.assertEqual(headers["Cross-Origin-Opener-Policy"], "same-origin")
        self.assertEqual(browser.get("/v1/status").headers["Cache-Control"], "no-store")

    def test_who_says_nothing_locks_nobody_out(self):
        _, spool, port = self.serving()
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
        self.addCleanup(lambda: [one.close() for one in silent])
        for one in silent[:50]:
            one.sendall(b"GET / HTTP/1.1\r\nHost: ")
        self.assertEqual(self.signed_in(spool, port).get("/v1/status").status, 200)

    def test_strangers_who_never_end_what_they_say_lock_nobody_out(self):
        _, spool, port = self.serving()
        link = self.link(spool)
        head = (f"POST /v1/session HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
                "Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n")
        for _ in range(100):
            one = socket.create_connection(("127.0.0.1", port), timeout=120)
            self.addCleanup(one.close)
            one.sendall(head.encode())
            try:
                self.assertIn(b"100 Continue", one.recv(100), "its body is waited for")
            except ConnectionError:
                self.fail("whoever comes is heard, and the oldest goes for him")
        browser = Browser(port)
        self.assertEqual(browser.sign_in(link).status, 200)
        self.assertEqual(browser.get("/v1/status").status, 200)

    def test_strangers_take_no_connection_from_whoever_is_signed_in(self):
        _, spool, port = self.serving()
        browser = self.signed_in(spool, port)
        kept = browser.connection()
        self.addCleanup(kept.close)
        events = browser.events()
        next(events)

        def ask():
            kept.request("GET", "/v1/session", headers=browser.headers("GET"))
            answer = kept.getresponse()
            answer.read()
            return answer.status
        self.assertEqual(ask(), 200)
        own = kept.sock
        for _ in range(200):
            self.addCleanup(socket.create_connection(("127.0.0.1", port)).close)
        self.assertEqual(browser.get("/v1/status").status, 200, "all of them have been let in by now")
        self.assertEqual(ask(), 200)
        self.assertIs(kept.sock, own, "on the connection that it had")
        spool.sluice("pause", expect=0)
        self.assertTrue(any(event["pause"] == "operator" for event in events))

    def test_who_drips_a_head_is_cut_off(self):
        _, spool, port = self.serving()
        with socket.create_connection(("127.0.0.1", port)) as one:
            one.settimeout(0.2)
            one.sendall(b"GET / HTTP/1.1\r\n")

            def cut():
                try:
                    one.sendall(b"X")
                    return one.recv(1) == b""
                except TimeoutError:
                    return False
                except ConnectionError:
                    return True
            wait_until(cut, what="the end of its patience")

    def test_a_head_without_end_is_cut_off(self):
        _, spool, port = self.serving()
        with socket.create_connection(("127.0.0.1", port)) as one:
            one.settimeout(120)
            try:
                one.sendall(b"GET / HTTP/1.1\r\n" + b"X-Long: " + b"x" * 100_000)
                self.assertEqual(one.recv(1), b"")
            except ConnectionError:
                pass


class BehindAProxy(Page):
    def serving_on_a_socket(self, header):
        path = self.folder / "web.sock"
        _, spool = self.unpaced(settings={"control": {"web": f"unix:{path}", "web_user_header": header}})
        spool.run_daemon()
        return spool, path

    def test_its_user_header_is_believed_on_the_unix_socket(self):
        spool, path = self.serving_on_a_socket("X-Forwarded-User")
        browser = Browser(path, host="orders.example")
        session = browser.get("/v1/session", X_Forwarded_User="root")
        self.assertEqual((session.status, session.json["user"], session.json["may_act"]), (200, "root", True))
        browser.session = session.json
        paused = browser.post("/v1/pause", X_Forwarded_User="root", Origin="https://orders.example")
        self.assertNotEqual(paused.status, 403)
        self.assertEqual(browser.post("/v1/pause", X_Forwarded_User="root", Origin="https://evil.example").status, 403)
        self.assertEqual(browser.get("/v1/status").status, 401)
        self.assertEqual(browser.get("/v1/status", X_Forwarded_User="nobody-we-know").status, 403)

    def test_the_socket_is_for_nobody_but_the_operators_group(self):
        _, path = self.serving_on_a_socket("X-Forwarded-User")
        self.assertIn(path.stat().st_mode & 0o777, (0o600, 0o660))

    def test_on_a_port_a_user_header_is_worth_nothing(self):
        _, spool, port = self.serving(control={"web_user_header": "X-Forwarded-User"})
        self.assertEqual(Browser(port).get("/v1/status", X_Forwarded_User="root").status, 401)

    def test_without_the_setting_it_is_worth_nothing_on_the_socket_either(self):
        spool, path = self.serving_on_a_socket("")
        browser = Browser(path)
        self.assertEqual(browser.get("/v1/status", X_Forwarded_User="root").status, 401)
        self.assertEqual(browser.sign_in(self.link(spool)).status, 200)
        self.assertEqual(browser.get("/v1/status", Host="evil.example").status, 403)


class Live(Page):
    def test_the_picture_comes_at_once_and_again_whenever_it_changes(self):
        _, spool, port = self.serving()
        events = self.signed_in(spool, port).events()
        self.assertEqual(next(events)["jobs_total"], 0)
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(120)))
        for event in events:
            if any(job["name"] == "orders.csv" for job in event["finished"]):
                break
        self.assertGreaterEqual(event["requests"], 3)

    def test_a_stopped_daemon_ends_it_and_so_does_signing_out(self):
        _, spool, port = self.serving()
        browser = self.signed_in(spool, port)
        events = browser.events()
        next(events)
        spool.end_all()
        for _ in events:
            pass

    def test_of_requests_each_second_is_counted(self):
        sandbox, spool, port = self.serving()
        browser = self.signed_in(spool, port)
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(120)))
        spool.wait_for_jobs(1)
        seconds = browser.get("/v1/rate").json["seconds"]
        self.assertEqual(sum(second["started"] for second in seconds), sandbox.stats()["requests"])
        self.assertEqual(sum(second["answered"] for second in seconds), sandbox.stats()["requests"])


class Quiet(Page):
    STRETCH = 10.0
    ITS_OWN = 8  # every five seconds the daemon looks for another credential, and writes its log out

    def test_while_nobody_looks_nothing_wakes(self):
        """The picture of a line that is paused is made anew every second, for as long as somebody looks."""
        _, spool, port = self.serving(settings={"inbox": {"scan_every": "1h"}})
        browser = self.signed_in(spool, port)
        browser.post("/v1/pause")
        events = browser.events()
        next(events)
        events.close()
        tasks = pathlib.Path(f"/proc/{spool.daemons[-1].pid}/task")

        def wakes():
            return sum(int((task / "status").read_text().split("\nvoluntary_ctxt_switches:")[1].split()[0])
                       for task in tasks.iterdir())
        seen, since = wakes(), time.monotonic()

        def still():
            nonlocal seen, since
            now = wakes()
            if now - seen > self.ITS_OWN:
                seen, since = now, time.monotonic()
            return time.monotonic() - since >= self.STRETCH
        wait_until(still, what=f"{self.STRETCH} s in which no thread woke for the page")


if __name__ == "__main__":
    unittest.main()
