"""A spool with its configuration and credential, and what `sluice` leaves in it."""

import collections
import csv
import io
import json
import os
import pathlib
import re
import secrets
import shutil
import socket
import subprocess

from processes import PATIENCE, SLUICE, end_process, wait_until

FAILED = {"refused", "invalid", "failed", "not_sent"}
RESULT_COLUMNS = ["result", "result_status", "result_message", "result_order_id", "result_start_time",
                  "result_end_time", "result_row", "result_attempts", "result_request", "result_at", "result_text"]
# What commands say, whoever runs the tests.
ENGLISH = {"LC_ALL": "C.UTF-8"}
CHINESE = {"LC_ALL": "zh_CN.UTF-8"}
# Quick enough for a test; everything else as shipped.
QUICK = {
    "upstream": {"response_timeout": "5s", "connect_timeout": "5s"},
    "retry": {"first_delay": "200ms", "max_delay": "1s", "outage": "20s"},
    "inbox": {"settle": "100ms", "scan_every": "1s"},
    "log": {"level": "debug"},
}
# For tests that are not about the pace.
UNPACED = {"rate": {"requests": 2000, "per": "1s"}}


def merged(*settings):
    """Later ones win; two levels, as the configuration has."""
    result = {}
    for one in settings:
        for key, value in one.items():
            if isinstance(value, dict):
                result[key] = {**result.get(key, {}), **value}
            else:
                result[key] = value
    return result


def as_yaml(settings):
    lines = []
    for key, value in settings.items():
        if isinstance(value, dict):
            lines.append(f"{key}:")
            lines += [f"  {k}: {json.dumps(v) if isinstance(v, (str, dict, bool)) else v}" for k, v in value.items()]
        else:
            lines.append(f"{key}: {json.dumps(value)}")
    return "\n".join(lines) + "\n"


def decode(data):
    """Text of an output file, whatever the input's encoding was; the encoding's name."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("gb18030"), "gb18030"


def read_rows(path):
    """The rows of a results, failures or in-doubt file, as dictionaries; JSON results get the columns' names."""
    text, _ = decode(path.read_bytes())
    if text.lstrip().startswith(("{", "[")):
        return _json_rows(text)
    first = text.split("\n", 1)[0]
    if first.startswith("sep="):
        text = text.split("\n", 1)[1]
        first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def _json_rows(text):
    try:
        document = json.loads(text)
        if isinstance(document, dict):
            lists = [v for v in document.values() if isinstance(v, list)]
            document = lists[0] if lists else [document]
    except json.JSONDecodeError:
        document = [json.loads(line) for line in text.splitlines() if line.strip()]
    rows = []
    for element in document:
        row = {k: v for k, v in element.items() if k != "result"}
        for name, value in element["result"].items():
            column = "result" if name == "outcome" else f"result_{name}"
            row[column] = "" if value is None else str(value)
        rows.append(row)
    return rows


class Job:
    """A finished job's outputs."""

    def __init__(self, summary_path):
        stem = summary_path.name[: -len(".summary.json")]
        self.summary = json.loads(summary_path.read_text())
        self.id = re.search(r"\d{8}-\d+$", stem).group()
        found = {}
        for path in summary_path.parent.iterdir():
            # Not NAME.JOB.failures.LATER-JOB.results.csv, which a failures file dropped in again leaves.
            kind = re.fullmatch(re.escape(stem) + r"\.(results|failures|in-doubt)(\.[^.]*)?", path.name, re.DOTALL)
            if kind:
                found[kind[1]] = path
        self.results_path = found["results"]
        self.failures_path = found.get("failures")
        self.in_doubt_path = found.get("in-doubt")
        self.results = read_rows(self.results_path)
        self.failures = read_rows(self.failures_path) if self.failures_path else []
        self.in_doubt = read_rows(self.in_doubt_path) if self.in_doubt_path else []

    @property
    def counts(self):
        return dict(collections.Counter(row["result"] for row in self.results))

    def check_whole(self, case, rows):
        """I1 and I4 as far as the files tell: each row once, and in the files its outcome belongs in."""
        case.assertEqual(len(self.results), rows, "every row has its result")
        case.assertEqual(self.summary["rows"], rows)
        counts = {k: v for k, v in self.summary["counts"].items() if v}
        case.assertEqual(counts, self.counts, "the summary counts what the results say")
        case.assertEqual(self.failures_path is None, not self.failures, "a failures file only when it has rows")
        failed = [row["result"] for row in self.results if row["result"] in FAILED]
        case.assertEqual([row["result"] for row in self.failures], failed)
        doubtful = [row for row in self.results if row["result"] == "in_doubt"]
        case.assertEqual(len(self.in_doubt), len(doubtful))


