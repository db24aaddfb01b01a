"""The two real programs, started and ended by the tests, and waiting for what they do."""

import http.client
import json
import os
import pathlib
import signal
import ssl
import subprocess
import time
import urllib.parse

BINARIES = pathlib.Path(os.environ.get("SLUICE_BINARY_DIR", pathlib.Path(__file__).parents[2] / "build" / "release"))
SLUICE = str(BINARIES / "sluice")
SANDBOX = str(BINARIES / "sluice-sandbox")


def wait_until(holds, within=20.0, what="what was waited for"):
    """Polls until holds() is true, and returns what it returned."""
    end = time.monotonic() + within
    while True:
        value = holds()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"after {within} s: no sign of {what}")
        time.sleep(0.01)


def end_process(process, how=signal.SIGTERM, within=20.0):
    """Ends one process of ours, by its pid; its exit code."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        return process.wait(within)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise AssertionError(f"{process.args[0]} did not end within {within} s of {how!r}") from None


class Sandbox:
    """A sluice-sandbox on a port of its own."""

    def __init__(self, folder, *options, tls=False, port=0):
        self.folder = pathlib.Path(folder)
        self.options = list(options)
        self.tls = tls
        self.process = None
        self.start(port)

    def start(self, port=0):
        command = [SANDBOX, "--port", str(port), *self.options]
        if self.tls:
            command += ["--tls", str(self.folder / "tls")]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening on "):
            raise AssertionError(f"{command} said {line!r} and ended with {self.process.wait()}")
        self.url = line.split()[-1]
        parts = urllib.parse.urlsplit(self.url)
        self.host, self.port = parts.hostname, parts.port

    def stop(self, how=signal.SIGTERM):
        if self.process is not None:
            end_process(self.process, how)
            self.process.stdout.close()
            self.process = None

    def restart(self, how=signal.SIGTERM):
        """On the same port, so that the client's base_url stays true."""
        port = self.port
        self.stop(how)
        self.start(port)

    @property
    def ca_file(self):
        return str(self.folder / "tls" / "ca.pem")

    def ask(self, method, path, body=None, headers=None):
        """Status, headers and body of one request."""
        if self.tls:
            trust = ssl.create_default_context(cafile=self.ca_file)
            connection = http.client.HTTPSConnection(self.host, self.port, timeout=60, context=trust)
        else:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def page(self, name):
        status, _, body = self.ask("GET", f"/sandbox/{name}")
        if status != 200:
            raise AssertionError(f"/sandbox/{name}: {status} {body!r}")
        return json.loads(body)

    def stats(self):
        return self.page("stats")

    def requests(self):
        return self.page("requests")["requests"]

    def orders(self, uid=""):
        return self.page(f"orders?uid={uid}" if uid else "orders")["orders"]

    def set_faults(self, *specs):
        status, _, body = self.ask("POST", "/sandbox/faults", "\n".join(specs))
        if status != 200:
            raise AssertionError(body.decode())
