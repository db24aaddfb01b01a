// What is wrong with the spool's folders, the ledger and the gate's file, all of which must be in order before anything
// is sent.
#pragma once

#include "sluice/text/sentence.hpp"

// clang-format off: a row a sentence, both languages side by side
namespace sluice::text::words {

// folders
inline constexpr Sentence<3> folder_of_another{"{0} belongs to {1}, who could put another in its place, and sluice runs as {2}: run it as {1}, or chown {2} {0}", "{0} 属于 {1}，他可以换成别的文件夹，而 sluice 以 {2} 运行：请以 {1} 运行，或 chown {2} {0}"};
inline constexpr Sentence<3> folder_open_to_others{"others than its owner may write to {0} (mode {1}), and could move away what was sent and what is in doubt: chmod {2} {0}", "除属主外还有人可写入 {0}（权限 {1}），可能移走已发送和存疑的记录：请 chmod {2} {0}"};
inline constexpr Sentence<1> folder_is_link{"{0} is a symbolic link, and a spool's folders must be folders of one file system: set `spool` to where they really are, or mount that there (mount --bind)", "{0} 是符号链接，而 spool 的文件夹必须在同一个文件系统上：请把 spool 设为实际位置，或挂载到那里（mount --bind）"};
inline constexpr Sentence<2> two_file_systems{"{0} and {1} are on two file systems, and files can't be renamed from one to the other; put the whole spool on one, with no mount in between", "{0} 与 {1} 在两个文件系统上，文件无法相互改名移动；请把整个 spool 放在一个上，中间不能有挂载点"};
inline constexpr Sentence<1> cannot_rename_safely{"the file system of {0} can neither rename without replacing nor make hard links, so a result could overwrite a file; put the spool on another one", "{0} 所在的文件系统既不能不覆盖地改名，也不能建硬链接，结果可能覆盖文件；请把 spool 放到别的文件系统"};
inline constexpr Sentence<0> kind_folder{"a folder", "文件夹"};
inline constexpr Sentence<0> kind_link{"a symbolic link", "符号链接"};
inline constexpr Sentence<0> kind_fifo{"a FIFO", "FIFO 管道"};
inline constexpr Sentence<0> kind_socket{"a socket", "套接字"};
inline constexpr Sentence<0> kind_device{"a device", "设备"};
inline constexpr Sentence<3> not_that_user{"{0} belongs to user {1}, and going on as that user is not possible ({2}): run it as `sudo -u '#{1}' sluice ...`", "{0} 属于用户 {1}，而无法以该用户继续（{2}）：请用 sudo -u '#{1}' sluice ... 运行"};

// the ledger
inline constexpr Sentence<2> ledger_damaged{"ledger {0} is damaged ({1}). Nothing was sent on its word and nothing is sent any more: run `sluice recover`. Never restore state/ from a backup, it would place orders again", "账本 {0} 已损坏（{1}）。没有据此发送过任何内容，也不再发送：请运行 sluice recover。切勿从备份恢复 state/，那会重复下单"};
inline constexpr Sentence<2> ledger_unusable{"cannot use {0}; {1}", "无法使用 {0}；{1}"};
inline constexpr Sentence<3> ledger_where{"ledger {0} ({1}, SQLite {2})", "账本 {0}（“{1}”，SQLite {2}）"};
inline constexpr Sentence<1> ledger_no_file{"ledger {0} is not a regular file", "账本 {0} 不是普通文件"};
inline constexpr Sentence<1> ledger_empty{"ledger {0} is empty as yet", "账本 {0} 还是空的"};
inline constexpr Sentence<1> ledger_on_share{"ledger {0}: its file system can't hold a write-ahead log (a network share?); the spool must be on a local disk", "账本 {0}：其文件系统不支持预写日志（网络共享？）；spool 必须在本地磁盘上"};
inline constexpr Sentence<2> ledger_says{"ledger {0}: {1}", "账本 {0}：{1}"};
inline constexpr Sentence<2> query_failed{"{0}: {1}", "“{0}”：{1}"};
inline constexpr Sentence<1> sqlite_says{"{0}", "SQLite：“{0}”"};
inline constexpr Sentence<0> ledger_room{"make room on its disk; it goes on by itself", "请在其磁盘腾出空间；之后自动继续"};
inline constexpr Sentence<0> ledger_rights{"it, its -wal and -shm and their folder must be writable for the user of sluice", "它及其 -wal、-shm 和所在文件夹必须能由 sluice 的用户写入"};
inline constexpr Sentence<0> ledger_held{"another program holds it (fuser tells which); it is tried again", "另一个程序占用着它（fuser 可查）；会再试"};
inline constexpr Sentence<0> ledger_disk{"see the kernel's log (dmesg) about its disk; it is tried again", "请查看内核日志（dmesg）中关于其磁盘的信息；会再试"};
inline constexpr Sentence<1> ledger_folder_moved{"the folder of ledger {0} is not the one that was opened: the spool was moved, or a disk was mounted over it. Nothing is sent any more: put it back and start again", "账本 {0} 所在文件夹已不是打开时的那个：spool 被移走，或有磁盘挂载在上面。不再发送任何内容：请恢复原状后重新启动"};

// what is damaged of it
inline constexpr Sentence<0> empty_with_log{"empty, but its log is not", "是空的，但其日志不空"};
inline constexpr Sentence<0> check_silent{"the check gave no answer", "检查没有结果"};
inline constexpr Sentence<0> first_page_lost{"the first page was beyond reading; a new ledger's was used in its place", "第一页无法读取；以新账本的代替"};
inline constexpr Sentence<0> no_table_found{"not even one table can be found in it", "其中一个表也找不到"};
inline constexpr Sentence<2> piece_impossible{"{0} {1}: holds what none can hold", "{0} {1}：内容不可能"};
inline constexpr Sentence<3> rows_lost{"{0} after {1}: {2}", "{0} 中 {1} 之后：{2}"};
inline constexpr Sentence<1> only_looked_at{"ledger {0}: opened only to look at it", "账本 {0}：只为查看而打开"};
inline constexpr Sentence<0> moved_in_use{"it was moved or removed while in use", "使用中被移走或删除"};
inline constexpr Sentence<0> record_impossible{"a record holds what none can hold", "有记录的内容不可能"};
inline constexpr Sentence<0> batch_lacks_keys{"a batch has not a key for each row", "有一批订单缺少键"};
inline constexpr Sentence<0> answer_unreadable{"a row's answer can't be read", "有一行的答复无法读取"};
inline constexpr Sentence<0> remembered_unreadable{"what is remembered of an order can't be read", "所记的订单结果无法读取"};
inline constexpr Sentence<0> columns_unreadable{"what the ledger says of the job's columns can't be read", "账本中此任务的列记录无法读取"};
inline constexpr Sentence<0> format_unreadable{"what the ledger says of the file's format can't be read", "账本中此文件的格式记录无法读取"};

// the gate's file
inline constexpr Sentence<2> gate_rate{"{0} requests per {1} ms", "每 {1} 毫秒 {0} 个请求"};
inline constexpr Sentence<1> gate_no_file{"the gate file {0} is no regular file: name another in rate.gate", "限速文件 {0} 不是普通文件：请在 rate.gate 中另指一个"};
inline constexpr Sentence<2> gate_of_another{"the gate file {0} belongs to {1}, who could set the pace: one that users share is root's, of their group and mode 0660", "限速文件 {0} 属于 {1}，他可以改变速度：多个用户共用的应属于 root、为其共同的组、权限 0660"};
inline constexpr Sentence<1> gate_open_to_all{"every user of this machine may write the gate file {0}: chmod o-w it", "本机所有用户都能写限速文件 {0}：请 chmod o-w"};
inline constexpr Sentence<1> gate_is_none{"rate.gate names {0}, which is there and no gate file: it is left as it is; name a file that doesn't exist yet, or an empty one", "rate.gate 所指的 {0} 已存在，但不是限速文件：保持原样；请指一个尚不存在的或空的文件"};
inline constexpr Sentence<1> gate_replaced{"the gate file {0} is being replaced", "限速文件 {0} 正在被替换"};
inline constexpr Sentence<2> gate_on_share{"the gate file {0} lies on a network filesystem ({1}), where processes cannot share a pace: name a file on a local disk in rate.gate", "限速文件 {0} 在网络文件系统（{1}）上，进程无法共用速度：请在 rate.gate 中指一个本地磁盘上的文件"};
inline constexpr Sentence<1> gate_locked{"the gate file {0} is locked by another process", "限速文件 {0} 被另一个进程锁定"};
inline constexpr Sentence<2> gate_locked_for_good{"the gate file {0} has been locked by {1} for more than two seconds, which takes microseconds otherwise: see what it does, and end it", "限速文件 {0} 已被{1}锁定两秒以上，通常只需几微秒：请查看它在做什么，并结束它"};
inline constexpr Sentence<1> gate_holder{"process {0}", "进程 {0} "};
inline constexpr Sentence<0> gate_some_holder{"another process", "另一个进程"};
inline constexpr Sentence<2> gate_full{"{0} processes share the gate file {1} already, and no more can", "已有 {0} 个进程共用限速文件 {1}，不能再多"};
// log: The pacing state could not be read, after a crash of the machine or an upgrade. | Nothing: one window is waited out instead.
inline constexpr Sentence<1> gate_damaged{"the gate file {0} is damaged or of another version: starting over, after one window", "限速文件 {0} 已损坏或属于其他版本：等一个时间窗后重新开始"};
inline constexpr Sentence<3> gate_other_rate{"the gate file {0} is in use by another process at {1}, and the rate set here is {2}: give both the same rate, or a gate file each", "限速文件 {0} 正由另一个进程以{1}使用，而这里设的是{2}：请设为相同速度，或各用一个限速文件"};
inline constexpr Sentence<2> gate_no_boot_id{"{0} can't be read, so the gate could not tell its slots from those of an earlier boot: mount /proc whole (ProcSubset=all), or say in the unit Environment={1}=%b", "无法读取 {0}，限速无法区分本次与之前的启动：请完整挂载 /proc（ProcSubset=all），或在 unit 中写 Environment={1}=%b"};

}  // namespace sluice::text::words
