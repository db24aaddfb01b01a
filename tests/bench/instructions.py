#!/usr/bin/env python3
"""User instructions an order, by callgrind: a whole `sluice drain` against a sandbox on loopback, batches of 50, the rate
lifted. The slope between two files, so that what starting and ending cost is in neither.

    instructions.py [--top N] BINARY_DIR [FEW MANY]
"""

import argparse
import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

HEADER = "douyinId,uid,nickname,source,province,isRenew,endMonthTime\n"


def order_line(n):
    return f"zhubo{n},{7000000000 + n},anchor{n},联通,广东,false,2099-06\n"


def order_lines(count):
    return "".join(order_line(n) for n in range(count))


@contextlib.contextmanager
def sandbox(binaries):
    """A sandbox without a limit; yields its URL."""
    process = subprocess.Popen([binaries / "sluice-sandbox", "--port", "0", "--rate", "0"], stdout=subprocess.PIPE,
                               text=True)
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def make_spool(folder, url, rows):
    (folder / "spool" / "inbox").mkdir(parents=True)
    (folder / "spool" / "inbox" / "orders.csv").write_text(HEADER + order_lines(rows))
    credential = folder / "authorization"
    credential.write_text("token\n")
    credential.chmod(0o600)
    settings = folder / "sluice.yaml"
    settings.write_text(f'spool: {folder}/spool\nupstream: {{base_url: "{url}", authorization: {{file: {credential}}}}}\n'
                        "rate: {requests: 100000}\nlog: {level: warn}\n")
    return settings


def profile(binaries, rows, out):
    """Runs a drain of `rows` orders under callgrind; its instructions."""
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as name, sandbox(binaries) as url:
        folder = pathlib.Path(name)
        program = folder / "sluice"
        shutil.copy(binaries / "sluice", program)
        # valgrind can't read what clang 19 writes for debuggers; the names of functions are elsewhere.
        subprocess.run(["strip", "-g", program], check=True)
        subprocess.run(["valgrind", "--tool=callgrind", "--dump-instr=no", f"--callgrind-out-file={out}", program,
                        "drain", "--config", make_spool(folder, url, rows)],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        results = list((folder / "spool" / "outbox").glob("*.results.csv"))
        if len(results) != 1 or results[0].read_text().count("\n") != rows + 1:
            raise RuntimeError(f"the drain of {rows} orders did not end as it should")
    return int(re.search(r"^(?:summary|totals): (\d+)", pathlib.Path(out).read_text(), re.MULTILINE)[1])


def an_order(binaries, few=1000, many=2000):
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as name:
        counts = [profile(pathlib.Path(binaries), rows, f"{name}/callgrind.out") for rows in (few, many)]
    return (counts[1] - counts[0]) / (many - few)


def top(binaries, rows, functions):
    """The functions that cost most, with what they call, in instructions an order."""
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as name:
        profile(pathlib.Path(binaries), rows, f"{name}/callgrind.out")
        for how in ("yes", "no"):
            listing = subprocess.run(["callgrind_annotate", f"--inclusive={how}", "--threshold=100",
                                      f"{name}/callgrind.out"], capture_output=True, text=True, check=True).stdout
            print("with what they call" if how == "yes" else "alone")
            lines = re.findall(r"^ *([\d,]+) \([ \d.]+%\) +\S*?:(.*)$", listing, re.MULTILINE)
            for cost, function in lines[:functions]:
                print(f"{int(cost.replace(',', '')) / rows:10.0f}  {function[:150]}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--top", type=int, default=0)
    parser.add_argument("binaries", type=pathlib.Path)
    parser.add_argument("few", type=int, nargs="?", default=1000)
    parser.add_argument("many", type=int, nargs="?", default=11000)
    options = parser.parse_args()
    if options.top:
        top(options.binaries, options.many, options.top)
    else:
        print(f"{an_order(options.binaries, options.few, options.many):.0f} user instructions an order")


if __name__ == "__main__":
    main()
