"""A PostgreSQL server of a test's own: in a temporary folder, on a socket there, by a user who is not root."""

import ctypes
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile

from processes import PATIENCE, a_port, wait_until

PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
# The operating system does not fail here, and what it has taken survives a server that is killed.
OPTIONS = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=16MB", "-c", "max_connections=60",
           "-c", "logging_collector=off", "-c", "log_line_prefix=%m [%p] %a "]


def another_user():
    """The server refuses to be root's (initdb(1))."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        except KeyError:
            continue
    raise AssertionError("no user but root: PostgreSQL can't be started")


LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1


def ends_with(parent):
    """Called in the child, as the user it will run as: however the test ends, SIGKILL too, its server stops
    (prctl(2)); its own processes see the postmaster's end."""
    def ask():
        if LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT) != 0 or os.getppid() != parent:
            os._exit(1)  # nobody waits for it any more
    return ask


class Database:
    """One server, one database `sluice`, one role of that name that owns nothing else."""

    def __init__(self):
        # A socket's address holds 107 bytes (unix(7)): not below a test's own folder.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-pg-"))
        self.by = another_user()
        if self.by:
            os.chown(self.folder, self.by["user"], self.by["group"])
            self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.process = None
        self.port = "5432"
        self.options = OPTIONS
        self.run("initdb", "-D", str(self.data), "-U", "owner", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        self.start()
        self.ask("CREATE ROLE sluice LOGIN", database="postgres")
        self.ask("CREATE DATABASE sluice OWNER sluice", database="postgres")

    @property
    def conninfo(self):
        return f"host={self.folder} dbname=sluice user=sluice"

    def run(self, program, *words):
        done = subprocess.run([PROGRAMS / program, *words], capture_output=True, text=True, cwd=self.folder,
                              timeout=2 * PATIENCE, **self.by)
        if done.returncode != 0:
            raise AssertionError(f"{program} {' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(self):
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(
                [PROGRAMS / "postgres", "-D", str(self.data), "-c", f"unix_socket_directories={self.folder}",
                 *self.options],
                stdout=out, stderr=out, cwd=self.folder, start_new_session=True, preexec_fn=ends_with(os.getpid()),
                **self.by)

        def answers():
            if self.process.poll() is not None:
                raise AssertionError(f"postgres ended with {self.process.returncode}\n{self.log.read_text()[-4000:]}")
            return subprocess.run([PROGRAMS / "pg_isready", "-q", "-h", self.folder, "-p", self.port, "-d", "postgres",
                                   "-U", "owner"],
                                  check=False).returncode == 0
        wait_until(answers, what="a PostgreSQL server that answers")

    def stop(self, how=signal.SIGINT):
        """SIGINT: at once, but in order. SIGQUIT: as if it had crashed (postgres(1))."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(PATIENCE)
            self.process = None

    def restart(self, how=signal.SIGQUIT):
        self.stop(how)
        self.start()

    def make_ca(self, name):
        """A certificate that signs itself; where it lies."""
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                     "-keyout", f"{name}.key", "-out", f"{name}.pem")
        return str(self.folder / f"{name}.pem")

    def openssl(self, *words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=self.folder, timeout=PATIENCE, **self.by)

    def listen_with_certificate(self):
        """From now on over TCP, too, as `localhost` under a CA of its own; on which port."""
        self.ca_file, self.another_ca_file = self.make_ca("ca"), self.make_ca("another")
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", "data/server.key",
                     "-out", "server.csr")
        (self.folder / "names").write_text("subjectAltName=DNS:localhost\n")
        self.openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                     "-days", "2", "-extfile", "names", "-out", "data/server.crt")
        port = a_port()
        self.stop()
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write(f"ssl = on\nlisten_addresses = 'localhost'\nport = {port}\n")
        self.port = str(port)
        self.options = [word for pair in zip(OPTIONS[::2], OPTIONS[1::2]) if "listen_addresses=" not in pair
                        for word in pair]
        self.start()
        return port

    def ask(self, sql, database="sluice", user="owner"):
        """The rows of one statement, as lists of text."""
        said = self.run("psql", "-X", "-A", "-t", "-q", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder),
                        "-p", self.port, "-U", user, "-d", database, "-c", sql)
        return [line.split("\t") for line in said.splitlines()]

    def terminate_all(self):
        """Cuts every connection of the role's; how many there were."""
        return len(self.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'sluice'"))

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder)
