#!/usr/bin/env python3
"""The table of `./dev bench`: what Sluice costs, with peers in the same run. Printed and written to a file.

    table.py BINARY_DIR OUT [--rows N] [--only B1,B2]

Times are medians of three and CPU is user and system together, as the kernel counts it; the sandbox is not counted.
"""

import argparse
import atexit
import contextlib
import json
import os
import pathlib
import queue
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import instructions  # noqa: E402
import proxies  # noqa: E402

BINARIES = pathlib.Path()
SYSTEM_PYTHON = "/usr/bin/python3"  # which has Debian's packages
ROWS = 100_000


class Run:
    """A finished process: seconds of CPU, wall-clock seconds, peak of memory in KiB."""

    def __init__(self, command):
        begun = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.peak = 0
        while True:
            # Not ru_maxrss, which knows of what this program held when it made the process.
            self.peak = max(self.peak, field(pathlib.Path(f"/proc/{process.pid}/status"), "VmHWM"))
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            time.sleep(0.01)
        process.returncode = self.code = os.waitstatus_to_exitcode(status)
        self.cpu = usage.ru_utime + usage.ru_stime
        self.wall = time.monotonic() - begun


def field(path, name):
    """A number of /proc/PID/status; 0 once the process has none."""
    return next((int(line.split()[1]) for line in path.read_text().splitlines() if line.startswith(name)), 0)


class Place:
    """A sandbox and a fresh spool beside it."""

    def __init__(self, rows=None, sandbox=("--rate", "0"), rate="{requests: 100000}", more=""):
        self.sandbox_options, self.rows, self.rate, self.more = sandbox, rows, rate, more

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-bench-"))
        self.api = subprocess.Popen([BINARIES / "sluice-sandbox", "--port", "0", *self.sandbox_options],
                                    stdout=subprocess.PIPE, text=True)
        self.url = self.api.stdout.readline().split()[-1]
        self.settings = self.spool("spool")
        if self.rows:
            self.drop("orders.csv", range(self.rows))
        return self

    def __exit__(self, *_):
        self.api.terminate()
        self.api.wait()
        self.api.stdout.close()
        # Not now: ext4 without a journal looks, for each new file, at every one that was deleted in the last minutes,
        # and the next run would pay for it.
        atexit.register(shutil.rmtree, self.folder)

    def spool(self, name, url=None):
        root = self.folder / name
        (root / "inbox").mkdir(parents=True)
        credential = self.folder / "authorization"
        if not credential.exists():  # another spool's process may be reading it
            credential.write_text("token\n")
            credential.chmod(0o600)
        settings = self.folder / f"{name}.yaml"
        settings.write_text(f'spool: {root}\nupstream: {{base_url: "{url or self.url}", '
                            f"authorization: {{file: {credential}}}}}\nrate: {self.rate}\nlog: {{level: warn}}\n"
                            f"{self.more}")
        return settings

    def drop(self, name, numbers, spool="spool"):
        half = self.folder / f"{name}.half"
        half.write_text(instructions.HEADER + "".join(instructions.order_line(n) for n in numbers))
        half.rename(self.folder / spool / "inbox" / name)

    def command(self, word, settings=None):
        return [BINARIES / "sluice", word, "--config", settings or self.settings]

    def drain(self):
        run = Run(self.command("drain"))
        if run.code != 0:
            raise RuntimeError(f"drain ended with {run.code}")
        return run

    def stats(self):
        with urllib.request.urlopen(urllib.parse.urljoin(self.url, "/sandbox/stats")) as answer:
            return json.load(answer)


def median_of(measure, times=3):
    return statistics.median(measure() for _ in range(times))


def b1():
    cost = instructions.an_order(BINARIES, 1000, 11_000)
    return f"{cost:,.0f} user instructions an order", "must 20,000"


def drain_cpu():
    with Place(ROWS) as place:
        return place.drain().cpu


