#!/usr/bin/env bash
# The asyncio script's work (peer_aiohttp.py) with what a shell has: awk makes the bodies, GNU parallel starts a curl for
# each. The answers are kept as they come, and put to no row.
#
#     peer_parallel.sh URL ORDERS RESULTS
set -euo pipefail
url=${1%/}/acdn/volc/hostAcceleratePackRest/createHostAcceleratePackOrder
awk -F, '
  function flush() { if (n) print "{\"packOrder\":[" body "]}"; body = ""; n = 0 }
  NR > 1 {
    body = body (n++ ? "," : "") sprintf("{\"douyinId\":\"%s\",\"source\":\"%s\",\"uid\":\"%s\",\"province\":\"粤\"," \
      "\"endMonthTime\":\"%s\",\"isRenew\":%s,\"nickname\":\"%s\"}", $1, $4, $2, $7, $6, $3)
    if (n == 50) flush()
  }
  END { flush() }' "$2" |
  parallel --will-cite -j 1 --pipe -N 1 \
    curl -sS --fail -H "'Authorization: token'" -H "'Content-Type: application/json'" --data-binary @- "$url" >"$3"
