#!/bin/sh
# What the image is made of, run as root in a bookworm-slim: set-up.sh PACKAGE.deb. The user's number is fixed, so that a
# volume's files keep their owner when the image is made anew.
set -eu
groupadd --system --gid 10001 sluice
groupadd --system --gid 10002 sluice-drop
useradd --system --uid 10001 --gid sluice --groups sluice-drop --no-create-home --home-dir / --shell /usr/sbin/nologin sluice
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ca-certificates libpq5 systemd-standalone-sysusers "$1"
rm -rf /var/lib/apt/lists/*
# A volume that is made empty begins with these: there is no systemd-tmpfiles here.
install -d -o sluice -g sluice-drop -m 2750 /var/spool/sluice
for folder in inbox outbox archive rejected; do
  install -d -o sluice -g sluice-drop -m 2770 "/var/spool/sluice/$folder"
done
install -d -o sluice -g sluice -m 700 /var/spool/sluice/state
