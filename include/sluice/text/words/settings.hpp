// What is wrong with the settings, after file, line, column and key.
#pragma once

#include "sluice/text/sentence.hpp"

// clang-format off: a row a sentence, both languages side by side
namespace sluice::text::words {

// keys
inline constexpr Sentence<0> the_file{"the file", "文件"};
inline constexpr Sentence<1> key_name_expected{"expected a key's name, found {0}", "应为键名，却是{0}"};
inline constexpr Sentence<2> dot_makes_no_group{"a dot makes no group; write {0}: on a line of its own and, indented below it, {1}: with its value", "点号不表示分组；请单独一行写 {0}:，在其下缩进写 {1}: 及其值"};
inline constexpr Sentence<3> unknown_key{"unknown key; the nearest known one is {0}{1}. Expected: {2}", "没有这个键；最接近的是 {0}{1}。可用的有：{2}"};
inline constexpr Sentence<0> key_twice{"is there twice; expected once", "出现了两次；只应出现一次"};
inline constexpr Sentence<3> keys_expected{"expected keys below it ({0}), found {1}{2}", "其下应为各键（{0}），却是{1}{2}"};
inline constexpr Sentence<1> key_missing{"is missing; expected {0}", "缺少；应为{0}"};
inline constexpr Sentence<0> found_mapping{"a mapping", "一组键值"};
inline constexpr Sentence<0> found_list{"a list", "列表"};
inline constexpr Sentence<0> found_value{"a single value", "单个值"};
inline constexpr Sentence<0> found_nothing_there{"nothing", "空"};
inline constexpr Sentence<0> wide_colon_advice{"; for a full-width colon, write an ASCII colon and a space", "；请把全角冒号改为半角冒号加空格"};
inline constexpr Sentence<0> blank_advice{"; after the colon, write a space", "；冒号之后请加空格"};

// values
inline constexpr Sentence<1> value_expected{"expected {0}", "应为{0}"};
inline constexpr Sentence<2> value_found{"{0}, found \"{1}\"", "{0}，却是“{1}”"};
inline constexpr Sentence<3> value_of_kind{"expected {0}, found {1}{2}", "应为{0}，却是{1}{2}"};
inline constexpr Sentence<0> none_advice{" (for none, write \"\" where that may be, or leave the key out)", "（若要留空，可留空处写 \"\"，或去掉该键）"};
inline constexpr Sentence<2> value_perhaps{"{0}, such as {1}", "{0}，例如 {1}"};
inline constexpr Sentence<1> no_value_here{"expected {0}: the value itself never stands in this file. Put it into a file that only its user can read; and if it is a live one, replace it", "应为{0}：凭据本身不写在此文件中。请把它放入只有其用户可读的文件；若它正在使用，请更换"};
inline constexpr Sentence<0> no_control{"expected no control characters", "不应含有控制字符"};
inline constexpr Sentence<0> no_last_blank{"expected no space at its end (is there a quote that never closes?)", "末尾不应有空格（是否有引号没有结束？）"};
inline constexpr Sentence<2> type_duration{"a whole number with a unit (ms, s, m, h or d), from {0} to {1}", "带单位的整数（ms、s、m、h 或 d），从 {0} 到 {1}"};
inline constexpr Sentence<2> type_size{"a number of bytes, or one with KiB, MiB, GiB, KB, MB or GB, from {0} to {1}", "字节数，或带 KiB、MiB、GiB、KB、MB、GB 的数，从 {0} 到 {1}"};
inline constexpr Sentence<0> type_percent{"a whole percentage from 0% to 100%, with its sign", "0% 到 100% 的整数百分比，带百分号"};
inline constexpr Sentence<1> type_list{"a list of {0}", "由这些组成的列表：{0}"};
inline constexpr Sentence<1> type_choice{"{0}", "{0}（其中之一）"};
inline constexpr Sentence<0> type_credential{"exactly one of {file: /PATH}, {env: NAME} or {credential: NAME}", "{file: /PATH}、{env: NAME}、{credential: NAME} 三者之一"};
inline constexpr Sentence<0> type_secret_file{"{file: /PATH}, or \"\"", "{file: /PATH}，或 \"\""};
inline constexpr Sentence<2> type_whole{"a whole number from {0} to {1}", "整数，从 {0} 到 {1}"};


// the path, address or name that a value must be
inline constexpr Sentence<0> expects_absolute{"expected an absolute path, beginning with /", "应为以 / 开头的绝对路径"};
inline constexpr Sentence<1> expects_shorter{"expected a path of at most {0} bytes", "路径最多 {0} 字节"};
inline constexpr Sentence<1> expects_socket_path{"expected a path of at most {0} bytes, which is all a socket's address holds", "路径最多 {0} 字节：套接字的地址只容得下这么多"};
inline constexpr Sentence<1> expects_suffix{"expected the end of a file name, such as .ok: no slash, at most {0} bytes", "应为文件名的结尾，例如 .ok：不含斜杠，最多 {0} 字节"};
inline constexpr Sentence<0> expects_web{"expected ADDRESS:PORT on loopback, such as 127.0.0.1:8680, or unix:/path; from another machine the page is reached by an SSH tunnel or a proxy (docs/operations.md, The page)", "应为本机环回的 地址:端口（例如 127.0.0.1:8680）或 unix:/路径；从别的机器须经 SSH 隧道或代理访问网页（docs/operations.md, The page）"};
inline constexpr Sentence<0> expects_header{"expected the name of a header, such as X-Forwarded-User", "应为请求头的名称，例如 X-Forwarded-User"};
inline constexpr Sentence<0> expects_group{"expected the name of a Unix group", "应为 Unix 用户组的名称"};
inline constexpr Sentence<0> expects_listen{"expected ADDRESS:PORT, such as 127.0.0.1:9464 or [::1]:9464", "应为 地址:端口，例如 127.0.0.1:9464 或 [::1]:9464"};
inline constexpr Sentence<0> expects_file{"expected the absolute path of a file after file:", "file: 之后应为文件的绝对路径"};
inline constexpr Sentence<0> expects_env{"expected the name of an environment variable after env: (letters, digits and _)", "env: 之后应为环境变量名（字母、数字和 _）"};
inline constexpr Sentence<0> expects_credential{"expected the name of a systemd credential after credential:", "credential: 之后应为 systemd 凭据的名称"};
inline constexpr Sentence<0> expects_source{"expected file:, env: or credential: below it", "其下应为 file:、env: 或 credential:"};
inline constexpr Sentence<1> expects_short_url{"expected an address of at most {0} bytes", "地址最多 {0} 字节"};
inline constexpr Sentence<0> expects_https{"expected an address that begins with https://", "应为以 https:// 开头的地址"};
inline constexpr Sentence<0> expects_no_query{"expected an address without a query (?...) or fragment (#...): service paths are added behind it", "地址不应含查询（?...）或片段（#...）：其后会接业务的路径"};
inline constexpr Sentence<0> expects_no_user{"expected an address without user:password@: credentials belong under upstream.authorization", "地址不应含 user:password@：凭据应写在 upstream.authorization 下"};
inline constexpr Sentence<0> expects_host{"expected a host name (ASCII; xn--... for others), an IPv4 address or an [IPv6] address after ://", ":// 之后应为主机名（ASCII；其他文字写成 xn--...）、IPv4 地址或 [IPv6] 地址"};
inline constexpr Sentence<0> expects_port{"expected a port from 1 to 65535 after the host", "主机之后应为 1 到 65535 的端口"};
inline constexpr Sentence<1> expects_own_host{"expected your API's own host: {0} only stands for it in the example", "应为您的接口的实际主机：{0} 只是示例"};
inline constexpr Sentence<0> expects_plain_path{"expected a path of plain URL characters (others as %XX), without . or .. in it", "路径应为普通 URL 字符（其他写成 %XX），不含 . 或 .."};
inline constexpr Sentence<0> expects_loopback{"expected https://: plain http sends the authorization readable, so it is taken for loopback only (127.0.0.0/8, [::1], localhost)", "应为 https://：明文 http 会让凭据可被读到，因此只限本机环回（127.0.0.0/8、[::1]、localhost）"};
inline constexpr Sentence<0> expects_conninfo{"expected libpq's keyword=value pairs, such as \"host=db.example.com dbname=sluice user=sluice\"", "应为 libpq 的 keyword=value 形式，例如 \"host=db.example.com dbname=sluice user=sluice\""};
inline constexpr Sentence<1> conninfo_too_long{"expected at most {0} bytes", "最多 {0} 字节"};
inline constexpr Sentence<0> conninfo_password{"expected no password here: put it alone into a file that only Sluice's user can read, and name that in ledger.password: {file: /PATH}; if it is a live one, replace it", "此处不应有密码：请把它单独放入只有 Sluice 的用户可读的文件，并在 ledger.password: {file: /PATH} 中写明；若它正在使用，请更换"};
inline constexpr Sentence<1> conninfo_unknown{"a keyword that has no place here; the nearest that has is {0}", "有不能在此使用的关键字；最接近的可用者是 {0}"};
inline constexpr Sentence<1> expects_host_name{"expected a name of at most {0} visible ASCII characters without blanks or quotes", "应为最多 {0} 个可见 ASCII 字符的名称，不含空格和引号"};

// YAML
inline constexpr Sentence<0> too_much_yaml{"expected settings, found more than 256KiB", "应为配置，却超过 256KiB"};
inline constexpr Sentence<0> expects_utf8{"expected UTF-8; save it so", "应为 UTF-8 编码；请以此编码保存"};
inline constexpr Sentence<1> expects_yaml{"expected YAML: {0}", "应为 YAML：{0}"};
inline constexpr Sentence<2> yaml_because{"{0}: {1}", "{1}（“{0}”）"};
inline constexpr Sentence<1> yaml_otherwise{"{0}", "无法解析（“{0}”）"};
inline constexpr Sentence<0> indented_unlike{"this line is indented unlike those above it: give the keys of a group the same spaces", "此行的缩进与上面各行不同：同一组的键请用相同的空格"};
inline constexpr Sentence<0> key_where_none{"a key stands where none can: is the line above complete, and is a value with a colon quoted?", "此处不能有键：上一行是否完整？含冒号的值是否加了引号？"};
inline constexpr Sentence<0> brace_open{"a { is not closed by }", "有 { 没有以 } 结束"};
inline constexpr Sentence<0> bracket_open{"a [ is not closed by ]", "有 [ 没有以 ] 结束"};
inline constexpr Sentence<0> tab_indents{"a tab in the indentation: indent with spaces only", "缩进中有制表符：只能用空格缩进"};
inline constexpr Sentence<1> wide_colon{"a full-width colon ({0}): write an ASCII colon and a space instead", "全角冒号（{0}）：请改为半角冒号加空格"};

// the whole
inline constexpr Sentence<2> rate_bounds{"expected a rate from 1 to 100000 a second, found {0} in {1}", "速率应为每秒 1 到 100000，却是每 {1} {0} 个"};
inline constexpr Sentence<1> first_delay_or_more{"expected retry.first_delay ({0}) or more", "应不小于 retry.first_delay（{0}）"};
inline constexpr Sentence<0> needs_database{"means nothing without ledger.postgresql", "没有 ledger.postgresql 时此项无意义"};
inline constexpr Sentence<1> rate_above_database{"expected at most {0} a second while the gate is in the database: for more, name a file in rate.gate, which the processes of one machine share", "限速状态在数据库中时，每秒最多 {0} 个；若要更多，请在 rate.gate 中写明一个文件，由同一台机器上的进程共用"};
inline constexpr Sentence<2> socket_too_long{"expected a path of at most {0} bytes, because the spool's own would have {1}", "路径最多 {0} 字节，因为 spool 自己的会有 {1} 字节"};
inline constexpr Sentence<0> one_document{"expected one YAML document, found this after it or before it", "应只有一个 YAML 文档，此处前后还有另一个"};
inline constexpr Sentence<2> top_keys_expected{"expected keys ({0}), found {1}", "应为各键（{0}），却是{1}"};

// the files they stand in
inline constexpr Sentence<1> settings_are_folder{"{0} is a folder; name the settings file in it", "{0} 是文件夹；请写明其中的配置文件"};
inline constexpr Sentence<2> settings_unreadable{"{0}: cannot be read ({1}). Name the settings with --config FILE or $SLUICE_CONFIG", "{0}：无法读取（{1}）。请用 --config FILE（文件）或 $SLUICE_CONFIG 指明配置文件"};
inline constexpr Sentence<3> others_may_write{"{0} ({1}) may be written by {2}, who could have the orders and the credential sent elsewhere: chmod go-w '{0}'; nothing is sent before", "{0}（{1}）可由{2}写入，他们可能把订单和凭据发往别处：请运行 chmod go-w '{0}'；在此之前不会发送"};
inline constexpr Sentence<0> by_everybody{"everybody", "任何人"};
inline constexpr Sentence<0> by_its_group{"all of its group", "其所属组的所有人"};
inline constexpr Sentence<0> the_settings{"the settings", "配置"};
inline constexpr Sentence<2> password_unreadable{"ledger.password: {0} cannot be read: {1}", "ledger.password：无法读取 {0}：{1}"};
inline constexpr Sentence<1> password_not_one_line{"ledger.password: {0} must be a file of one line of at most 1024 bytes, the password", "ledger.password：{0} 应为只有一行的文件，即密码，最多 1024 字节"};
inline constexpr Sentence<1> password_open_to_others{"ledger.password: others than its owner and group may use {0}, or its group may write it: chmod 0640 it, or 0600", "ledger.password：{0} 的所有者和组以外的人也能使用它，或者组能写入它：请 chmod 0640 或 0600"};
// log: Whoever may drop files can read the credential. | chmod g-r it.
inline constexpr Sentence<1> droppers_may_read{"upstream.authorization: whoever may drop files may also read {0}: chmod g-r it, and give it to sluice's user", "upstream.authorization：能放入文件的人也能读 {0}：请 chmod g-r，并把它归 sluice 的用户所有"};
inline constexpr Sentence<2> hidden_home{"{0} is {1}: the unit's ProtectHome=yes hides it; move it, or set ProtectHome=no (systemctl edit sluice)", "{0} 为 {1}：unit 的 ProtectHome=yes 使它不可见；请移走，或设 ProtectHome=no（systemctl edit sluice）"};
inline constexpr Sentence<2> hidden_tmp{"{0} is {1}: the unit's PrivateTmp=yes shows it an empty folder of its own there; move it", "{0} 为 {1}：unit 的 PrivateTmp=yes 使那里成为它自己的空文件夹；请移走"};
inline constexpr Sentence<3> unit_not_writable{"{0} is {1}: the unit lets sluice write below {2} only; add ReadWritePaths={1} (systemctl edit sluice)", "{0} 为 {1}：unit 只允许 sluice 写入 {2} 之下；请加入 ReadWritePaths={1}（systemctl edit sluice）"};
inline constexpr Sentence<1> as_shipped{"run by its unit as it is shipped: {0}", "若由原样的 unit 运行：{0}"};
inline constexpr Sentence<0> drop_in_unknown{"(whether a drop-in of the unit says otherwise can't be told from here)", "（unit 是否另有 drop-in 设置，这里无从得知）"};
inline constexpr Sentence<1> settings_good{"{0}: good", "{0}：没有问题"};

}  // namespace sluice::text::words
