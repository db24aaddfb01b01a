// What `status`, `show` and `history` say, and what the service manager shows of us.
#pragma once

#include "sluice/text/sentence.hpp"

// clang-format off: a row a sentence, both languages side by side
namespace sluice::text::words {

// outcomes, as people count them
inline constexpr Sentence<0> accepted{"accepted", "已接受"};
inline constexpr Sentence<0> accepted_earlier{"accepted_earlier", "此前已成功"};
inline constexpr Sentence<0> refused{"refused", "被拒绝"};
inline constexpr Sentence<0> invalid{"invalid", "无效"};
inline constexpr Sentence<0> failed{"failed", "未成功"};
inline constexpr Sentence<0> not_sent{"not_sent", "未发送"};
inline constexpr Sentence<0> duplicate{"duplicate", "重复"};
inline constexpr Sentence<0> in_doubt{"in_doubt", "存疑"};
inline constexpr Sentence<2> count{"{0} {1}", "{1}：{0}"};
inline constexpr Sentence<0> comma{", ", "，"};
inline constexpr Sentence<0> semicolon{"; ", "；"};
inline constexpr Sentence<0> colon{": ", "："};

// states of a job
inline constexpr Sentence<0> claiming{"claiming", "接收中"};
inline constexpr Sentence<0> surveying{"surveying", "检查中"};
inline constexpr Sentence<0> sending{"sending", "发送中"};
inline constexpr Sentence<0> staged{"staged", "正在写结果"};
inline constexpr Sentence<0> done{"done", "已完成"};
inline constexpr Sentence<0> rejecting{"rejecting", "正在拒收"};
inline constexpr Sentence<0> rejected{"rejected", "已拒收"};
inline constexpr Sentence<0> dropped{"dropped", "未接收"};

// the live picture
inline constexpr Sentence<1> done_about{", done about {0}", "，预计 {0} 完成"};
inline constexpr Sentence<1> so_far{"so far: {0}", "目前：{0}"};
inline constexpr Sentence<1> asked_again{"perhaps applied, being asked again: {0}", "可能已生效，正在再次询问：{0}"};
inline constexpr Sentence<1> held{"HELD: {0}", "已暂停：{0}"};
inline constexpr Sentence<1> placed_before{"PLACED BEFORE: {0}", "此前已下过单：{0}"};
inline constexpr Sentence<1> waits{"waits: {0}", "等待：{0}"};
inline constexpr Sentence<0> late{"late: not done before 17:00 (UTC+8); what is placed later becomes active a day later", "来不及：17:00（UTC+8）之前完不成；之后下的单晚一天激活"};
inline constexpr Sentence<4> job_in_doubt{"IN DOUBT: {0}  {1}: {2} {2:order|orders} may or may not have been placed; look up each row of outbox/{3}. All were placed: `sluice resolve {0} --applied`; none: `--not-applied`; some: add a column `applied` to that file, yes or no in each row, and `sluice resolve {0} --file FILE`", "存疑：{0}  {1}：{2} 个订单可能已下单，也可能没有；请逐行核实 outbox/{3}。全部已下单：运行 sluice resolve {0} --applied；全部没有：--not-applied；部分：在该文件中加一列 applied，每行填 yes 或 no，再运行 sluice resolve {0} --file FILE（该文件）"};
inline constexpr Sentence<5> ended{"finished: {0}  {1}  {2} {3}: {4}", "已结束：{0}  {1}  {2} {3}：{4}"};
inline constexpr Sentence<0> reason_in_rejected{"the reason is in rejected/", "原因见 rejected/"};
inline constexpr Sentence<4> gate{"gate: {0} requests/s of {1} allowed, {2} in flight, {3} sent", "发送：每秒 {0} 个请求（上限 {1}），进行中 {2}，已发送 {3}"};
inline constexpr Sentence<1> throttled{", {0} throttled", "，被限流 {0} 次"};
inline constexpr Sentence<1> spacing{", spacing ×{0}", "，间隔 ×{0}"};
inline constexpr Sentence<1> closed_until{", closed until {0}", "，停到 {0}"};
inline constexpr Sentence<2> slowed{"SLOWED: the API says that requests come too often ({0} {0:time|times} so far). Nothing of those requests was placed; sending goes on by itself at {1}, more slowly. Does anybody else use this account?", "已减速：接口说请求过于频繁（至今 {0} 次）。那些请求没有下任何单；将于 {1} 自动以较慢的速度继续。是否还有别人在用这个账号？"};
inline constexpr Sentence<2> paused{"PAUSED ({0}): {1}", "全部发送已暂停（{0}）：{1}"};
inline constexpr Sentence<2> pause_since{"{0}, since {1}", "{0}，自 {1}"};
inline constexpr Sentence<1> inbox_trouble{"inbox: {0}", "inbox：{0}"};
inline constexpr Sentence<1> credential_trouble{"CREDENTIAL: {0}; the one read before stays in force", "凭据：{0}；仍使用此前读到的凭据"};
inline constexpr Sentence<2> host_alive{"host {0}: at work, {1} {1:job|jobs}", "主机 {0}：运行中，任务 {1} 个"};
inline constexpr Sentence<2> host_away{"host {0}: not at work, last seen {1}; it left no job", "主机 {0}：没有在运行，最后见于 {1}；没有留下任务"};
inline constexpr Sentence<3> host_gone{"host {0}: NOT AT WORK, last seen {1}, {2} {2:job|jobs} left: start it again (sharing a spool, another host takes them over)", "主机 {0}：没有在运行，最后见于 {1}，留下任务 {2} 个：请重新启动它（若共用 spool，另一台会接管）"};
inline constexpr Sentence<4> job_elsewhere{"at host {0}: {1}  {2}  {3}", "在主机 {0}：{1}  {2}  {3}"};
inline constexpr Sentence<0> no_job_at_work{"no job at work", "没有进行中的任务"};
inline constexpr Sentence<1> not_taken{"not taken: {0}", "未接收：{0}"};
inline constexpr Sentence<1> more_lines{"({0} more {0:line|lines})", "（还有 {0} 行）"};
inline constexpr Sentence<1> not_running{"not running: {0}", "未运行：{0}"};
inline constexpr Sentence<0> working{"working", "运行正常"};
inline constexpr Sentence<2> held_job{"HELD: {0}: {1}", "已暂停：{0}：{1}"};
inline constexpr Sentence<0> unreadable_answer{"the daemon's answer can't be read: another version? Nothing was changed by it; see `sluice --version` of both", "无法读懂守护进程的答复：版本不同？未做任何改动；请用 sluice --version 核对两者版本"};

// why the whole line is paused, in a word
inline constexpr Sentence<0> by_operator{"operator", "人工"};
inline constexpr Sentence<0> by_authorization{"authorization", "凭据"};
inline constexpr Sentence<0> by_certificate{"certificate", "证书"};
inline constexpr Sentence<0> by_address{"address", "地址"};
inline constexpr Sentence<0> by_outage{"outage", "接口故障"};
inline constexpr Sentence<0> by_storage{"storage", "存储"};
inline constexpr Sentence<0> by_stopping{"stopping", "正在停止"};

// show: what stands before each value
inline constexpr Sentence<0> label_job{"job", "任务"};
inline constexpr Sentence<0> label_name{"name", "文件"};
inline constexpr Sentence<0> label_host{"host", "主机"};
inline constexpr Sentence<0> label_state{"state", "状态"};
inline constexpr Sentence<0> label_service{"service", "业务"};
inline constexpr Sentence<0> label_rows{"rows", "行数"};
inline constexpr Sentence<0> label_counts{"counts", "计数"};
inline constexpr Sentence<0> label_doubts{"doubts", "存疑订单"};
inline constexpr Sentence<0> label_placed_before{"placed_before", "此前已下单"};
inline constexpr Sentence<0> label_requests{"requests", "请求数"};
inline constexpr Sentence<0> label_other_starts{"other_starts", "生效日有异"};
inline constexpr Sentence<0> label_held{"held", "暂停原因"};
inline constexpr Sentence<0> label_decided{"decided", "人工操作"};
inline constexpr Sentence<0> label_released{"released", "已放行"};
inline constexpr Sentence<0> label_cancelled{"cancelled", "已取消"};
inline constexpr Sentence<0> label_reason{"reason", "拒收原因"};
inline constexpr Sentence<0> label_base_url{"base_url", "接口地址"};
inline constexpr Sentence<0> label_content_hash{"content_hash", "内容摘要"};
inline constexpr Sentence<0> label_exit{"exit", "退出码"};
inline constexpr Sentence<0> label_claimed{"claimed", "接收时间"};
inline constexpr Sentence<0> label_started{"started", "开始时间"};
inline constexpr Sentence<0> label_finished{"finished", "结束时间"};
inline constexpr Sentence<0> yes{"true", "是"};

// history
inline constexpr Sentence<0> at_work{"at work", "进行中"};
inline constexpr Sentence<0> no_such_job{"no such job", "没有这样的任务"};

// what the service manager shows
inline constexpr Sentence<3> jobs_at_work{"{0} {0:job|jobs} at work, {1} of {2} rows settled", "{0} 个任务进行中，{2} 行已了结 {1} 行"};
inline constexpr Sentence<1> jobs_held{"; {0} held", "；{0} 个已暂停"};
inline constexpr Sentence<1> jobs_with_doubts{"; {0} with orders in doubt", "；{0} 个有存疑订单"};
inline constexpr Sentence<1> files_not_taken{"; {0} {0:file|files} not taken", "；{0} 个文件未接收"};

}  // namespace sluice::text::words
