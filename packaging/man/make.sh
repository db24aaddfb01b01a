#!/bin/sh
# make.sh PROGRAMS TO: the manual pages, from what the programs say of themselves, from the reference of the settings
# and from the contract's pages of files.
set -eu
programs=$1 to=$2
mkdir -p "$to"
version=$("$programs/sluice" --version | cut -d' ' -f2)

page() {  # NAME COMMAND BRIEF
  help2man --no-info --no-discard-stderr --version-string="$version" --source="Sluice $version" --manual=Sluice \
    --name="$3" --output="$to/$1.1" "$programs/$2"
  # The page is named as the file is, so that man and apropos find it.
  sed -i "s/^$(echo "$2" | sed 's/ /\\ /g') \\\\-/$1 \\\\-/" "$to/$1.1"
}
page sluice sluice 'place the orders of dropped files through the API'
"$programs/sluice" --help | sed -n '/^Subcommands:/,/^$/{s/^  \([a-z]*\)  *\(.*\)/\1 \2/p}' |
  while read -r verb brief; do page "sluice-$verb" "sluice $verb" "$brief"; done
page sluice-sandbox sluice-sandbox 'the API on loopback, for rehearsals'

# A table row of the reference becomes an entry of its own: a page in a terminal has no room for five columns.
awk -F' [|] ' '
  /^# /    { print "sluice.yaml 5 \"\" \"Sluice\" \"Sluice\"\n=====\n\n# NAME\n\nsluice.yaml - the settings of sluice(1)\n\n# DESCRIPTION"; next }
  /^<!--/ || /^[|] key/ || /^[|]---/ { next }
  /^## /   { print "# " toupper(substr($0, 4)); next }
  /^[|] /  { sub(/^[|] /, "", $1); sub(/ [|]$/, "", $5)
             gsub(/[`*]/, "", $2); gsub(/`/, "", $3)
             print "**" $1 "**: " $5 "\n\n    default " $2 "; takes " $3 "; " ($4 == "reload" ? "taken over on reload" : "needs a restart") "\n"; next }
           { print }' config/REFERENCE.md | go-md2man >"$to/sluice.yaml.5"

{
  printf 'sluice-spool 5 "" "Sluice" "Sluice"\n=====\n\n# NAME\n\nsluice-spool - the folders and files of sluice(1)\n\n'
  awk '/^## /{ on = /^## (The spool|Input|Output)$/ } on { if (/^## /) print "# " toupper(substr($0, 4)); else print }' docs/contract.md
} | go-md2man >"$to/sluice-spool.5"
