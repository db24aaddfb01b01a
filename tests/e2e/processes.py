"""The two real programs, started and ended by the tests, and waiting for what they do."""

import http.client
import json
import os
import pathlib
import random
import signal
import socket
import ssl
import subprocess
import time
import urllib.parse

BINARIES = pathlib.Path(os.environ.get("SLUICE_BINARY_DIR", pathlib.Path(__file__).parents[2] / "build" / "release"))
SLUICE = str(BINARIES / "sluice")
SANDBOX = str(BINARIES / "sluice-sandbox")


SANITIZED = any(name in pathlib.Path(SLUICE).read_bytes() for name in (b"__asan_init", b"__tsan_init"))
WITHOUT_SANITIZER = "a sanitizer wants memory, descriptors and system calls of its own"


# Until a test gives something up for lost. No test is about how fast anything is: on a machine that compiles beside,
# whatever takes a moment may take a minute.
PATIENCE = 120.0


def wait_until(holds, within=PATIENCE, what="what was waited for"):
    """Polls until holds() is true, and returns what it returned."""
    end = time.monotonic() + within
    while True:
        value = holds()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"after {within} s: no sign of {what}")
        time.sleep(0.01)


def end_process(process, how=signal.SIGTERM, within=PATIENCE):
    """Ends one process of ours, by its pid; its exit code."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        return process.wait(within)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise AssertionError(f"{process.args[0]} did not end within {within} s of {how!r}") from None


def a_port():
    """One that nobody listens on, below those that the kernel gives to whoever connects: it stays free while a process
    ends and another takes its place, and nobody who finds it closed connects to himself."""
    lowest = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = random.randrange(lowest // 2, lowest)
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) != 0:
                return port


class Sandbox:
    """A sluice-sandbox on a port of its own."""

    def __init__(self, folder, *options, tls=False):
        self.folder = pathlib.Path(folder)
        self.options = list(options)
        self.tls = tls
        self.process = None
        for _ in range(20):
            if self.starts(a_port()):
                return
        raise AssertionError(f"sluice-sandbox {' '.join(self.options)} does not start on any port")

    def starts(self, port):
        """False: somebody else has the port, or it can't start at all; it has said so."""
        command = [SANDBOX, "--port", str(port), *self.options]
        if self.tls:
            command += ["--tls", str(self.folder / "tls")]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening on "):
            self.process.stdout.close()
            self.process.wait()
            return False
        self.url = line.split()[-1]
        parts = urllib.parse.urlsplit(self.url)
        self.host, self.port = parts.hostname, parts.port
        return True

    def stop(self, how=signal.SIGTERM):
        if self.process is not None:
            end_process(self.process, how)
            self.process.stdout.close()
            self.process = None

    def restart(self, how=signal.SIGTERM):
        """On the same port, so that the client's base_url stays true."""
        port = self.port
        self.stop(how)
        # The kernel may keep the port for the one that was killed, for a moment.
        wait_until(lambda: self.starts(port), what=f"a sandbox on {port} again")

    @property
    def ca_file(self):
        return str(self.folder / "tls" / "ca.pem")

    def ask(self, method, path, body=None, headers=None):
        """Status, headers and body of one request."""
        if self.tls:
            trust = ssl.create_default_context(cafile=self.ca_file)
            connection = http.client.HTTPSConnection(self.host, self.port, timeout=PATIENCE, context=trust)
        else:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
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
