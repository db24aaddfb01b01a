#!/bin/sh
# make.sh PROGRAMS TO: the manual pages in English and Chinese, from what the programs say of themselves, from the
# reference of the settings and from the contract's pages of files. NAME.zh_CN.N is what dh_installman puts below zh_CN/.
set -eu
export LC_ALL=C.UTF-8  # the pages of this language don't depend on who builds them
programs=$1 to=$2
mkdir -p "$to"
version=$("$programs/sluice" --version | cut -d' ' -f2)

page() {  # NAME COMMAND BRIEF
  help2man --no-info --no-discard-stderr --version-string="$version" --source="Sluice $version" --manual=Sluice \
    --name="$3" --output="$to/$1.1" "$programs/$2"
  # The page is named as the file is, so that man and apropos find it.
  sed -i "s/^$(echo "$2" | sed 's/ /\\ /g') \\\\-/$1 \\\\-/" "$to/$1.1"
}
# Chinese has no blanks that could be stretched to fill a line.
unjustified() { sed '/^\.TH/a .ad l'; }

# help2man knows the headings of English help only: ours are taken apart here. A line that is set in stays as it is.
page_zh() {  # NAME COMMAND BRIEF
  {
    printf '%s 1 "" "Sluice %s" "Sluice"\n=====\n\n# 名称\n\n%s - %s\n' "$1" "$version" "$1" "$3"
    LC_ALL=zh_CN.UTF-8 "$programs/"$2 --help | awk '
      NR == 1      { next }
      /^用法：/     { print "\n# 用法\n\n    " substr($0, index($0, " ") + 1); next }
      /^[^ ]+：$/  { sub(/：$/, ""); print "\n# " $0 "\n"; after = 1; next }
      /^ /         { print "    " $0; next }
      /^$/         { print; if (after == 1) after = 2; next }
                   { if (after == 2) { print "# 说明\n"; after = 3 } gsub(/[*_]/, "\\\\&"); print }'
  } | go-md2man | unjustified >"$to/$1.zh_CN.1"
}
commands() {  # LANGUAGE HEADING: each command and what it is for
  LC_ALL=$1 "$programs/sluice" --help | sed -n "/^$2/,/^\$/{s/^  \([a-z]*\)  *\(.*\)/\1 \2/p}"
}

page sluice sluice 'place the orders of dropped files through the API'
commands C.UTF-8 Subcommands: | while read -r verb brief; do page "sluice-$verb" "sluice $verb" "$brief"; done
page sluice-sandbox sluice-sandbox 'the API on loopback, for rehearsals'
page_zh sluice sluice '把放入的文件中的订单提交给接口'
commands zh_CN.UTF-8 命令： | while read -r verb brief; do page_zh "sluice-$verb" "sluice $verb" "$brief"; done

# A table row of the reference becomes an entry of its own: a page in a terminal has no room for five columns.
settings() {  # REFERENCE NAME ABOUT DESCRIPTION DEFAULT TAKES RELOAD RESTART
  awk -F' [|] ' -v name="$2" -v about="$3" -v description="$4" -v fallback="$5" -v takes="$6" -v reload="$7" -v restart="$8" '
    /^# /    { print "sluice.yaml 5 \"\" \"Sluice\" \"Sluice\"\n=====\n\n# " name "\n\nsluice.yaml - " about "\n\n# " description; next }
    /^<!--/ || /^[|]---/ { next }
    /^[|] [^`]/ { next }
    /^## /   { print "# " toupper(substr($0, 4)); next }
    /^[|] /  { sub(/^[|] /, "", $1); sub(/ [|]$/, "", $5)
               gsub(/[`*]/, "", $2); gsub(/`/, "", $3)
               print "**" $1 "**: " $5 "\n\n    " fallback " " $2 "; " takes " " $3 "; " ($4 ~ /^(reload|重新加载)$/ ? reload : restart) "\n"; next }
             { print }' "$1" | go-md2man
}
settings config/REFERENCE.md NAME 'the settings of sluice(1)' DESCRIPTION default takes \
  'taken over on reload' 'needs a restart' >"$to/sluice.yaml.5"
settings config/REFERENCE.zh-CN.md 名称 'sluice(1) 的配置' 说明 默认 取值 重新加载时生效 需要重启 | unjustified >"$to/sluice.yaml.zh_CN.5"

{
  printf 'sluice-spool 5 "" "Sluice" "Sluice"\n=====\n\n# NAME\n\nsluice-spool - the folders and files of sluice(1)\n\n'
  awk '/^## /{ on = /^## (The spool|Input|Output)$/ } on { if (/^## /) print "# " toupper(substr($0, 4)); else print }' docs/contract.md
} | go-md2man >"$to/sluice-spool.5"
go-md2man <packaging/man/sluice-spool.zh_CN.md | unjustified >"$to/sluice-spool.zh_CN.5"
