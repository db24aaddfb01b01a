# Sourced: bare_debian FOLDER [PACKAGE,…] makes a bare Debian 12 with these packages in that folder, once.
bare_debian() {
  ((EUID == 0)) || { echo "$0: a root folder of Debian needs root" >&2; exit 77; }
  local program
  for program in debootstrap systemd-nspawn; do
    command -v "$program" >/dev/null || { echo "$0: $program is missing" >&2; exit 77; }
  done
  [[ ! -e $1/etc/hosts ]] || return 0
  rm -rf "$1"
  debootstrap --variant=minbase ${2:+--include="$2"} bookworm "$1" http://deb.debian.org/debian >/dev/null
  echo '127.0.0.1 localhost' >"$1/etc/hosts"
}
