// What the disk, the folders and the files in the inbox are said to be, and what to do about it.
#pragma once

#include "sluice/text/sentence.hpp"

// clang-format off: a row a sentence, both languages side by side
namespace sluice::text::words {

// what the system refuses: cannot DO WHERE: what it says; what to do
inline constexpr Sentence<4> cannot{"cannot {0} {1}: {2}; {3}", "无法{0} {1}：{2}；{3}"};
inline constexpr Sentence<0> do_look_at{"look at", "查看"};
inline constexpr Sentence<0> do_read{"read", "读取"};
inline constexpr Sentence<0> do_write{"write", "写入"};
inline constexpr Sentence<0> do_open{"open", "打开"};
inline constexpr Sentence<0> do_create{"create", "创建"};
inline constexpr Sentence<0> do_remove{"remove", "删除"};
inline constexpr Sentence<0> do_make{"make", "创建"};
inline constexpr Sentence<0> do_list{"list", "列出"};
inline constexpr Sentence<0> do_lock{"lock", "锁定"};
inline constexpr Sentence<0> do_sync{"sync", "同步到磁盘"};
inline constexpr Sentence<0> do_fsync{"fsync", "同步到磁盘"};
inline constexpr Sentence<0> do_sync_folder{"sync the folder", "同步文件夹"};
inline constexpr Sentence<0> do_sync_folder_of{"sync the folder of", "同步其所在文件夹："};
inline constexpr Sentence<0> do_fsync_folder_of{"fsync the folder of", "同步其所在文件夹："};
inline constexpr Sentence<0> do_set_mode{"set the mode of", "设置权限："};
inline constexpr Sentence<0> do_open_folder{"open the folder", "打开文件夹"};
inline constexpr Sentence<0> do_open_spool{"open the spool", "打开 spool"};
inline constexpr Sentence<0> do_make_spool{"make the spool", "创建 spool"};
inline constexpr Sentence<0> do_make_private{"make private (chmod 0700)", "设为不对他人开放（chmod 0700）："};
inline constexpr Sentence<0> do_take_out{"take files out of", "取走其中的文件："};
inline constexpr Sentence<0> do_put_back{"put back into the inbox", "放回 inbox："};
inline constexpr Sentence<0> do_copy{"copy (it has other hard links)", "复制（它有其他硬链接）："};
inline constexpr Sentence<0> do_ask_room{"ask for free room in", "查询剩余空间："};
inline constexpr Sentence<0> do_be_told{"be told of new files by", "接收新文件通知："};
inline constexpr Sentence<0> do_read_gate{"read the gate file (rate.gate)", "读取限速文件（rate.gate）"};
inline constexpr Sentence<0> do_open_gate{"open the gate file (rate.gate)", "打开限速文件（rate.gate）"};
inline constexpr Sentence<0> do_write_gate{"write the gate file", "写入限速文件"};
inline constexpr Sentence<0> do_lock_gate{"lock the gate file", "锁定限速文件"};
inline constexpr Sentence<0> do_draw{"draw random bytes for", "生成随机数："};
inline constexpr Sentence<0> do_create_ledger{"create ledger", "创建账本"};
inline constexpr Sentence<0> do_fsync_ledger_folder{"fsync the folder of ledger", "同步账本所在文件夹："};
inline constexpr Sentence<0> do_see_ledger{"see ledger", "查看账本"};
inline constexpr Sentence<0> do_claim_as{"claim as", "接收为"};
inline constexpr Sentence<0> do_rename_trial{"rename a trial file into", "把试验文件改名移入"};
inline constexpr Sentence<0> do_look_at_gate{"look at the gate file", "查看限速文件"};
inline constexpr Sentence<0> do_read_the_gate{"read the gate file", "读取限速文件"};
inline constexpr Sentence<0> do_set_gate_mode{"set the mode of the gate file", "设置限速文件的权限："};
inline constexpr Sentence<0> do_replace{"replace", "替换"};
inline constexpr Sentence<0> do_use{"use", "使用"};
inline constexpr Sentence<1> do_move_to{"move to {0}", "移到 {0}："};
inline constexpr Sentence<1> do_rename_to{"rename {0} to", "把 {0} 改名为"};
inline constexpr Sentence<1> anew{"{0} (it must be written anew)", "{0}（须重新写）"};
inline constexpr Sentence<0> boottime_timer{"a timer on CLOCK_BOOTTIME", "CLOCK_BOOTTIME 定时器"};

inline constexpr Sentence<0> os_no_room{"No space left on device", "磁盘已满"};
inline constexpr Sentence<0> os_quota{"Disk quota exceeded", "超出磁盘配额"};
inline constexpr Sentence<0> os_too_large{"File too large", "文件太大"};
inline constexpr Sentence<0> os_files{"Too many open files", "打开的文件太多"};
inline constexpr Sentence<0> os_memory{"Cannot allocate memory", "内存不足"};
inline constexpr Sentence<0> os_access{"Permission denied", "没有权限"};
inline constexpr Sentence<0> os_not_permitted{"Operation not permitted", "不允许此操作"};
inline constexpr Sentence<0> os_read_only{"Read-only file system", "文件系统为只读"};
inline constexpr Sentence<0> os_missing{"No such file or directory", "没有该文件或文件夹"};
inline constexpr Sentence<0> os_exists{"File exists", "文件已存在"};
inline constexpr Sentence<0> os_is_folder{"Is a directory", "是一个文件夹"};
inline constexpr Sentence<0> os_no_folder{"Not a directory", "不是文件夹"};
inline constexpr Sentence<0> os_io{"Input/output error", "输入输出错误"};
inline constexpr Sentence<0> os_in_use{"Address already in use", "地址已被占用"};
inline constexpr Sentence<0> os_no_address{"Cannot assign requested address", "本机没有该地址"};
inline constexpr Sentence<0> os_refused{"Connection refused", "连接被拒绝"};
inline constexpr Sentence<0> os_long_name{"File name too long", "名称太长"};
inline constexpr Sentence<0> os_timed_out{"Connection timed out", "连接超时"};
inline constexpr Sentence<2> os_other{"{0} ({1})", "系统错误 {1}（“{0}”）"};

inline constexpr Sentence<0> make_room{"make room on that disk (df, df -i); work goes on by itself", "请在该磁盘腾出空间（df、df -i 可查看）；之后自动继续"};
inline constexpr Sentence<0> raise_quota{"raise the disk quota or make room; work goes on by itself", "请调高磁盘配额或腾出空间；之后自动继续"};
inline constexpr Sentence<0> raise_file_size{"raise the limit on a file's size (LimitFSIZE= in the unit, ulimit -f); work goes on by itself", "请调高文件大小上限（unit 中的 LimitFSIZE=，ulimit -f）；之后自动继续"};
inline constexpr Sentence<0> raise_handles{"raise LimitNOFILE= (ulimit -n); work goes on by itself when some are free", "请调高 LimitNOFILE=（ulimit -n）；有空闲时自动继续"};
inline constexpr Sentence<0> system_handles{"the whole system is out of file handles (fs.file-max)", "整个系统的文件句柄已用完（fs.file-max）"};
inline constexpr Sentence<0> system_memory{"the system is out of memory; work goes on by itself when there is some", "系统内存不足；有内存时自动继续"};
inline constexpr Sentence<0> see_rights{"see who owns it and its mode (ls -l); sluice must be able to read and write there", "请查看其属主和权限（ls -l）；sluice 必须能在那里读写"};
inline constexpr Sentence<0> is_read_only{"it is mounted read-only: remount it; or the unit does not let sluice write there: `systemctl edit sluice`, add the lines [Service] and ReadWritePaths=THAT FOLDER, then `systemctl restart sluice`", "它以只读方式挂载：请重新挂载；或 unit 不允许 sluice 写入那里：运行 systemctl edit sluice，加入 [Service] 和 ReadWritePaths=该文件夹 两行，再 systemctl restart sluice"};
inline constexpr Sentence<0> see_the_name{"see that the name is right, and whether it was moved or removed", "请核对名称，以及它是否被移走或删除"};
inline constexpr Sentence<0> share_is_stale{"the share was exported anew or the file removed there", "网络共享被重新导出，或文件在那边被删除"};
inline constexpr Sentence<0> never_overwritten{"nothing is ever overwritten: move what has that name elsewhere", "绝不覆盖任何文件：请移走同名的文件"};
inline constexpr Sentence<0> folder_has_name{"a folder has that name: move it elsewhere", "有文件夹用了该名称：请移走它"};
inline constexpr Sentence<0> was_swapped{"something else took its place; it is looked at again", "它的位置被别的东西占了；会再次查看"};
inline constexpr Sentence<0> held_by_another{"another process holds it", "被另一个进程占用"};
inline constexpr Sentence<0> one_file_system{"all folders of a spool must be on one file system, with no mount in between", "spool 的所有文件夹必须在同一个文件系统上，中间不能有挂载点"};
inline constexpr Sentence<0> see_the_kernel{"see the kernel's log (dmesg) about that disk", "请查看内核日志（dmesg）中关于该磁盘的信息"};

// why a file in the inbox is not taken yet
inline constexpr Sentence<1> ready_marker{"its ready marker, {0}, is not there yet", "就绪标记 {0} 还没有出现"};
inline constexpr Sentence<0> changed_just_now{"it changed this very moment", "它刚刚又有改动"};
inline constexpr Sentence<0> still_written{"it is still being written: a process has it open for writing", "仍在写入：有进程以写方式打开着它"};
inline constexpr Sentence<0> still_empty{"it is empty: it is taken as soon as something is in it; if nothing comes, delete it. Nothing was placed", "文件是空的：一有内容就会接收；若不会再有内容，请删除它。没有下任何单"};
inline constexpr Sentence<1> must_rest{"it was written a moment ago and must rest {0} (inbox.settle)", "刚刚写入，需静置 {0}（inbox.settle）"};
inline constexpr Sentence<1> writer_unseen{"its writer can't be seen from here ({0}): two looks must agree", "这里看不到谁在写它（{0}）：须两次查看一致"};
inline constexpr Sentence<0> network_share{"a network share", "网络共享"};
inline constexpr Sentence<0> anothers_file{"another user's file, and no CAP_LEASE", "其他用户的文件，且没有 CAP_LEASE"};
inline constexpr Sentence<0> has_other_names{"it has other names (hard links), through which it could be changed after it was checked: bring a copy (cp), or set inbox.hard_links: copy. Nothing of it is placed before", "它有其他名称（硬链接），检查之后仍可能被改动：请放入副本（cp），或设置 inbox.hard_links: copy。在此之前不会下单"};
inline constexpr Sentence<1> too_large_to_copy{"it has other names (hard links) and is larger than inbox.max_bytes ({0}): it is not copied", "它有其他名称（硬链接），且超过 inbox.max_bytes（{0}）：不复制"};
inline constexpr Sentence<1> sticky_bit{"the inbox has the sticky bit, so nobody but {0} may move this file out of it: chmod -t the inbox", "inbox 带有粘滞位，只有 {0} 能把此文件移出：请对 inbox 执行 chmod -t"};
inline constexpr Sentence<0> group_may_not_read{"it can't be read: let its group read it (chmod g+r)", "无法读取：请允许其所属组读取（chmod g+r）"};
inline constexpr Sentence<3> other_group{"it can't be read: it is of the group {0} and not of {1}, as a file that mv brings keeps its group: chgrp {1}{2} it", "无法读取：它属于组 {0} 而不是 {1}（用 mv 移来的文件保留原来的组）：请对它执行 chgrp {1}{2}"};
inline constexpr Sentence<0> and_chmod{" and chmod g+r", " 和 chmod g+r"};
inline constexpr Sentence<1> not_regular{"it is {0}; only regular files are taken", "它是{0}；只接收普通文件"};
inline constexpr Sentence<0> something_else{"something else", "别的东西"};
inline constexpr Sentence<1> left_alone{"inbox: {0} is left alone, as its name asks for", "inbox：{0} 不作处理，因为其名称如此要求"};
inline constexpr Sentence<0> heard_again{"inbox: new files are heard of at once again", "inbox：又能立即得知新文件了"};

// what became of a file meanwhile
inline constexpr Sentence<2> ledger_names_impossible{"the ledger names a file of job {0} that no folder can hold: {1}", "账本中任务 {0} 的文件名不可能存在：{1}"};
inline constexpr Sentence<1> changed_while_claimed{"{0} was written or replaced while it was claimed; it stays in the inbox", "{0} 在接收时被写入或替换；它留在 inbox 中"};
inline constexpr Sentence<2> and_then{"{0}; and then: {1}", "{0}；随后：{1}"};
inline constexpr Sentence<1> claimed_moved_away{"{0} was moved away or replaced; nothing but sluice may touch state/; put the file back as it was", "{0} 被移走或替换；state/ 只能由 sluice 改动；请把文件恢复原样"};
inline constexpr Sentence<1> claimed_is_other{"{0} is not the file that was surveyed any more: it was written or its mode changed", "{0} 已不是检查时的文件：被写入或权限被改"};
inline constexpr Sentence<2> row_beyond_end{"row {0} lies beyond the end of {1}", "第 {0} 个订单超出了 {1} 的末尾"};
inline constexpr Sentence<1> became_shorter{"{0} became shorter", "{0} 变短了"};
inline constexpr Sentence<1> changed_since_ready{"{0} changed since it was judged ready", "{0} 在判定可接收之后又有改动"};
inline constexpr Sentence<1> got_other_names{"{0} has got other names (hard links)", "{0} 有了其他名称（硬链接）"};
inline constexpr Sentence<1> being_written{"{0} is being written: a process has it open for writing", "{0} 正在写入：有进程以写方式打开着它"};
inline constexpr Sentence<0> tried_already{"this candidate was tried already: open it again", "已试过接收此文件：请重新打开"};
inline constexpr Sentence<0> no_sha256{"OpenSSL has no SHA-256", "OpenSSL 不支持 SHA-256"};
inline constexpr Sentence<0> reading_called_off{"reading it was called off", "已停止读取"};
inline constexpr Sentence<1> is_a_folder{"{0} is a folder: name the files in it", "{0} 是文件夹：请写明其中的文件"};
inline constexpr Sentence<1> no_regular_file{"{0} is no regular file", "{0} 不是普通文件"};
inline constexpr Sentence<1> not_what_sluice_wrote{"{0} is not the file that sluice wrote there", "{0} 不是 sluice 写在那里的文件"};
inline constexpr Sentence<0> too_many_instances{"this user has too many inotify instances: raise fs.inotify.max_user_instances (sysctl); until then a new file is found by the next scan (inbox.scan_every)", "此用户的 inotify 实例过多：请调高 fs.inotify.max_user_instances（sysctl）；在此之前，新文件由下一次扫描发现（inbox.scan_every）"};
inline constexpr Sentence<0> too_many_watches{"this user has too many inotify watches: raise fs.inotify.max_user_watches (sysctl); until then a new file is found by the next scan (inbox.scan_every)", "此用户的 inotify 监视过多：请调高 fs.inotify.max_user_watches（sysctl）；在此之前，新文件由下一次扫描发现（inbox.scan_every）"};

// the spool as a whole
inline constexpr Sentence<2> secret_is_other{"{0} is not the {1} bytes that sluice wrote there; put it back as it was, or remove it: jobs under way are then held until somebody looks", "{0} 不是 sluice 写在那里的 {1} 字节；请恢复原样，或删除它：进行中的任务会暂停，直到有人查看"};
inline constexpr Sentence<3> few_inodes{"the disk of {0} has {1} free inodes, and a job may need {2}: remove files there (df -i); work goes on by itself", "{0} 所在磁盘剩余 {1} 个 inode，而一个任务可能需要 {2} 个：请删除那里的文件（df -i 可查看）；之后自动继续"};
inline constexpr Sentence<1> spool_moved{"{0} leads to another folder than it did: the spool was moved, or a disk was mounted over it. Nothing is sent any more: put it back and start again", "{0} 现在指向另一个文件夹：spool 被移走，或有磁盘挂载在上面。不再发送任何内容：请恢复原状后重新启动"};
inline constexpr Sentence<2> another_works{"another process{0} works this spool ({1}): one at a time; nothing was done here. Speak to it with `sluice status`, or stop it first (`systemctl stop sluice`)", "另一个进程{0}正在处理此 spool（{1}）：一次只能有一个；这里没有做任何事。请用 sluice status 与它沟通，或先停止它（systemctl stop sluice）"};
inline constexpr Sentence<1> with_pid{" (pid {0})", "（pid {0}）"};
inline constexpr Sentence<2> ledger_is_lost{"{0} is missing, or new, but {1}. Nothing is sent; run `sluice recover`. (Never restore state/ from a backup: orders would be placed twice.)", "{0} 不见了，或是新的，而{1}。不会发送；请运行 sluice recover。（切勿从备份恢复 state/：订单会重复下单。）"};
inline constexpr Sentence<1> has_had_jobs{"this spool has had {0} {0:job|jobs}: which orders are in doubt is not known", "此 spool 处理过 {0} 个任务：哪些订单存疑无从得知"};
inline constexpr Sentence<1> has_claimed_files{"state/ holds the claimed files of {0} {0:job|jobs}: what was sent of them is not known", "state/ 中有 {0} 个任务的已接收文件：发送过哪些无从得知"};

}  // namespace sluice::text::words
