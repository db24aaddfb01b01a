// What hold, release, cancel, resolve, pause and resume answer, and what keeps a command from being answered.
#pragma once

#include "sluice/text/sentence.hpp"

// clang-format off: a row a sentence, both languages side by side
namespace sluice::text::words {

// who decided what
inline constexpr Sentence<2> by{"by {0} at {1}", "由 {0} 于 {1}"};
inline constexpr Sentence<1> was_held{"held {0}", "{0} 暂停"};
inline constexpr Sentence<1> was_released{"released {0}", "{0} 放行"};
inline constexpr Sentence<1> was_cancelled{"cancelled {0}", "{0} 取消"};

// one job
inline constexpr Sentence<2> held_by{"held {0}; nothing is lost: `sluice release {1}` goes on, `sluice cancel {1}` ends it", "{0} 暂停；不会丢失任何内容：用 sluice release {1} 继续，或用 sluice cancel {1} 结束"};
inline constexpr Sentence<1> job_held{"{0} is held; what is in flight finishes, and nothing more of it is sent until `sluice release {0}`", "{0} 已暂停；进行中的请求会完成，之后不再发送，直到运行 sluice release {0}"};
inline constexpr Sentence<1> job_released{"{0} goes on; no cap holds it any more", "{0} 继续；不再受任何上限约束"};
inline constexpr Sentence<1> job_cancelled{"{0} is cancelled: what is in flight finishes, the rest is not sent; its results come into outbox/ as always", "{0} 已取消：进行中的请求会完成，其余不再发送；结果照常写入 outbox/"};
inline constexpr Sentence<1> job_done{"{0} is finished, and nothing was changed: its results are in the outbox; `sluice show {0}`", "{0} 早已完成，未做任何改动：结果在 outbox/ 中；见 sluice show {0}"};
inline constexpr Sentence<1> job_rejected{"{0} was rejected, and nothing of it was sent: its file and the reason are in rejected/", "{0} 已被整体拒收，未发送任何订单：文件和原因在 rejected/ 中"};
inline constexpr Sentence<1> job_dropped{"{0} came to nothing: its file was not taken, and nothing of it was sent", "{0} 没有成立：文件未被接收，未发送任何订单"};
inline constexpr Sentence<1> job_being_published{"{0} has all its answers and is being published; nothing was changed", "{0} 已得到全部答复，正在写结果；未做任何改动"};
inline constexpr Sentence<1> no_job{"no job {0}; `sluice history` lists them", "没有任务 {0}；用 sluice history 查看全部任务"};
inline constexpr Sentence<1> job_being_taken{"{0} is being taken this very moment and nothing was changed; try again", "{0} 正在接收中，未做任何改动；请再试一次"};
inline constexpr Sentence<1> job_busy{"{0} has another command to carry out and nothing was changed by this one; try again", "{0} 正在执行另一条命令，本命令未做任何改动；请再试一次"};
inline constexpr Sentence<1> no_job_id{"{0} is no job: expected YYYYMMDD-N", "{0} 不是任务编号：应为 YYYYMMDD-N"};
inline constexpr Sentence<0> no_such_command{"no such command", "没有这样的命令"};

// what another host does
inline constexpr Sentence<2> done_at_host{"{0} (done at host {1})", "{0}（由主机 {1} 执行）"};
inline constexpr Sentence<1> errand_unknown{"nothing was changed: the host that has the job is of another version of sluice and doesn't know what was asked of it ({0}); give all hosts the same version", "未做任何改动：负责此任务的主机版本不同，不认识所要求的操作（{0}）；请让所有主机使用同一版本"};
// log: An operator paused or resumed the account while another host could not be reached. | Nothing: it reads it within five seconds of being back.
inline constexpr Sentence<1> others_not_told{"another host was not told of it and reads it in some seconds: {0}", "未能通知另一台主机，它会在数秒内自行读取：{0}"};
inline constexpr Sentence<0> heard{"heard", "已知"};

// orders in doubt
inline constexpr Sentence<1> nothing_was_sent{"nothing of {0} was ever sent: there is nothing to resolve", "{0} 从未发送任何订单：没有需要了结的"};
inline constexpr Sentence<1> not_finished_yet{"{0} is not finished yet: its orders in doubt are known when its in-doubt file is in the outbox", "{0} 尚未完成：等其 in-doubt 文件出现在 outbox/ 中，才知道哪些订单存疑"};
inline constexpr Sentence<1> no_doubts{"{0} has no orders in doubt", "{0} 没有存疑订单"};
inline constexpr Sentence<3> contrary{"nothing was changed: of {0} of the orders of {1} the contrary was said before ({2}); if that was wrong, say it again with --force", "未做任何改动：{1} 中有 {0} 个订单此前的说法相反（{2}）；若此前有误，请加 --force 再说一次"};
inline constexpr Sentence<0> resolved_as_applied{"resolved as applied", "全部核实为已生效"};
inline constexpr Sentence<0> resolved_as_not_applied{"resolved as not applied", "全部核实为未生效"};
inline constexpr Sentence<2> resolved_partly{"resolved: {0} as applied, {1} as not applied", "核实结果：{0} 个已生效，{1} 个未生效"};
inline constexpr Sentence<1> not_looked_up{", {0} not looked up yet", "，{0} 个尚未核实"};
inline constexpr Sentence<2> doubts_are{"{0}: its orders in doubt are {1}", "{0}：其存疑订单{1}"};
inline constexpr Sentence<0> not_sent_again{"; those that were applied are not sent again", "；已生效的不会再发送"};
inline constexpr Sentence<0> may_come_again{"; those that were not may be dropped in again", "；未生效的可重新放入"};
inline constexpr Sentence<2> not_of_this_job{"nothing was changed: {0} of the orders of that file are not in doubt in {1}, or too old to be remembered", "未做任何改动：该文件中有 {0} 个订单在 {1} 中并不存疑，或时间过久不再记录"};
inline constexpr Sentence<1> nothing_waits{"{0} has no order that waits for an answer: they are in doubt in the jobs that its in-doubt file names, or too old to be remembered", "{0} 没有待了结的订单：它们在其 in-doubt 文件所指的任务中存疑，或时间过久不再记录"};
inline constexpr Sentence<0> too_old{"not resolved, and too old to be kept", "未了结，时间过久不再记录"};
inline constexpr Sentence<2> not_resolved{"not resolved: look up each row of outbox/{0}, then `sluice resolve {1} --applied` or `--not-applied`, or of the job that a row's message names", "未了结：请逐行核实 outbox/{0}，再运行 sluice resolve {1} --applied 或 --not-applied（若某行注明了其他任务，则对那个任务运行）"};
inline constexpr Sentence<0> resolution_expected{"expected {\"all\": \"applied\" or \"not_applied\"}, or the orders' hashes", "应为 {\"all\": \"applied\" 或 \"not_applied\"}，或各订单的摘要"};
inline constexpr Sentence<0> expects_id{"expected {\"id\": a uid, an orderId or a douyinId}", "应为 {\"id\": UID、订单号或抖音号}"};
inline constexpr Sentence<0> expects_elements{"expected {\"orders\": [...]}", "应为 {\"orders\": [...]}"};
inline constexpr Sentence<1> user_number{"user {0}", "用户 {0}"};
inline constexpr Sentence<2> said_by{"{0} {1}", "{0}，{1}"};

// the whole line
inline constexpr Sentence<0> line_paused{"paused: no request starts until `sluice resume`; nothing is lost", "已暂停：在 sluice resume 之前不再发出请求；不会丢失任何内容"};
inline constexpr Sentence<0> line_paused_already{"paused already: no request starts until `sluice resume`", "早已暂停：在 sluice resume 之前不再发出请求"};
inline constexpr Sentence<1> line_tried_again{"resumed: it is tried again now; what had paused it: {0}", "已恢复：现在再次尝试；此前暂停的原因：{0}"};
inline constexpr Sentence<0> line_resumed{"resumed", "已恢复"};
inline constexpr Sentence<0> line_not_paused{"nothing was paused; a held job goes on with `sluice release JOB`", "并没有暂停；已暂停的任务用 sluice release JOB（任务编号）继续"};
// log: A process begins while an operator's pause is in force. | sluice resume, when the reason for it is over.
inline constexpr Sentence<1> line_paused_by{"paused {0}; nothing is lost, and `sluice resume` goes on", "{0} 暂停；不会丢失任何内容，用 sluice resume 继续"};
inline constexpr Sentence<0> paused_by_operator{"paused by the operator; `sluice resume` goes on", "人工暂停；用 sluice resume 继续"};

// what it is reached by
inline constexpr Sentence<2> metrics_not_opened{"control.metrics: {0} can't be opened: {1}. Another address or port, or \"\" to serve none, then start again", "control.metrics：无法打开 {0}：{1}。请改用其他地址或端口（或 \"\" 表示不提供），然后重新启动"};
inline constexpr Sentence<2> socket_not_opened{"the control socket {0} can't be opened: {1}. control.socket names another place (a path may have 107 bytes)", "无法打开控制套接字 {0}：{1}。可用 control.socket 指定其他位置（路径最多 107 字节）"};

// where no process runs, or it can't be asked
inline constexpr Sentence<0> nobody_works{"no sluice process works this spool, so nothing is sent: `systemctl start sluice` (`sluice run`), or `sluice drain`", "没有 sluice 进程在处理此 spool，因此不会发送：请运行 systemctl start sluice（sluice run）或 sluice drain"};
inline constexpr Sentence<0> next_time{" (no sluice process runs now: the next `sluice run` or `sluice drain` acts on it)", "（现在没有 sluice 进程：下次 sluice run 或 sluice drain 时生效）"};
inline constexpr Sentence<0> process_silent{"a sluice process has this spool, but is starting, stopping or recovering: this is what the ledger says", "有 sluice 进程占用此 spool，但正在启动、停止或恢复：以下是账本所记"};
inline constexpr Sentence<0> no_process_runs{"no sluice process runs", "没有 sluice 进程在运行"};
inline constexpr Sentence<1> ledger_lost{"{0} is missing, but this spool has had jobs: nothing is sent; run `sluice recover`", "{0} 不见了，而此 spool 处理过任务：不会发送；请运行 sluice recover"};
inline constexpr Sentence<1> ledger_not_yet{"{0} is missing: no sluice has worked this spool yet (`sluice run` makes it)", "{0} 不存在：此 spool 还没有 sluice 处理过（sluice run 会创建它）"};
inline constexpr Sentence<2> why_not_offline{"no sluice process listens on {0}. Without one only the user that sluice runs as can look: `sudo -u sluice sluice ...`; {1}/state is private", "没有 sluice 进程在 {0} 上监听。此时只有运行 sluice 的用户才能查看：sudo -u sluice sluice ...；{1}/state 不对他人开放"};
inline constexpr Sentence<1> process_busy{"nothing was changed: a sluice process has this spool and does not listen on {0}. It is starting, stopping or recovering (or has another control.socket): try again in a moment", "未做任何改动：有 sluice 进程占用此 spool，但没有在 {0} 上监听。它正在启动、停止或恢复（或使用了另一个 control.socket）：请稍后再试"};
inline constexpr Sentence<0> asked_all_the_same{"(the process that runs was asked all the same: it has the settings it began with)", "（仍向正在运行的进程询问了：它使用启动时的配置）"};
inline constexpr Sentence<1> only_members{"{0}: only members of the socket's group may speak to the process that runs (ls -l tells which group), and nothing was changed: join it, and log in again", "{0}：只有该套接字所属组的成员才能与运行中的进程通信（ls -l 可看是哪个组），未做任何改动：请加入该组后重新登录"};
inline constexpr Sentence<2> stranger_listens{"{0}: a process of {1} listens there, who is neither root nor the spool's owner: what it says is not believed. See who made that socket (ls -l), and remove it", "{0}：在此监听的进程属于 {1}，既不是 root 也不是 spool 的属主：它的话不可信。请查看是谁建的套接字（ls -l）并删除"};
inline constexpr Sentence<1> daemon_ended{"{0}: the daemon ended without an answer; ask again, which does no harm", "{0}：守护进程没有答复就结束了；可以再问一次，不会有害"};
inline constexpr Sentence<2> daemon_silent{"{0}: the daemon does not answer ({1}); its log may say why (journalctl -u sluice)", "{0}：守护进程没有答复（{1}）；其日志可能说明原因（journalctl -u sluice）"};

}  // namespace sluice::text::words
