"""Faults of what is around."""

import os

from stage import order_files, wait_until

CREATE = order_files.create_orders
HOLD = {"retry": {"in_doubt": "hold"}}
SLOW = {"batch": {"orders": 1}, "rate": {"requests": 20}}


def paused(kinds, *faults, options=(), settings=None):
    """Status while the line is paused by what the API says."""
    def mishap(stage):
        client = stage.open(*options, settings=settings)
        if faults:
            stage.api.set_faults(*faults)
        client.run_daemon()
        stage.drop(CREATE(3))
        stage.until_paused(*kinds)
        stage.command("status")
    return mishap


def refused_connection(stage):
    client = stage.open()
    stage.api.stop()
    client.run_daemon()
    stage.drop(CREATE(3))
    stage.until_paused("outage")
    stage.command("status")


def throttled(stage):
    client = stage.open()
    stage.api.set_faults("429")
    client.run_daemon()
    stage.drop(CREATE(3))
    wait_until(lambda: client.status()["throttled"] > 0, 60, "a throttled request")
    stage.command("status")


def finished(*faults, settings=None, orders=1):
    """What the results say."""
    def mishap(stage):
        client = stage.open(settings=settings)
        stage.api.set_faults(*faults)
        stage.drop(CREATE(orders))
        client.drain("--within", "60s")
        stage.rows()
        stage.command("status")
    return mishap


def no_credential(stage):
    client = stage.open()
    client.credential_file.unlink()
    stage.command("drain")


def open_credential(stage):
    client = stage.open()
    client.credential_file.chmod(0o666)
    stage.command("config", "--check")


def refused_alike(stage):
    client = stage.open("--nickname-limit", "1", settings={"batch": {"orders": 10}})
    client.run_daemon()
    stage.drop(CREATE(400))
    wait_until(lambda: all(job["held"] for job in client.status()["jobs"]), 60, "the jobs held")
    stage.command("status")


def https_to_plain(stage):
    client = stage.open()
    client.configure({"upstream": {"base_url": stage.api.url.replace("http:", "https:")}})
    client.run_daemon()
    stage.drop(CREATE(3))
    wait_until(lambda: client.status()["pause"] != "none", 60, "a pause")
    stage.command("status")


def strange_certificate(stage):
    client = stage.open()
    stage.api = stage.sandbox("--rate", "0", name="tls", tls=True)
    client.sandbox = stage.api
    client.configure({})
    client.configure({}, drop=[("upstream", "ca_file")])
    client.run_daemon()
    stage.drop(CREATE(3))
    stage.until_paused("certificate")
    stage.command("status")


def wrong_setting(stage):
    client = stage.open()
    client.config.write_text(client.config.read_text() + "rates:\n  requests: 10\n")
    stage.command("config")


def bad_unit(stage):
    client = stage.open()
    client.configure({"retry": {"first_delay": "6 seconds"}})
    stage.command("config")


def lost_ledger(stage):
    client = stage.open()
    client.drop("orders.csv", order_files.as_csv(CREATE(1)))
    client.drain(expect=0)
    for path in (client.root / "state").glob("ledger*"):
        path.unlink()
    stage.command("drain")


def second_process(stage):
    client = stage.open()
    client.run_daemon()
    stage.command("drain")


def said_twice(stage):
    client = stage.open(settings=HOLD)
    stage.api.set_faults("reset-after")
    client.drop("orders.csv", order_files.as_csv(CREATE(1)))
    client.drain("--within", "60s")
    job = client.only_job().id
    client.sluice("resolve", job, "--applied", expect=0)
    stage.command("resolve", job, "--not-applied")


def file_cap(stage):
    client = stage.open(settings={"guard": {"max_orders_per_file": 2}})
    client.run_daemon()
    stage.drop(CREATE(3))
    wait_until(lambda: len(client.status()["jobs"]) == 2 and all(j["held"] for j in client.status()["jobs"]), 60, "holds")
    stage.command("status")


def by_an_operator(stage):
    client = stage.open("--latency", "10ms", settings=SLOW)
    client.run_daemon()
    stage.drop(CREATE(200))
    wait_until(lambda: len([j for j in client.status()["jobs"] if j["state"] == "sending"]) == 2, 60, "two jobs")
    job = client.status()["jobs"][0]["job"]
    stage.command("hold", job)
    stage.command("pause")
    stage.command("show", job)
    stage.command("status")


def nobody_runs(stage):
    client = stage.open()
    client.drain(expect=0)
    stage.command("status")
    stage.command("hold", "20250101-7")


def hard_link(stage):
    client = stage.open()
    client.run_daemon()
    other = client.folder / "orders.csv"
    other.write_text(order_files.as_csv(CREATE(1)))
    os.link(other, client.root / "inbox/orders.csv")
    wait_until(lambda: client.status()["waiting"], 60, "the file seen")
    stage.command("status")


FAULTS = {
    "connection refused": refused_connection,
    "401": paused(["authorization"], "401"),
    "403": paused(["authorization"], "403"),
    "429": throttled,
    "502": paused(["outage"], "502"),
    "413 for one order": finished("413"),
    "in doubt": finished("reset-after", settings=HOLD),
    "internal error, again and again": finished("status9", settings={"retry": {"attempts": 2}}),
    "credential missing": no_credential,
    "credential that everybody may write": open_credential,
    "refused alike": refused_alike,
    "https to a plain port": https_to_plain,
    "a certificate of nobody": strange_certificate,
    "a web page instead of the API": paused(["address"], "html"),
    "an unknown setting": wrong_setting,
    "a bad unit": bad_unit,
    "the ledger is lost": lost_ledger,
    "a second process": second_process,
    "the contrary said": said_twice,
    "more orders than the cap": file_cap,
    "held and paused by a person": by_an_operator,
    "nobody runs": nobody_runs,
    "a file with another name": hard_link,
}
