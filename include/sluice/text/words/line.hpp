// Why the whole line stands still, what is asked of whom, and what goes on by itself: pauses, the ledger, the gate, the
// credential.
#pragma once

#include "sluice/text/sentence.hpp"

// clang-format off: a row a sentence, both languages side by side
namespace sluice::text::words {

// what the API's answers mean for all sending; {0} of no_requests_because: what came
inline constexpr Sentence<3> line_stands{"{0}: {1}; {2}. Nothing is lost: unanswered orders are kept and go on by themselves", "{0}：{1}；{2}。不会丢失任何内容：未答复的订单都保留着，之后自动继续"};
inline constexpr Sentence<0> credential_refused{"the API does not accept the credential, so nothing of the refused request was placed", "接口不接受该凭据，被拒的请求没有下任何单"};
inline constexpr Sentence<0> credential_refused_now{"the API no longer accepts the credential", "接口不再接受该凭据"};
inline constexpr Sentence<0> put_a_new_one{"put the new value into the file that upstream.authorization names (`sluice config` shows it); sluice notices by itself. If the value was right: `sluice resume`", "请把新值写入 upstream.authorization 所指的文件（sluice config 可查看），sluice 会自动发现；若值没有错，用 sluice resume"};
inline constexpr Sentence<0> access_forbidden{"the API accepts the credential but forbids this, so nothing of the refused request was placed", "接口接受该凭据，但不允许此操作，被拒的请求没有下任何单"};
inline constexpr Sentence<0> access_forbidden_now{"the API accepts the credential but forbids this now", "接口接受该凭据，但现在不允许此操作"};
inline constexpr Sentence<0> ask_to_allow{"ask the API's people to allow it, then `sluice resume`", "请联系接口方开通权限，再运行 sluice resume"};
inline constexpr Sentence<0> wrong_address{"this address does not lead to the API, so nothing was placed", "这个地址不是该接口，没有下任何单"};
inline constexpr Sentence<0> page_answered{"a web page or a cache answered instead of the API", "答复的是网页或缓存，而不是接口"};
inline constexpr Sentence<0> correct_the_address{"correct upstream.base_url and reload (systemctl reload sluice, or SIGHUP); jobs that have begun are then held until `sluice release JOB` sends the rest of them to the new address. If the address was right: `sluice resume`", "请更正 upstream.base_url 并重新加载（systemctl reload sluice 或 SIGHUP）；已开始的任务随后会暂停，用 sluice release JOB（任务编号）把其余订单发往新地址。若地址没有错：sluice resume"};
inline constexpr Sentence<0> all_are_bad_requests{"every batch is refused as a bad request, whatever is in it, and none was answered usefully since the start: that is no order's fault but what stands in front of the API, or an API that has changed; nothing of the refused requests was placed", "无论内容如何，每一批都被当作错误请求拒绝，启动以来没有一次有效答复：这不是订单的问题，而是接口前面的网关或接口有变化；被拒的请求没有下任何单"};
inline constexpr Sentence<0> ask_the_people{"ask the API's people, then `sluice resume`", "请联系接口方，再运行 sluice resume"};
inline constexpr Sentence<2> no_usable_answer{"the API gave no usable answer {0} times running (last: {1}). There is nothing to do here: one batch at a time is tried until it answers. What may have been applied is asked again safely (on retry.in_doubt: hold it ends in the in-doubt file); nothing is lost", "接口连续 {0} 次没有给出有效答复（最近一次：{1}）。这里无需处理：会每次试发一批，直到恢复。可能已生效的订单会安全地再次询问（retry.in_doubt: hold 时写入 in-doubt 文件）；不会丢失任何内容"};
inline constexpr Sentence<1> unreachable{"{0}. Nothing was sent; it is tried again by itself. Check host and port of upstream.base_url, or ask whether the API is down", "{0}。没有发出任何内容；会自动重试。请核对 upstream.base_url 的主机和端口，或询问接口方是否停机"};
inline constexpr Sentence<1> certificate_refused{"{0}. Nothing was sent, not even the credential; it is tried again every minute, or at once with `sluice resume`", "{0}。没有发出任何内容，连凭据也没有；每分钟自动重试，或用 sluice resume 立即重试"};

// the log
// log: Nothing is sent, of no job; the text says why. | As the text says. Outages and certificates end by themselves, a refused credential with a new one.
inline constexpr Sentence<1> line_is_paused{"paused: {0}", "已暂停：{0}"};
inline constexpr Sentence<0> answers_again{"resumed: the API answers again", "已恢复：接口又有答复了"};
inline constexpr Sentence<0> connected_again{"resumed: connected", "已恢复：已连接"};
inline constexpr Sentence<1> trying_again{"resumed: trying again ({0})", "已恢复：再次尝试（{0}）"};
// log: The credential's file can't be read any more; the value read before is used on. | Put the file back, readable by sluice's user alone.
inline constexpr Sentence<1> credential_unreadable{"credential: {0}; the one read before stays in force", "凭据：{0}；仍使用此前读到的凭据"};
inline constexpr Sentence<0> credential_is_new{"credential: a new one is in force", "凭据：新的已生效"};
// log: The ledger can't be written (disk full, disk broken): what runs is kept in memory, nothing new starts. | Make room or mend the disk; it goes on by itself. Don't kill the process: answers would be in doubt.
inline constexpr Sentence<1> ledger_stands{"ledger: {0}; nothing new is sent until it can be written", "账本：{0}；能写入之前不会发送新内容"};
inline constexpr Sentence<0> ledger_again{"ledger: can be written again", "账本：又可以写入了"};
// log: The pacing state can't be used, so no request starts. | As the text says; it is tried again by itself.
inline constexpr Sentence<1> gate_stands{"gate: {0}; no request starts until it can be used", "限速文件：{0}；可用之前不发出请求"};
inline constexpr Sentence<0> lease_is_over{"this host cannot renew its lease on the ledger it shares: nothing is sent until it can, since another host may take over what it has", "本机无法在共用的账本上续租：能续租之前不会发送，因为其他主机可能接管它的任务"};
inline constexpr Sentence<2> claimed_elsewhere{"host {0} is taking this file too, as job {1}: it is taken by one of them only", "主机 {0} 也在接收此文件（任务 {1}）：只会由其中一台接收"};
// log: Another host did not hear of this one for 30 s (it stood still, or could not reach the ledger) and goes on with its jobs. | Start it again; see why it stood still: the machine, or the way to the ledger.
inline constexpr Sentence<1> taken_over{"another host has taken over what this one had; this process leaves, and what was in flight may have been applied: {0}", "其他主机已接管本机的任务；本进程退出，已发出的请求可能已生效：{0}"};
// log: The ledger is damaged, or is not the one any more that was opened. The process ends. | As the text says: sluice recover, or the spool put back. Never restore state/ from a backup.
inline constexpr Sentence<1> nothing_more_is_sent{"nothing more is sent: {0}", "不再发送任何内容：{0}"};
// log: A request got no whole answer. If bytes were out, its orders may have been applied: they are asked again safely, or end in doubt (retry.in_doubt). | Nothing once; often: look at the network and the API.
inline constexpr Sentence<2> request_lost{"{0}: {1}", "{0}：{1}"};
// log: The API answered otherwise than with results; the class in the text is one of docs/api.md, What each answer means. | Nothing once: each class has its own rule, and what needs a person pauses the line or holds the job.
inline constexpr Sentence<3> answer_of{"{0}: {1} ({2})", "{0}：{1}（{2}）"};
inline constexpr Sentence<0> cut_by_us{"sluice was ended before the answer came", "sluice 在答复到达之前被结束"};

}  // namespace sluice::text::words