def peer_cpu(command, rows):
    """Seconds of CPU that a peer takes for as many orders as ROWS; None: it isn't there, or failed."""
    with Place(rows) as place:
        source = place.folder / "spool" / "inbox" / "orders.csv"
        run = Run([*command, place.url, source, place.folder / "results.csv"])
        whole = run.code == 0 and place.stats()["applied_orders"] == rows
        return run.cpu * ROWS / rows if whole else None


def node_modules():
    folder = BINARIES.parent / "bench-node"
    if not (folder / "node_modules" / "csv-parse").exists():
        folder.mkdir(exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--prefix", folder, "undici@6", "csv-parse@5"], check=True,
                       stdout=subprocess.DEVNULL)
    return folder


def peers():
    """What each takes, and of how many orders that was measured."""
    here = pathlib.Path(__file__).parent
    yield "an asyncio script", [SYSTEM_PYTHON, here / "peer_aiohttp.py"], ROWS
    if shutil.which("npm"):
        yield "Node with undici", ["node", here / "peer_node.mjs", node_modules()], ROWS
    if shutil.which("parallel"):
        yield "GNU parallel and curl", ["bash", here / "peer_parallel.sh"], ROWS // 10


def b2():
    ours = median_of(drain_cpu)
    told, times = [], []
    for name, command, rows in peers():
        took = [peer_cpu(command, rows) for _ in range(3)]
        told.append(f"{name}: " + ("failed" if None in took else f"{statistics.median(took):.2f} s"))
        times.append("-" if None in took else f"{statistics.median(took) / ours:.1f}×")
    return f"{ours:.2f} s of CPU for {ROWS:,} orders; " + ", ".join(told), " / ".join(times) + " less; must 5 / 3"


def b3():
    with Place() as place:
        path = place.folder / "million.csv"
        path.write_text(instructions.HEADER + instructions.order_lines(1_000_000))
        ours = median_of(lambda: Run([BINARIES / "sluice", "check", path, "--config", place.settings]).cpu)
        peer = median_of(lambda: Run(["sha256sum", path]).cpu)
    return f"{ours:.2f} s of CPU for a million rows; sha256sum {peer:.3f} s", f"{ours / peer:.1f}×, must 4×"


