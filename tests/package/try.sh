#!/usr/bin/env bash
# try.sh FOLDER: the packages in FOLDER in a bare, booted Debian 12: installed, set up as the README says, used,
# upgraded under load, removed, purged. Needs root and, for Debian's packages, the network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
packages=$(realpath "../../${1:?folder of the packages}")
. ./bare_debian.sh
base=$packages/bare-debian
bare_debian "$base" systemd,systemd-sysv,dbus
root=$(mktemp -d "$packages/try.XXXXXX")
trap 'rm -rf "$root"' EXIT
cp -a "$base/." "$root"
mkdir "$root/try"
cp "$packages"/sluice_*.deb "$packages"/sluice-sandbox_*.deb inside.sh "$root/try"

# The same package one version on, with one line of the settings changed.
newer=$(mktemp -d)
dpkg-deb -R "$packages"/sluice_*.deb "$newer"
sed -i 's/^Version: .*/&+next/' "$newer/DEBIAN/control"
echo '# A line that the next version has.' >>"$newer/etc/sluice/sluice.yaml"
dpkg-deb --root-owner-group -b "$newer" "$root/try/next.deb" >/dev/null
rm -rf "$newer"

cat >"$root/etc/systemd/system/try.service" <<'UNIT'
[Unit]
Wants=multi-user.target
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/bash /try/inside.sh
StandardOutput=file:/try/out
StandardError=file:/try/out
ExecStopPost=/bin/systemctl --no-block poweroff
UNIT
mkdir -p "$root/etc/systemd/system/default.target.wants"
ln -s ../try.service "$root/etc/systemd/system/default.target.wants/try.service"
timeout 900 systemd-nspawn -q -b --register=no --keep-unit --resolv-conf=copy-host -D "$root" >"$packages/boot.log" 2>&1 || true
cat "$root/try/out"
[[ -e $root/try/passed ]] || { echo "try.sh: it did not get to its end; the boot is in $packages/boot.log" >&2; exit 1; }
