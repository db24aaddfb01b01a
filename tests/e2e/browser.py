"""A browser of the page as far as its server can tell: by http.client, which says what it is told to say."""

import http.client
import json
import socket
import urllib.parse

from processes import PATIENCE


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=PATIENCE)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self.path)


class Browser:
    """`where`: a port of 127.0.0.1, or the path of a Unix socket."""

    def __init__(self, where, host=None):
        self.where = where
        self.host = host or (f"127.0.0.1:{where}" if isinstance(where, int) else "localhost")
        self.cookie = None
        self.session = None

    def connection(self):
        if isinstance(self.where, int):
            return http.client.HTTPConnection("127.0.0.1", self.where, timeout=PATIENCE)
        return UnixConnection(self.where)

    def headers(self, method, **more):
        """What a browser says of itself; None leaves a header out."""
        said = {"Host": self.host, "Cookie": self.cookie}
        if method != "GET":
            said["Origin"] = f"http://{self.host}"
            said["X-Sluice-Token"] = self.session and self.session["token"]
        said.update({name.replace("_", "-"): value for name, value in more.items()})
        return {name: value for name, value in said.items() if value is not None}

    def ask(self, method, path, body=None, **headers):
        connection = self.connection()
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers(method, **headers).items():
                connection.putheader(name, value)
            data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
            if method != "GET":
                connection.putheader("Content-Length", str(len(data)))
            connection.endheaders(data)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, body=None, **headers):
        return self.ask("POST", path, body, **headers)

    def sign_in(self, link):
        token = urllib.parse.urlsplit(link).fragment
        answer = self.post("/v1/session", {"token": token})
        if answer.status == 200:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
            self.session = answer.json
        return answer

    def events(self):
        """The events' JSON, one after the other, as they come."""
        connection = self.connection()
        connection.request("GET", "/v1/events", headers=self.headers("GET"))
        response = connection.getresponse()
        try:
            while line := response.readline():
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])
        finally:
            connection.close()