class Spool:
    """One spool of one test."""

    def __init__(self, folder, sandbox, settings=None, credential=None):
        self.folder = pathlib.Path(folder)
        self.program = SLUICE
        self.root = self.folder / "spool"
        self.socket = "control.sock"
        for name in ("spool", "spool/inbox", "logs"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.credential = credential or f"Bearer e2e-{secrets.token_hex(16)}"
        self.credential_file = self.folder / "authorization"
        self.write_credential(self.credential)
        self.sandbox = sandbox
        self.config = self.folder / "sluice.yaml"
        self.commands = 0
        self.daemons = []
        self.configure(settings or {})

    def let_anybody_run_it(self):
        """A copy: the build may lie where another user can't come, in root's home."""
        self.folder.chmod(0o755)
        self.program = shutil.copy(SLUICE, self.folder)

    def write_credential(self, value):
        half = self.credential_file.with_suffix(".new")
        half.write_text(value + "\n")
        half.chmod(0o600)
        half.rename(self.credential_file)

    def configure(self, settings, drop=()):
        upstream = {"base_url": self.sandbox.url, "authorization": {"file": str(self.credential_file)}}
        if self.sandbox.tls:
            upstream["ca_file"] = self.sandbox.ca_file
        self.settings = merged(QUICK, {"spool": str(self.root), "upstream": upstream}, settings)
        for section, key in drop:
            del self.settings[section][key]
        self.config.write_text(as_yaml(self.settings))

    def drop(self, name, content, folder="inbox"):
        """As a careful writer does it: written elsewhere on the filesystem, then renamed into the inbox."""
        data = content if isinstance(content, bytes) else content.encode()
        half = self.root / f".half-{secrets.token_hex(4)}"
        half.write_bytes(data)
        target = self.root / folder / name
        half.rename(target)
        return target

    def sluice(self, *words, timeout=2 * PATIENCE, expect=None, env=None):
        """Runs a command to its end; all it printed stays in logs/ too."""
        result = subprocess.run([self.program, "--config", str(self.config), *words], capture_output=True, text=True,
                                timeout=timeout, env={**os.environ, **ENGLISH, **(env or {})})
        self.commands += 1
        log = self.folder / "logs" / f"{self.commands:03}-{words[0]}.log"
        log.write_text(result.stdout + result.stderr)
        if expect is not None and result.returncode != expect:
            raise AssertionError(f"sluice {' '.join(words)}: exit {result.returncode}, not {expect}\n{log.read_text()[-6000:]}")
        return result

    def drain(self, *words, **more):
        return self.sluice("drain", *words, **more)

    def start(self, *words, env=None, **more):
        """A command in the background; its output goes to logs/. More: Popen's own."""
        self.commands += 1
        log = self.folder / "logs" / f"{self.commands:03}-{words[0]}.log"
        with open(log, "wb") as out:
            process = subprocess.Popen([self.program, "--config", str(self.config), *words], stdout=out,
                                       stderr=subprocess.STDOUT, env={**os.environ, **ENGLISH, **(env or {})}, **more)
        process.log = log
        self.daemons.append(process)
        return process

    def run_daemon(self, **more):
        """`sluice run`, ready: it has taken up what was left, or says what it waits for."""
        daemon = self.start("run", **more)

        def works():
            if daemon.poll() is not None:
                raise AssertionError(f"sluice run ended with {daemon.returncode}\n{daemon.log.read_text()[-6000:]}")
            status = self.ask_socket("/status")
            return status and (not status.get("note") or status.get("pause", "none") != "none")
        wait_until(works, what="a daemon that works the spool")
        return daemon

    def socket_answer(self, target):
        """What the daemon's socket answers, head and body."""
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(30)
            peer.connect(str(self.root / self.socket))
            peer.sendall(f"GET {target} HTTP/1.1\r\nHost: sluice\r\nConnection: close\r\n\r\n".encode())
            return b"".join(iter(lambda: peer.recv(65536), b""))

    def ask_socket(self, target):
        """What the daemon's socket answers; None: nobody does. (One that was killed leaves its socket behind.)"""
        try:
            answer = self.socket_answer(target)
        except OSError:
            return None
        head, _, body = answer.partition(b"\r\n\r\n")
        return json.loads(body) if b" 200 " in head.partition(b"\r\n")[0] else None

    def status(self):
        return json.loads(self.sluice("status", "--json", expect=0).stdout)

    def end_all(self):
        for daemon in self.daemons:
            if daemon.poll() is None:
                end_process(daemon)

    def finished(self):
        """All jobs with a summary, in the order of their ids."""
        summaries = (self.root / "outbox").glob("*.summary.json")
        return sorted((Job(path) for path in summaries), key=lambda job: int(job.id.split("-")[1]))

    def only_job(self):
        jobs = self.finished()
        if len(jobs) != 1:
            raise AssertionError(f"{len(jobs)} finished jobs, not one: {self.listing()}")
        return jobs[0]

    def wait_for_jobs(self, count, within=2 * PATIENCE):
        wait_until(lambda: len(list((self.root / "outbox").glob("*.summary.json"))) >= count, within,
                   f"{count} finished jobs")
        return self.finished()

    def listing(self):
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file())
