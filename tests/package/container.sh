#!/usr/bin/env bash
# container.sh FOLDER: the image that packaging/container describes, made of the package in FOLDER in a folder, and run as
# a container is: one process as number 1, no root, no capability, a root that can't be written. Needs root and, for
# Debian's packages, the network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
packages=$(realpath "../../${1:?folder of the packages}")
. ./bare_debian.sh
bare_debian "$packages/bare-slim"  # as bookworm-slim, it has no systemd
work=$(mktemp -d "$packages/container.XXXXXX")
root=$work/root
sandbox=
container=
finish() {
  for process in $container $sandbox; do kill "$process" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap finish EXIT
step() { printf '== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*"; tail -20 "$work/log"; ls -lR "$work/spool"; exit 1; }
until_it_holds() {  # SECONDS COMMAND...
  local end=$((SECONDS + $1)); shift
  until "$@"; do ((SECONDS < end)) || fail "not within its time: $*"; sleep 0.1; done
}

step "the image: RUN's script in a bare Debian"
cp -a "$packages/bare-slim" "$root"
mkdir "$root/build"
cp "$packages"/sluice_*.deb "$root/build/sluice.deb"
cp ../../packaging/container/set-up.sh "$root/build"
systemd-nspawn -q --register=no --keep-unit --resolv-conf=copy-host -D "$root" sh /build/set-up.sh /build/sluice.deb >"$work/log" 2>&1 || fail set-up
rm -r "$root/build"
[[ ! -e $root/bin/systemctl ]] || fail "there is a systemd in it"

step "settings from outside, a volume for the spool"
dpkg-deb -x "$packages"/sluice-sandbox_*.deb "$work/sandbox"
"$work/sandbox/usr/bin/sluice-sandbox" --port 0 --rate 0 >"$work/sandbox.log" &
sandbox=$!
until_it_holds 30 grep -q 'listening on' "$work/sandbox.log"
url=$(sed 's/.*listening on //; q' "$work/sandbox.log")
install -d "$work/settings"
sed "s#base_url: .*#base_url: $url#" "$root/etc/sluice/sluice.yaml" >"$work/settings/sluice.yaml"
printf 'Bearer try' >"$work/settings/authorization"
chown -R 10001:10001 "$work/settings"
chmod 700 "$work/settings"
chmod 600 "$work/settings/authorization"
cp -a "$root/var/spool/sluice" "$work/spool"  # as a runtime fills a new volume
# Execs, so that the process in the background is the container's own.
in_container() {
  exec systemd-nspawn -q --machine="sluice-$BASHPID" --register=no --keep-unit --kill-signal=SIGTERM --read-only \
    --drop-capability=all --user=sluice --bind="$work/spool:/var/spool/sluice" \
    --bind-ro="$work/settings:/etc/sluice" -D "$root" "$@"
}
finished() { compgen -G "$work/spool/outbox/orders.*.summary.json" >/dev/null; }
# The entry point and the health command are the Dockerfile's own words.
words() { sed -n "s/^$1//p" ../../packaging/container/Dockerfile | grep -o '\[.*\]' | tr -d '[],"' ; }
entry="$(words ENTRYPOINT) $(words CMD)"
health=$(words 'HEALTHCHECK.*CMD')

step "it runs ($entry), and is healthy ($health)"
refused=0
(in_container $health) >>"$work/log" 2>&1 || refused=$?
((refused == 2)) || fail "health before it runs: exit $refused, not 2"
in_container $entry >>"$work/log" 2>&1 &
container=$!
healthy() { (in_container $health); }
until_it_holds 60 healthy

step "a file dropped into the volume comes out"
printf '抖音号,用户ID,昵称,运营商,省份,是否续费,结束时间\nzhong70,94,钟勇,联通,广东,否,2099-06\n' |
  install -o 10001 -g 10002 -m 640 /dev/stdin "$work/spool/inbox/.orders.part"
mv "$work/spool/inbox/.orders.part" "$work/spool/inbox/orders.csv"
until_it_holds 60 finished
cat "$work"/spool/outbox/orders.*.results.csv
grep -q ',accepted,' "$work"/spool/outbox/orders.*.results.csv || fail "it was not accepted"
[[ -z $(find "$work/spool" ! -user 10001) ]] || fail "something in the spool is not its user's"

step "stopped as a runtime stops it"
kill "$container"
stopped=0
wait "$container" || stopped=$?
container=
grep -q 'stopped: ' "$work/log" || fail "it did not end by itself (exit $stopped)"
step "all of it held"
