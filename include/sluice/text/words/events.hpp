// What notify.command is told, and how drain and the daemon begin and end.
#pragma once

#include "sluice/text/sentence.hpp"

// clang-format off: a row a sentence, both languages side by side
namespace sluice::text::words {

inline constexpr Sentence<1> event_rejected{"the file was rejected whole, nothing of it was sent; rejected/*.{0}.reason.txt says why", "文件被整体拒收，未发送任何订单；原因见 rejected/*.{0}.reason.txt"};
inline constexpr Sentence<1> event_done{"done: {0}", "已完成：{0}"};
inline constexpr Sentence<2> event_some_refused{"done, and some were not accepted: {0}. Those were not placed and cost nothing: mend outbox/*.{1}.failures.* and drop it in again", "已完成，部分未被接受：{0}。这些没有下单，未扣费：请更正 outbox/*.{1}.failures.* 后重新放入"};
inline constexpr Sentence<2> event_in_doubt{"{0} {0:order|orders} may or may not have been placed: look up each row of outbox/*.{1}.in-doubt.*, then sluice resolve {1}", "{0} 个订单可能已下单，也可能没有：请逐行核实 outbox/*.{1}.in-doubt.*，再运行 sluice resolve {1}"};
inline constexpr Sentence<0> event_resumed{"requests start again", "又开始发送请求"};
inline constexpr Sentence<2> event_paused{"no request starts ({0}): {1}", "不再发出请求（{0}）：{1}"};
inline constexpr Sentence<1> event_stuck{"not taken for an hour: {0}", "一小时未被接收：{0}"};

// when it can't be told
inline constexpr Sentence<1> hook_no_pipe{"no pipe for its input: {0}", "无法为其输入建立管道：{0}"};
inline constexpr Sentence<1> hook_no_input{"its input could not be written: {0}", "无法写入其输入：{0}"};
inline constexpr Sentence<1> hook_no_shell{"/bin/sh could not be started: {0}", "无法启动 /bin/sh：{0}"};
inline constexpr Sentence<1> hook_ended{"it ended with {0}", "它以退出码 {0} 结束"};
inline constexpr Sentence<1> hook_killed{"signal {0} ended it", "它被信号 {0} 终止"};
inline constexpr Sentence<1> hook_too_slow{"not done after {0}, killed", "{0} 之后仍未完成，已终止"};
// log: More happens than notify.command can tell; told once. | Make the command faster, or take events out of notify.on.
inline constexpr Sentence<0> notify_too_many{"notify: more events than notify.command takes; the oldest are dropped", "notify：事件多于 notify.command 能处理的；丢弃最早的"};
// log: notify.command failed or took longer than 30 s, three times where the text says that nobody was told. | See its words; try it by hand as sluice's user. Status has what it would have told.
inline constexpr Sentence<3> notify_failed{"notify.command failed for {0}: {1}{2}", "notify.command 未能通知 {0}：{1}{2}"};
inline constexpr Sentence<0> nobody_told{"; nobody was told", "；没有通知到任何人"};
inline constexpr Sentence<0> told_again{"; tried again in 10 s", "；10 秒后再试"};
// log: The process ended before all was told. | Look at status and history.
inline constexpr Sentence<1> notify_undelivered{"notify: {0} {0:event was|events were} not delivered before the end", "notify：结束前有 {0} 个事件未能通知"};

// beginning and end
inline constexpr Sentence<0> stopping_now{"stopping: what is in flight finishes first", "正在停止：进行中的请求先完成"};
// log: The settings file has mistakes; the settings in force stay. | Mend them (sluice config --check), and reload again.
inline constexpr Sentence<1> reload_refused{"reload: {0}; the settings in force stay", "重新加载：{0}；仍使用现有配置"};
// log: A setting was changed that can't change while the process runs. | Restart when it suits: systemctl restart sluice.
inline constexpr Sentence<1> reload_needs_restart{"reload: {0} changes only with a restart", "重新加载：{0} 需要重启才会改变"};
inline constexpr Sentence<1> reload_done{"reload: settings taken over from {0}", "重新加载：已采用 {0} 的配置"};
inline constexpr Sentence<1> cannot_begin{"cannot begin: {0}; raise LimitNOFILE= (ulimit -n), or TasksMax= for threads", "无法开始：{0}；请调高 LimitNOFILE=（ulimit -n），线程则调高 TasksMax="};
// log: The process can't begin, or can't go on, and exits 3, 75 or 78. | As the text says, then start again.
inline constexpr Sentence<1> sluice_ends{"sluice ends: {0}", "sluice 结束运行：{0}"};
// log: The spool, the ledger or the gate can't be used yet; it is tried again. | As the text says; it begins by itself.
inline constexpr Sentence<1> begins_not_before{"{0}; nothing begins before, and nothing is lost", "{0}；在此之前不会开始，也不会丢失任何内容"};
inline constexpr Sentence<1> works_spool{"sluice works {0}; drop files into its inbox/", "sluice 正在处理 {0}；请把文件放入其 inbox/"};
inline constexpr Sentence<0> drained_all{"every order accepted, or nothing to do", "全部订单已接受，或没有要做的"};
inline constexpr Sentence<0> drained_some{"some orders were not accepted; outbox/*.failures.* holds those that were not placed, outbox/*.in-doubt.* those to look up", "部分订单未被接受；未下单的在 outbox/*.failures.* 中，需核实的在 outbox/*.in-doubt.* 中"};
inline constexpr Sentence<0> drained_rejected{"a file was rejected whole; rejected/*.reason.txt says why", "有文件被整体拒收；原因见 rejected/*.reason.txt"};
inline constexpr Sentence<0> drained_unfinished{"unfinished; what is left goes on the next time", "未完成；余下的下次继续"};
inline constexpr Sentence<3> drained{"drained: {0}{1} (exit {2})", "本次处理结束：{0}{1}（退出码 {2}）"};
inline constexpr Sentence<3> job_and_file{"{0} ({1}): {2}", "{0}（{1}）：{2}"};
inline constexpr Sentence<1> not_taken_by_drain{"not taken: {0}", "未接收：{0}"};
inline constexpr Sentence<1> more_of_drain{"and {0} more like these: see `sluice status` and `sluice history`", "以及另外 {0} 条类似情况：见 sluice status 和 sluice history"};
inline constexpr Sentence<1> left_in_inbox{"; left in the inbox: {0}", "；留在 inbox 中：{0}"};
inline constexpr Sentence<1> drain_stopped{"drain was told to stop before all was done; what is left goes on the next time (exit {0})", "drain 在完成之前被要求停止；余下的下次继续（退出码 {0}）"};

}  // namespace sluice::text::words