def b4():
    peaks = []
    for rows in (ROWS // 10, 10 * ROWS, 50 * ROWS):
        with Place(rows, more=f"guard: {{max_rows: {rows}}}\n") as place:
            peaks.append((rows, place.drain().peak / 1024))
    slope = (peaks[-1][1] - peaks[0][1]) * 2**20 / (peaks[-1][0] - peaks[0][0])
    return ", ".join(f"{peak:.1f} MB at {rows:,} rows" for rows, peak in peaks), f"{slope:.0f} B a row"


def b5():
    used = []
    for latency, jitter in ((5, 2), (50, 20), (400, 100)):
        options = ("--rate", "10", "--latency", f"{latency}ms", "--jitter", f"{jitter}ms")
        with Place(300, options, "{requests: 10}", "batch: {orders: 1}\n") as place:
            place.drain()
            used.append(f"{place.stats()['requests_per_second'] * 10:.1f}")
    return " / ".join(used) + " % of 10 a second at 5 / 50 / 400 ms", "must 98 / 97 / 95 %"


def b5_stalls():
    rows = 1200
    options = ("--rate", "10", "--latency", "400ms", "--jitter", "100ms", "--stall", "200ms", "--stall-every", "10s")
    with Place(rows, options, "{requests: 10}", "batch: {orders: 1}\n") as place:
        place.drain()
        stats = place.stats()
    refused, lost = stats["requests"] - rows, rows - stats["applied_orders"]
    return (f"{refused} of {stats['requests']} requests refused, {lost} orders lost, "
            f"{stats['requests_per_second'] * 10:.1f} % of the limit in all"), "must 0.5 %, none"


def through(kind):
    """A drain of 300 requests at 10 a second through this limiter: use of the limit, and how many were refused."""
    with (Place(rate="{requests: 10}", more="batch: {orders: 1}\n") as place,
          proxies.proxy(kind, place.url, place.folder) as url):
        settings = place.spool("limited", url)
        place.drop("orders.csv", range(300), "limited")
        if Run(place.command("drain", settings)).code != 0:
            raise RuntimeError(f"the drain through {kind} failed")
        summary, = (place.folder / "limited" / "outbox").glob("*.summary.json")
        return place.stats()["requests_per_second"] * 10, json.loads(summary.read_text())["requests"] - 300


def b6():
    told = [(kind, *through(kind)) for kind in proxies.COMMANDS]
    return "; ".join(f"{kind}: {used:.1f} %, {refused} refused" for kind, used, refused in told), "must 97 %, 0"


def b7():
    files = 3000

    def measure():
        with Place() as place:
            for n in range(files):
                place.drop(f"f{n}.csv", range(3 * n, 3 * n + 3))
            return place.drain()
    runs = sorted((measure() for _ in range(3)), key=lambda run: run.wall)
    run = runs[1]
    return f"{run.wall / files * 1e3:.2f} ms and {run.cpu / files * 1e3:.2f} CPU-ms a file of 3 rows", "must 2.5 and 1.5"


def accounts_cpu(accounts, rows):
    """Seconds of CPU that so many drains take side by side, of `rows` orders each."""
    with Place(None, ("--rate", "0", "--latency", "20ms"), "{requests: 10}", "batch: {orders: 1}\n") as place:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        running = []
        for n in range(accounts):
            settings = place.spool(f"spool{n}")
            place.drop("orders.csv", range(n * rows, (n + 1) * rows), f"spool{n}")
            running.append(subprocess.Popen(place.command("drain", settings), stdout=subprocess.DEVNULL,
                                            stderr=subprocess.DEVNULL))
        failed = [process.wait() for process in running]
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if any(failed):
        raise RuntimeError("an account's drain failed")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def b8():
    accounts, few, many = 50, 101, 301
    # The slope, as of B1: an account starts once and sends all year. Its first hundred requests cost more, since the
    # ledger's log still grows.
    begun = accounts_cpu(accounts, few)
    slope = (accounts_cpu(accounts, many) - begun) / (many - few)
    return (f"{slope / accounts * 1e3:.2f} CPU-ms a request, {accounts} accounts at 10 a second; of the first {few}, with "
            f"what starting and ending a drain costs, {begun / accounts / few * 1e3:.2f}", "must 0.6")


def idle_daemon(place, spool="spool"):
    daemon = subprocess.Popen(place.command("run"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not (place.folder / spool / "control.sock").exists():
        time.sleep(0.01)
    time.sleep(1)
    return daemon


def end(daemon):
    daemon.send_signal(signal.SIGTERM)
    daemon.wait()


class Relay:
    """Passes bytes on to the API, and says when those of a request came."""

    def __init__(self, url):
        self.api = urllib.parse.urlsplit(url)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}{self.api.path}"
        self.came = queue.Queue()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                ours, _ = self.listener.accept()
            except OSError:
                return
            theirs = socket.create_connection((self.api.hostname, self.api.port))
            threading.Thread(target=self.pump, args=(ours, theirs, self.came.put), daemon=True).start()
            threading.Thread(target=self.pump, args=(theirs, ours, lambda _: None), daemon=True).start()

    @staticmethod
    def pump(source, sink, tell):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                tell(time.monotonic())
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)


def b9():
    waits = []
    with Place() as place:
        relay = Relay(place.url)
        place.settings = place.spool("relayed", relay.url)
        daemon = idle_daemon(place, "relayed")
        for n in range(101):
            begun = time.monotonic()
            place.drop(f"f{n}.csv", [n], "relayed")
            waits.append(relay.came.get() - begun)
            outbox = place.folder / "relayed" / "outbox"
            while len(list(outbox.glob("*.summary.json"))) <= n:  # until it is idle again
                time.sleep(0.01)
            while not relay.came.empty():  # what came after the first bytes
                relay.came.get()
        end(daemon)
        relay.listener.close()
    del waits[0]  # it waited for the window of a gate that was new
    return (f"{statistics.median(waits) * 1e3:.1f} ms from drop to first byte, worst of {len(waits)} "
            f"{max(waits) * 1e3:.1f} ms", "must 5 and 20")


def b10():
    rows = 1_000_000
    with Place(rows) as place:
        daemon = subprocess.Popen(place.command("run"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while place.stats()["applied_orders"] < rows // 20:
            time.sleep(0.01)
        waits = []
        for _ in range(3):
            daemon.kill()
            daemon.wait()
            requests = place.stats()["requests"]
            begun = time.monotonic()
            daemon = subprocess.Popen(place.command("run"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while place.stats()["requests"] == requests:
                time.sleep(0.0005)
            waits.append(time.monotonic() - begun)
        daemon.kill()
        daemon.wait()
    return f"{statistics.median(waits) * 1e3:.0f} ms from start to first request, within a million rows", "must 300 ms"


def b11():
    with Place() as place:
        daemon = idle_daemon(place)
        tasks = pathlib.Path(f"/proc/{daemon.pid}/task")

        def switches():
            return sum(field(task / "status", "voluntary_ctxt") for task in tasks.iterdir())
        before, begun = switches(), time.monotonic()
        time.sleep(10)
        wakes = (switches() - before) / (time.monotonic() - begun)
        memory = field(pathlib.Path(f"/proc/{daemon.pid}/status"), "RssAnon") / 1024
        end(daemon)
    return f"{memory:.1f} MB of its own (RssAnon), {wakes:.1f} wake-ups a second", "as it is: 1.4 and 0.5"


def b12():
    with Place(ROWS) as place:
        daemon = subprocess.Popen(place.command("run"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while place.stats()["applied_orders"] < ROWS * 9 // 10:
            time.sleep(0.005)
        daemon.kill()
        daemon.wait()
        answered = place.stats()["applied_orders"]
        under_way = sum(path.stat().st_size for path in (place.folder / "spool" / "state").glob("ledger*"))
        place.drain()
        after = sum(path.stat().st_size for path in (place.folder / "spool" / "state").glob("ledger*"))
    return (f"{under_way / answered:.0f} B an order under way, log included; {after / 1e6:.1f} MB in all afterwards",
            "must 60 B")


TABLE = {
    "B1": ("a whole drain, batches of 50", b1),
    "B2": ("the same in CPU, beside a script", b2),
    "B3": ("a survey, beside sha256sum", b3),
    "B4": ("peak of memory", b4),
    "B5": ("use of the limit", b5),
    "B5b": ("the same of a service that stands still 200 ms every 10 s", b5_stalls),
    "B6": ("through a limiter", b6),
    "B7": ("many small files", b7),
    "B8": ("many accounts, one order a request", b8),
    "B9": ("drop by rename, idle daemon", b9),
    "B10": ("restart within a job", b10),
    "B11": ("idle daemon", b11),
    "B12": ("size on disk", b12),
}


def main():
    global BINARIES, ROWS
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--only", default=",".join(TABLE))
    options = parser.parse_args()
    BINARIES, ROWS = options.binaries.resolve(), options.rows
    with open(options.out, "w") as out:
        def say(line):
            print(line, flush=True)
            print(line, file=out, flush=True)
        say("| | what | measured | |\n|---|---|---|---|")
        for name in options.only.split(","):
            what, measure = TABLE[name]
            try:
                measured, beside = measure()
            except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
                measured, beside = f"not measured: {error}", ""
            say(f"| {name} | {what} | {measured} | {beside} |")


if __name__ == "__main__":
    main()
