#!/usr/bin/env bash
# What try.sh runs inside the booted Debian, step by step; each step says what it shows.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
spool=/var/spool/sluice
step() { printf '== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*"; journalctl -u sluice --no-pager | tail -20; exit 1; }
expect() { "$@" || fail "$*"; }
refuse() { ! "$@" >/dev/null 2>&1 || fail "should not hold: $*"; }
until_there() {  # SECONDS PATTERN: a file of this name
  local tenth
  for ((tenth = 0; tenth < $1 * 10; tenth++)); do
    compgen -G "$2" >/dev/null && return
    sleep 0.1
  done
  fail "$2 is not there after $1 s"
}
until_said() {  # SECONDS PATTERN COMMAND...: what a command prints has it
  local seconds=$1 pattern=$2 tenth
  shift 2
  for ((tenth = 0; tenth < seconds * 10; tenth++)); do
    "$@" 2>/dev/null | grep -m 3 -- "$pattern" && return
    sleep 0.1
  done
  fail "$* does not say $pattern after $seconds s"
}
metrics() {
  exec 3<>/dev/tcp/127.0.0.1/9464
  printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3
  cat <&3
}
counted() { grep -c ',accepted,' "$1" || true; }

began=$SECONDS
step "installed: user, group, folders, and nothing started"
apt-get update -qq
apt-get install -y -qq --no-install-recommends /try/sluice_*.deb /try/sluice-sandbox_*.deb >/try/apt.log 2>&1 || { cat /try/apt.log; fail install; }
refuse systemctl is-active sluice
refuse systemctl is-enabled sluice sluice-drain.timer
stat -c '%A %U:%G %n' "$spool" "$spool"/* /etc/sluice /etc/sluice/sluice.yaml

step "the example's address and a missing credential are refused, with words"
refuse runuser -u sluice -- sluice config --check
runuser -u sluice -- sluice config --check 2>&1 | head -5 || true

step "set up as the README says"
systemd-run -q --unit=sandbox sluice-sandbox --port 18080 --rate 0 || fail sandbox
sed -i 's#base_url: .*#base_url: http://127.0.0.1:18080/prod-api/#' /etc/sluice/sluice.yaml
printf 'rate: {requests: 100}\nbatch: {orders: 5}\ncontrol: {metrics: "127.0.0.1:9464"}\n' >>/etc/sluice/sluice.yaml
printf 'Bearer try' | install -o sluice -g sluice -m 600 /dev/stdin /etc/sluice/authorization
expect runuser -u sluice -- sluice config --check
useradd -m -G sluice-drop zhong
systemctl enable -q --now sluice || fail enable

step "a member of the group checks, drops and sees the result"
cat >/home/zhong/orders.csv <<'CSV'
抖音号,用户ID,昵称,运营商,省份,是否续费,结束时间
zhong70,94,钟勇,联通,广东,否,2027-06
CSV
expect runuser -u zhong -- sluice check /home/zhong/orders.csv
expect runuser -u zhong -- cp /home/zhong/orders.csv "$spool/inbox/"
until_there 20 "$spool/outbox/orders.*.summary.json"
cat "$spool"/outbox/orders.*.results.csv
expect [ "$(counted "$spool"/outbox/orders.*.results.csv)" = 1 ]
expect runuser -u zhong -- sluice status
refuse runuser -u zhong -- cat /etc/sluice/authorization

job=$(basename "$spool"/outbox/orders.*.summary.json | cut -d. -f2)
step "$job is seen in status --watch, in the journal, in /metrics and by find"
(timeout 2 runuser -u zhong -- sluice status --watch || true) | grep -m 1 "$job" || fail "status --watch"
until_said 60 "$job" journalctl -q --no-pager -o cat "SLUICE_JOB=$job"
until_said 60 'sluice_orders_total{result="accepted"} 1' metrics
until_said 60 "$job" runuser -u zhong -- sluice find 94
step "from the installation to here: $((SECONDS - began)) s"
expect [ $((SECONDS - began)) -lt 300 ]
expect systemctl reload sluice

step "upgraded under load: settings kept, nothing lost, nothing doubled"
{
  head -1 /home/zhong/orders.csv
  for ((i = 1; i <= 4000; i++)); do printf 'dy%d,%d,名%d,移动,广东,否,2027-06\n' "$i" $((100000 + i)) "$i"; done
} >/home/zhong/many.csv
runuser -u zhong -- cp /home/zhong/many.csv "$spool/inbox/"
until_there 20 "$spool/outbox/many.*.progress.txt"
apt-get install -y -qq -o Dpkg::Options::=--force-confold /try/next.deb >/try/apt.log 2>&1 || { cat /try/apt.log; fail upgrade; }
refuse ls "$spool"/outbox/many.*.summary.json
expect grep -q 127.0.0.1:18080 /etc/sluice/sluice.yaml
until_there 120 "$spool/outbox/many.*.summary.json"
cat "$spool"/outbox/many.*.summary.json
expect [ "$(counted "$spool"/outbox/many.*.results.csv)" = 4000 ]
dpkg-query -W sluice

step "removed: the unit is gone, the spool and the settings stay"
apt-get remove -y -qq sluice >/dev/null
refuse systemctl is-active sluice
expect [ -e /etc/sluice/sluice.yaml ]
expect ls "$spool"/outbox/many.*.results.csv

step "purged: the credential goes, a spool that has files stays"
apt-get purge -y -qq sluice >/try/apt.log 2>&1
grep 'has files and stays' /try/apt.log || fail "purge says nothing of the spool"
refuse [ -e /etc/sluice/authorization ]
expect ls "$spool"/outbox/many.*.results.csv
touch /try/passed
step "all of it held"
