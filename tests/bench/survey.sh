#!/usr/bin/env bash
# The same million rows in UTF-8 and in GB18030, surveyed in turn, three times each; times, ratio and peak memory.
set -euo pipefail
SLUICE=$1/sluice
ROWS=${ROWS:-1000000}
DIR=$(mktemp -d)
trap 'rm -rf "$DIR"' EXIT
python3 - "$DIR" "$ROWS" <<'EOF'
import sys
folder, rows = sys.argv[1], int(sys.argv[2])
text = "抖音号,用户ID,昵称,运营商,省份,是否续费,结束时间,备注\n" + "".join(
    f"zhubo{i},{7000000000 + i},主播钟勇{i},联通,广东省,否,2030-06,第{i}单\n" for i in range(rows))
open(f"{folder}/utf8.csv", "wb").write(text.encode())
open(f"{folder}/gb18030.csv", "wb").write(text.encode("gb18030"))
EOF
mkdir "$DIR/spool"
echo token >"$DIR/authorization"
chmod 600 "$DIR/authorization"
printf 'spool: %s\nupstream: {base_url: "http://127.0.0.1:9/", authorization: {file: %s}}\n' "$DIR/spool" \
  "$DIR/authorization" >"$DIR/sluice.yaml"
python3 - "$SLUICE" "$DIR" <<'EOF'
import os, resource, statistics, subprocess, sys
sluice, folder = sys.argv[1:]
took = {"utf8": [], "gb18030": []}
for _ in range(3):
    for name in took:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sluice, "check", f"{folder}/{name}.csv", "--config", f"{folder}/sluice.yaml"],
                       stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took[name].append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
for name, seconds in took.items():
    size = os.path.getsize(f"{folder}/{name}.csv")
    print(f"{name:<8} {statistics.median(seconds):6.2f} s of CPU, {size / 1e6 / statistics.median(seconds):6.1f} MB/s")
print(f"ratio    {statistics.median(took['gb18030']) / statistics.median(took['utf8']):6.2f}")
print(f"memory   {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:6.1f} MB at most")
EOF
