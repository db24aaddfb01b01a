"""A daemon of canned answers, for what the real one (docs/control-api.md) can't be brought to in a moment: ten thousand
jobs, every kind of pause at once, names that are attacks. It counts what it is asked."""

import copy
import http.server
import json
import pathlib
import queue
import socket
import threading
import urllib.parse

ASSETS = pathlib.Path(__file__).parents[2] / "src" / "control" / "web" / "assets"
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
          "form-action 'none'; frame-ancestors 'none'; base-uri 'none'")
QUIET = {"version": 1, "at": "2026-11-27T02:00:00.000Z", "note": "", "note_zh": "", "pause": "none", "pause_words": "",
         "pause_words_zh": "", "paused_since": None, "rate": 10.0, "recent_rate": 0.0, "widening": 1.0, "closed_until": None,
         "in_flight": 0, "requests": 0, "throttled": 0, "credential": "", "credential_zh": "", "inbox": "", "inbox_zh": "",
         "jobs": [], "finished": [], "in_doubt": [], "waiting": [], "waiting_zh": [], "jobs_total": 0}


def counts(**other):
    return {name: other.get(name, 0) for name in ("accepted", "accepted_earlier", "refused", "invalid", "failed", "not_sent",
                                                  "duplicate", "in_doubt")}


def job(number, name="orders.csv", state="done", rows=120, day="20261127", **other):
    """A job as a list has it."""
    one = {"job": f"{day}-{number}", "name": name, "state": state, "service": "create", "rows": rows,
           "counts": counts(accepted=rows) if state == "done" else counts(), "unsettled": 0 if state == "done" else rows,
           "in_flight": 0, "maybe_applied": 0, "requests": 3, "eta": None, "held": "", "held_zh": "", "waits": "", "waits_zh": "",
           "placed_before": "", "placed_before_zh": "", "reason": "", "reason_zh": "", "exit": 0 if state == "done" else None,
           "claimed": "2026-11-27T01:00:00.000Z", "finished": "2026-11-27T01:00:12.000Z" if state == "done" else None}
    one.update(other)
    return one


class FakeDaemon:
    def __init__(self, port=0):
        self.signed_in = True
        self.session = {"user": "an", "may_drop": True, "may_act": True, "token": "t" * 43, "version": "0.1.0"}
        self.links = set()
        self.status = copy.deepcopy(QUIET)
        self.jobs = []
        self.inbox = {"waiting": [], "rejected": []}
        self.rate = []
        self.parts = {}  # path under /v1/: what it answers
        self.asked = []  # method and path of every request, in their order
        self.streams = []
        self.lock = threading.Lock()
        daemon = self

        class Handler(_Handler):
            fake = daemon
        self.server = _Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def stop(self):
        self.break_streams()
        self.server.shutdown()
        self.server.close_all()
        self.server.server_close()
        self.thread.join()

    def push(self, **changes):
        """The picture changed: whoever listens hears of it."""
        with self.lock:
            self.status.update(changes)
            text = json.dumps(self.status)
            for stream in self.streams:
                stream.put(text)

    def break_streams(self):
        with self.lock:
            for stream in self.streams:
                stream.put(None)

    def end_session(self):
        self.signed_in = False
        self.break_streams()

    def listeners(self):
        with self.lock:
            return len(self.streams)

    def page_of_jobs(self, query):
        limit = int(query.get("limit", ["100"])[0])
        name = query.get("name", [""])[0]
        states = [one for one in query.get("state", [""])[0].split(",") if one]
        after = query.get("after", [""])[0]
        number = int(after.split("-")[1]) if after else None
        fits = [one for one in self.jobs if name in one["name"] and (number is None or int(one["job"].split("-")[1]) < number)
                and (not states or one["state"] in states or (one["held"] and "held" in states))]
        page = fits[:limit]
        return {"jobs": page, "next": page[-1]["job"] if len(fits) > limit else None}


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, *words):
        self.open = set()
        super().__init__(*words)

    def process_request(self, request, client_address):
        self.open.add(request)
        super().process_request(request, client_address)

    def close_request(self, request):
        self.open.discard(request)
        super().close_request(request)

    def handle_error(self, request, client_address):
        pass  # a browser that leaves in the middle

    def close_all(self):
        """Connections that a browser keeps would answer on after the end."""
        for request in list(self.open):
            try:
                request.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake = None

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind="application/json", **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def say(self, value, status=200):
        self.answer(status, json.dumps(value).encode())

    def problem(self, status, kind, words, words_zh):
        self.answer(status, json.dumps({"type": kind, "title": words, "status": status, "detail": words,
                                        "detail_zh": words_zh}).encode(), "application/problem+json")

    def serve_asset(self, path):
        name = "index.html" if path in ("/", "/sign-in") else path.removeprefix("/@VERSION@/")
        file = ASSETS / name
        if name == "@MODULE@":  # whom the real one names by that line are found without it, too
            return self.answer(200, b"", TYPES[".js"])
        if "/" in name or not file.is_file():
            return self.problem(404, "about:blank", "no such route", "没有这个地址")
        return self.answer(200, file.read_bytes(), TYPES[file.suffix], Cache_Control="no-cache")

    def stream(self):
        mine = queue.Queue()
        with self.fake.lock:
            mine.put(json.dumps(self.fake.status))
            self.fake.streams.append(mine)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            while True:
                try:
                    text = mine.get(timeout=0.2)
                except queue.Empty:
                    text = ""
                if text is None:
                    return
                self.wfile.write(f"event: status\ndata: {text}\n\n".encode() if text else b":\n\n")
                self.wfile.flush()
        except OSError:
            pass
        finally:
            with self.fake.lock:
                self.fake.streams.remove(mine)

    def route(self):
        fake = self.fake
        parts = urllib.parse.urlsplit(self.path)
        fake.asked.append((self.command, self.path))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = parts.path
        if not path.startswith("/v1/"):
            return self.serve_asset(path)
        if path == "/v1/session" and self.command == "POST":
            link = json.loads(body)["token"]
            if link not in fake.links:
                return self.problem(401, "urn:sluice:link-over", "the link is over", "链接已失效")
            fake.links.remove(link)
            fake.signed_in = True
            return self.say(fake.session)
        if not fake.signed_in:
            return self.problem(401, "urn:sluice:not-signed-in", "not signed in", "未登录")
        if self.command != "GET" and self.headers.get("X-Sluice-Token") != fake.session["token"]:
            return self.problem(403, "about:blank", "no token", "缺少令牌")
        if path == "/v1/session" and self.command == "DELETE":
            fake.end_session()
            return self.answer(204, b"")
        if path == "/v1/events":
            return self.stream()
        query = urllib.parse.parse_qs(parts.query)
        own = {"/v1/session": lambda: fake.session, "/v1/status": lambda: fake.status, "/v1/inbox": lambda: fake.inbox,
               "/v1/rate": lambda: {"seconds": fake.rate}, "/v1/jobs": lambda: fake.page_of_jobs(query)}
        found = fake.parts.get(f"{self.command} {path}", own.get(path) if self.command == "GET" else None)
        if found is None:
            return self.problem(404, "about:blank", "no such route", "没有这个地址")
        return self.say(found() if callable(found) else found)

    do_GET = do_POST = do_DELETE = route
