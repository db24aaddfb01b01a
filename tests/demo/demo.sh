#!/usr/bin/env bash
# ./dev demo: the real programs on a spool of their own, against the sandbox on loopback.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
SLUICE=$PWD/build/release/sluice
DEMO=$PWD/build/demo
SPOOL=$DEMO/spool
PIDS=()
trap 'for pid in "${PIDS[@]}"; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done' EXIT

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

start() {  # sandbox options
  rm -rf "$DEMO"
  mkdir -p "$SPOOL/inbox"
  build/release/sluice-sandbox --port-file "$DEMO/port" --latency 20ms "$@" >"$DEMO/sandbox.log" 2>&1 &
  PIDS+=($!)
  until [[ -s $DEMO/port ]]; do sleep 0.05; done
  URL=http://127.0.0.1:$(<"$DEMO/port")
  (umask 077 && echo 'Bearer demo' >"$DEMO/authorization")
  cat >"$DEMO/sluice.yaml" <<EOF
spool: $SPOOL
upstream:
  base_url: $URL/prod-api/
  authorization: {file: $DEMO/authorization}
batch: {orders: 2}
retry: {first_delay: 200ms}
inbox: {settle: 200ms}
EOF
  export SLUICE_CONFIG=$DEMO/sluice.yaml
}

wait_for() {  # a file of the outbox, showing the bar meanwhile
  local lines=0
  until compgen -G "$SPOOL/$1" >/dev/null; do
    "$SLUICE" status >"$DEMO/status" || true
    ((lines == 0)) || printf '\033[%dA\033[J' "$lines"
    cat "$DEMO/status"
    lines=$(wc -l <"$DEMO/status")
    sleep 0.3
  done
}

orders() {  # FROM TO: rows of good orders, one uid each
  local i
  local isps=(联通 移动 电信 'China Unicom')
  local provinces=(广东 沪 Zhejiang 四川省)
  for ((i = $1; i <= $2; i++)); do
    printf 'host%d,%d,主播%d,%s,%s,否,%s,\n' "$i" $((7000000000 + i)) "$i" "${isps[i % 4]}" "${provinces[i / 4 % 4]}" "$END"
  done
}

END=$(date -d '+400 days' +%Y-%m)
HEADER='抖音号,用户ID,昵称,运营商,省份,是否续费,结束时间,备注'

pace() {
  start
  { echo "$HEADER"; orders 1 240; } >"$SPOOL/inbox/pace.csv"
  say "240 orders in batches of 2, at the default 10 requests a second, against 20 ms of latency"
  "$SLUICE" drain
  curl -s "$URL/sandbox/stats" | python3 -c '
import json, sys
stats = json.load(sys.stdin)
print("requests                    ", stats["requests"])
print("most arrivals in any second ", stats["worst_second"])
print("answered 429                ", stats["throttled"])
print("requests a second            %.2f" % stats["requests_per_second"])
print("orders applied              ", stats["applied_orders"], "of 240; more than once:", stats["applied_more_than_once"])'
}

whole() {
  start
  say "the daemon works $SPOOL"
  "$SLUICE" run 2>"$DEMO/sluice.log" &
  PIDS+=($!)
  until [[ -S $SPOOL/control.sock ]]; do sleep 0.05; done

  {
    echo "$HEADER"
    orders 1 117
    echo "host118,7000000118,主播118,铁通,广东,否,$END,ISP 不支持"
    echo "host119,96 x,主播119,联通,广东,否,$END,ID 有误"
    echo "host120,7000000120,这个昵称实在太长太长太长太长太长太长太长太长了,联通,广东,否,$END,昵称过长"
    orders 5 5
  } >"$DEMO/orders.csv"
  say "looking first, sending nothing: sluice check orders.csv"
  "$SLUICE" check "$DEMO/orders.csv" || true
  say "dropping orders.csv into the inbox"
  cp "$DEMO/orders.csv" "$SPOOL/inbox/"
  wait_for 'outbox/orders.*.summary.json'
  cat "$SPOOL"/outbox/orders.*.summary.json
  say "results (first rows), and all failures"
  head -4 "$SPOOL"/outbox/orders.*.results.csv
  cat "$SPOOL"/outbox/orders.*.failures.csv

  say "the failures file, mended, goes in again"
  sed -e 's/铁通/联通/' -e 's/96 x/7000000119/' -e 's/这个昵称[^,]*/主播120/' "$SPOOL"/outbox/orders.*.failures.csv \
    >"$SPOOL/inbox/mended.csv"
  wait_for 'outbox/mended.*.summary.json'
  cut -d, -f1,2,8- "$SPOOL"/outbox/mended.*.results.csv

  say "an update file: the first three orders go to other hosts"
  awk -F, -v day="$(date -d '+3 days' +%Y-%m-%d)" 'NR > 1 && NR <= 4 {
      printf "%s{\"orderId\":\"%s\",\"oldUid\":\"%s\",\"newUid\":\"800000000%d\",\"newDouyinId\":\"new%d\",\"executeTime\":\"%s\"}",
             NR == 2 ? "[" : ",\n ", $12, $2, NR, NR, day
    } END { print "]" }' "$SPOOL"/outbox/orders.*.results.csv >"$SPOOL/inbox/update.json"
  wait_for 'outbox/update.*.summary.json'
  cat "$SPOOL"/outbox/update.*.results.json
  say "where everything is"
  (cd "$SPOOL" && find inbox outbox archive rejected -type f | sort)
  echo "the log: $DEMO/sluice.log"
}

case ${1:-} in
  --pace) pace ;;
  '') whole ;;
  *) echo "usage: ./dev demo [--pace]" >&2; exit 64 ;;
esac
