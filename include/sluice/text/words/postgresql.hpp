// What is said of the ledger and the gate that several hosts share in PostgreSQL.
#pragma once

#include "sluice/text/sentence.hpp"

// clang-format off: a row a sentence, both languages side by side
namespace sluice::text::words {

// how it is reached
inline constexpr Sentence<0> postgresql_password_inside{"ledger.postgresql holds a password, and settings are read by others: put it into a file and name that in ledger.password", "ledger.postgresql 中含有密码，而设置文件会被他人读到：请把密码放进文件，并在 ledger.password 中指定该文件"};
inline constexpr Sentence<1> postgresql_no_conninfo{"ledger.postgresql can't be read ({0}): write it as libpq does, \"host=… dbname=… user=…\"", "无法读取 ledger.postgresql（“{0}”）：请按 libpq 的写法，如 \"host=… dbname=… user=…\""};
inline constexpr Sentence<0> postgresql_service{"ledger.postgresql names a service, whose file may say anything: write host, dbname and user here", "ledger.postgresql 指定了 service，而其文件内容不可控：请在此写明 host、dbname 和 user"};
inline constexpr Sentence<2> postgresql_weak_tls{"ledger.postgresql goes to {0} over the network with sslmode={1}, which doesn't prove whom it talks to: leave sslmode out, or set verify-full (and sslrootcert to the file of its CA)", "ledger.postgresql 经网络连接 {0}，而 sslmode={1} 不能证明对方身份：请去掉 sslmode 或设为 verify-full（并用 sslrootcert 指定其 CA 文件）"};
inline constexpr Sentence<1> postgresql_no_libpq{"ledger.postgresql is set, and libpq, by which PostgreSQL is reached, can't be loaded ({0}): install it (apt install libpq5) and start sluice again", "已设置 ledger.postgresql，但无法加载连接 PostgreSQL 所需的 libpq（“{0}”）：请安装它（apt install libpq5），再重新启动 sluice"};

// what it must be
inline constexpr Sentence<2> postgresql_too_old{"PostgreSQL at {0} is of version {1}; it must be 13 or later", "{0} 的 PostgreSQL 版本是 {1}，需要 13 或更高"};
inline constexpr Sentence<2> postgresql_not_durable{"PostgreSQL at {0} has synchronous_commit={1}: what it was told could be gone after a crash or a failover, and orders placed twice. Set it to on for this role: ALTER ROLE … SET synchronous_commit = on", "{0} 的 PostgreSQL 设有 synchronous_commit={1}：崩溃或切换后可能丢失已提交的内容，导致重复下单。请为此角色设为 on：ALTER ROLE … SET synchronous_commit = on"};
inline constexpr Sentence<3> postgresql_newer{"the schema sluice in PostgreSQL at {0} was written by a newer sluice (version {1}, this one knows up to {2}): install that version again", "{0} 的 PostgreSQL 中的 schema sluice 由更新的 sluice 写入（版本 {1}，本程序只知道到 {2}）：请重新安装那个版本"};
inline constexpr Sentence<3> postgresql_older{"the schema sluice in PostgreSQL at {0} is of version {1} of {2}: `sluice run` or `sluice drain` brings it up to date", "{0} 的 PostgreSQL 中的 schema sluice 版本为 {1}，当前为 {2}：sluice run 或 sluice drain 会更新它"};
inline constexpr Sentence<1> postgresql_empty{"PostgreSQL at {0} has no schema sluice as yet: `sluice run` or `sluice drain` makes it", "{0} 的 PostgreSQL 中还没有 schema sluice：sluice run 或 sluice drain 会建立它"};
inline constexpr Sentence<0> postgresql_only_looked_at{"the ledger in PostgreSQL was opened only to look at it", "PostgreSQL 中的账本只为查看而打开"};

// what fails
inline constexpr Sentence<4> postgresql_says{"PostgreSQL at {0}: {1} ({2}); {3}", "{0} 的 PostgreSQL：“{1}”（{2}）；{3}"};
inline constexpr Sentence<2> postgresql_lost{"PostgreSQL at {0} can't be reached ({1}); nothing new is sent meanwhile, and it is tried again", "无法连接 {0} 的 PostgreSQL（“{1}”）；期间不发送新内容，并会再试"};
inline constexpr Sentence<0> postgresql_no_answer{"no answer in time", "未及时答复"};
inline constexpr Sentence<0> postgresql_room{"make room on its disk; it goes on by itself", "请在其磁盘腾出空间；之后自动继续"};
inline constexpr Sentence<0> postgresql_connections{"raise its max_connections, or end others' connections; it is tried again", "请提高其 max_connections 或结束其他连接；会再试"};
inline constexpr Sentence<0> postgresql_rights{"see user, password and pg_hba.conf; the role must own the schema sluice", "请检查用户、密码和 pg_hba.conf；该角色必须拥有 schema sluice"};
inline constexpr Sentence<0> postgresql_no_database{"see dbname in ledger.postgresql; createdb makes one", "请检查 ledger.postgresql 中的 dbname；可用 createdb 创建"};
inline constexpr Sentence<0> postgresql_damaged{"its tables are not as sluice made them: nothing is sent any more. Somebody must look at it; never restore it from a backup, it would place orders again", "其中的表已不是 sluice 建立的样子：不再发送任何内容。请人工检查；切勿从备份恢复，那会重复下单"};
inline constexpr Sentence<0> postgresql_see_its_log{"see its log; it is tried again", "请查看其日志；会再试"};
inline constexpr Sentence<2> postgresql_impossible{"the ledger in PostgreSQL at {0} is damaged ({1}). Nothing was sent on its word and nothing is sent any more: somebody must look at it. Never restore it from a backup, it would place orders again", "{0} 的 PostgreSQL 中的账本已损坏（{1}）。没有据此发送过任何内容，也不再发送：请人工检查。切勿从备份恢复，那会重复下单"};
inline constexpr Sentence<0> postgresql_not_stored{"PostgreSQL was away before a commit was stored; it is tried again", "提交尚未保存时 PostgreSQL 断开；会再试"};

// other hosts
inline constexpr Sentence<0> postgresql_fenced{"this host did not renew its lease in time, and another one has taken over: it sends nothing any more, and what was under way may have been applied. Start it again", "本机未及时续租，已被另一台接管：不再发送，进行中的请求可能已生效。请重新启动"};
inline constexpr Sentence<0> postgresql_elsewhere{"a job of another host is about the same user or order; it goes on once that is settled", "另一台主机的任务正涉及同一用户或订单；待其有结果后继续"};
inline constexpr Sentence<0> postgresql_stale{"another host has changed what is in doubt or paused; it is read again", "另一台主机更改了存疑或暂停状态；会重新读取"};
inline constexpr Sentence<1> postgresql_name_taken{"a host named {0} is at work on another machine: give each its own name in ledger.host", "名为 {0} 的主机正在另一台机器上运行：请在 ledger.host 中为每台起不同的名字"};
inline constexpr Sentence<0> postgresql_hosts_full{"16 hosts share this account already, and no more can; one that was gone for a day makes room", "已有 16 台主机共用此账户，不能再多；离开满一天的会让出位置"};
inline constexpr Sentence<0> postgresql_outcome_unknown{"PostgreSQL was away while a commit was under way, and could not be asked for two minutes what became of it: nothing is sent any more, and what was under way may have been applied. Start it again", "提交进行中时 PostgreSQL 断开，两分钟内无法得知结果：不再发送，进行中的请求可能已生效。请重新启动"};
inline constexpr Sentence<1> postgresql_no_such_job{"no other host works on {0}", "没有其他主机在处理 {0}"};
inline constexpr Sentence<1> postgresql_host_gone{"nothing was changed: host {0}, which has the job, is not at work. Start it again, and say this again; where hosts share a spool, another takes its jobs over within 40 seconds", "未做任何改动：负责此任务的主机 {0} 没有在运行。请重新启动它，再执行一次；若多台主机共用一个 spool，另一台会在 40 秒内接管其任务"};
inline constexpr Sentence<0> postgresql_host_silent{"the host that has the job did not answer within ten seconds, and was told to forget it; if it was already at it, `sluice show` says so. Saying it again harms nothing", "负责此任务的主机十秒内未答复，已通知其作罢；若它已在执行，sluice show 会显示。再执行一次没有坏处"};
inline constexpr Sentence<1> postgresql_has_file{"ledger.postgresql is set, and {0} holds what this spool promised and sent: `sluice ledger move --to postgresql` takes it over, once no job is under way (or begin with a new spool folder)", "已设置 ledger.postgresql，而 {0} 中还有此 spool 的记录：没有进行中的任务时，用 sluice ledger move --to postgresql 移过去（或用一个新的 spool 文件夹开始）"};
inline constexpr Sentence<2> shared_spool_is_other{"host {0} is at work on a shared spool {1}, and here that is another folder: mount the same storage there on both, or set ledger.shared_spool: false", "主机 {0} 正在处理共用的 spool {1}，而本机上那是另一个文件夹：请在两台主机上把同一存储挂载到该处，或设置 ledger.shared_spool: false"};
inline constexpr Sentence<2> shared_spool_renumbers{"the files of {1} bear other inode numbers here than at host {0}: they can't be told from one another, so no spool can be shared there. NFSv4 and CephFS can", "{1} 中的文件在本机上的 inode 号与主机 {0} 上的不同：无法辨认文件，因此不能共用该 spool。NFSv4 和 CephFS 可以"};
// log: Another host that shares the spool has a lease, and its lock is not seen: it died less than half a minute ago, or the storage passes no locks on. | None, unless it ends with exit 75; then see how the storage is mounted.
inline constexpr Sentence<1> shared_spool_waits{"waiting: {0}", "等待中：{0}"};
inline constexpr Sentence<2> shared_spool_unseen{"host {0} has a lease, and its lock in {1} is not seen here: either it died just now, and its lease is over in half a minute, or the storage doesn't pass locks on between hosts (nolock and local_lock must not be set). Nothing begins here before", "主机 {0} 仍有租约，但在本机看不到它在 {1} 中的锁：或者它刚刚退出，租约半分钟后到期；或者该存储不在主机间传递锁（不可使用 nolock、local_lock）。在此之前本机不开始工作"};
inline constexpr Sentence<0> postgresql_no_recover{"recover makes a new ledger in place of a file that was lost; the one in PostgreSQL is repaired there, and never restored from a backup", "recover 用于重建丢失的账本文件；PostgreSQL 中的账本请在那里修复，切勿从备份恢复"};

// the gate
inline constexpr Sentence<0> postgresql_gate_away{"the connection to PostgreSQL that keeps the pace was lost; it is being made again, and nothing is sent meanwhile", "与 PostgreSQL 的限速连接已断开；正在重新连接，期间不发送"};
inline constexpr Sentence<1> postgresql_gate_busy{"PostgreSQL at {0}: other hosts were quicker; it is tried again", "{0} 的 PostgreSQL：其他主机更快；会再试"};
// log: What kept the pace is unreadable; nothing is sent for one window. | None; if it comes again, see the server's log.
inline constexpr Sentence<1> postgresql_gate_damaged{"the pace in PostgreSQL at {0} is damaged or of another version: starting over, after one window", "{0} 的 PostgreSQL 中的限速状态已损坏或属于其他版本：等一个时间窗后重新开始"};
inline constexpr Sentence<3> postgresql_other_rate{"another host keeps the pace in PostgreSQL at {0} at {1}, and the rate set here is {2}: give all hosts the same rate", "另一台主机在 {0} 的 PostgreSQL 中以{1}限速，而这里设的是{2}：请为所有主机设相同速度"};

}  // namespace sluice::text::words
