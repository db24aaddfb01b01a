// What is said of one job while it is taken, read, held, sent and finished: in status, its hold, the log, the progress
// file.
#pragma once

#include "sluice/text/sentence.hpp"

// clang-format off: a row a sentence, both languages side by side
namespace sluice::text::words {

// taking a file
inline constexpr Sentence<1> more_files_wait{"{0} more {0:file waits|files wait} here", "另有 {0} 个文件在此等待"};
inline constexpr Sentence<2> room_needed{"waits for room: {0} are needed on the disk of the spool, {1} are free. Nothing of it is sent before; make room (df), and it goes on by itself", "等待磁盘空间：spool 所在磁盘需要 {0}，现有 {1}。在此之前不会发送；腾出空间（df 可查看）后会自动继续"};
inline constexpr Sentence<1> room_unknown{"waits for room: {0}", "等待磁盘空间：{0}"};
// log: New files are not heard of at once; the inbox is still looked through every inbox.scan_every. | As the text says; it goes on by itself, and status says so once it does.
inline constexpr Sentence<1> inbox_is{"inbox: {0}", "inbox：{0}"};
// log: A file in the inbox is not taken, and the text says why; told once a file. | As the text says: let it be written to its end, give sluice's user the right to read it, or take it away.
inline constexpr Sentence<2> file_not_taken{"{0} is not taken: {1}", "{0} 未被接收：{1}"};
inline constexpr Sentence<3> file_taken{"{0}: {1} is taken ({2})", "{0}：已接收 {1}（{2}）"};
// log: A drain ends without a file that was still being written, or that could not be taken. | Nothing, if somebody still writes it: the next drain takes it. Else as the text says.
inline constexpr Sentence<2> file_left{"{0} is left in the inbox: {1}", "{0} 留在 inbox 中：{1}"};
// log: state/ has a file of which the ledger knows nothing, after a ledger was lost or restored. It may have been sent. | sluice recover; never drop the file in again before.
inline constexpr Sentence<1> unknown_claim{"state/ has a claimed file of {0}, which the ledger does not know as unfinished: it is not sent; see `sluice recover`", "state/ 中有 {0} 的已接收文件，但账本里没有这个未完成的任务：不会发送；见 sluice recover"};

// reading it
inline constexpr Sentence<0> being_read{"being read", "正在读取"};
inline constexpr Sentence<0> being_cancelled{"being cancelled", "正在取消"};
inline constexpr Sentence<1> waits_for_equal{"waits until {0} has been read, which may be the same file", "等待 {0} 读完：两者可能是同一个文件"};
inline constexpr Sentence<0> changed_while_read{"the file was changed while it was read", "文件在读取过程中被改动"};
inline constexpr Sentence<4> job_surveyed{"{0}: {1} {1:row|rows}, {2} to send ({3})", "{0}：共 {1} 行，待发送 {2}（{3}）"};
// log: Something in the file is odd and no reason not to send it. | Look at what the text names; sluice cancel JOB stops what has not been sent.
inline constexpr Sentence<2> job_warned{"{0}: {1} (`sluice cancel {0}` stops it)", "{0}：{1}（sluice cancel {0} 可取消）"};
// log: The file is refused as a whole; nothing of it was sent. | Mend what the reason says, and drop the file in again.
inline constexpr Sentence<3> file_rejected{"{0}: {1} is rejected: {2}", "{0}：{1} 被整体拒收：{2}"};
// log: A step of the job failed on the disk; it is tried every 5 s. | See to the disk as the text says (room, rights, mount); it goes on by itself.
inline constexpr Sentence<2> tried_again{"{0}: {1}; trying again", "{0}：{1}；正在重试"};
inline constexpr Sentence<0> ledger_unwritable{"the ledger can't be written", "账本无法写入"};

// why it is held
// log: The job stands, and waits for a person; the others go on. | As the text says; sluice release JOB goes on, sluice cancel JOB ends it.
inline constexpr Sentence<2> job_is_held{"{0} is held: {1}", "{0} 已暂停：{1}"};
inline constexpr Sentence<2> put_back{"{0}; nothing more of it is sent, and with the content it had, `sluice release {1}` goes on", "{0}；不再发送其余订单；恢复原内容后，用 sluice release {1} 继续"};
inline constexpr Sentence<3> too_many_orders{"{0} orders to send, more than guard.max_orders_per_file ({1}); none was sent yet: `sluice release {2}` sends them, `sluice cancel {2}` does not", "有 {0} 个订单待发送，超过 guard.max_orders_per_file（{1}）；尚未发送：用 sluice release {2} 发送，或用 sluice cancel {2} 取消"};
inline constexpr Sentence<6> refused_alike{"{0} of the first {1} orders were refused with the same status {2} ({3}), first in row {4}: most likely a mistake in the file (is a column mapped wrongly?). Refused orders cost nothing. To see every result so far, `sluice cancel {5}` ends it and writes them into outbox/; `sluice release {5}` sends the rest all the same", "前 {1} 个订单中有 {0} 个以同一状态 {2}（{3}）被拒绝，最先是第 {4} 个：很可能是文件有误（列对应错了？）。被拒绝的订单不扣费。查看全部结果：用 sluice cancel {5} 结束并把全部结果写入 outbox/；或用 sluice release {5} 照样发送其余订单"};
inline constexpr Sentence<3> address_changed{"it began with {0}, and upstream.base_url is now {1}: set it back, or `sluice release {2}` to go on with the new one. Nothing of it is sent before", "任务开始时的地址是 {0}，而 upstream.base_url 现为 {1}：请改回，或用 sluice release {2} 改用新地址继续。在此之前不会发送"};
inline constexpr Sentence<2> name_is_taken{"{0}; move that file away, then `sluice release {1}`; no result is lost", "{0}；请移走该文件，再运行 sluice release {1}；结果不会丢失"};
inline constexpr Sentence<1> claimed_file_gone{"its claimed file is gone from state/ ({0}): put it back; nothing of it is sent before", "其已接收文件从 state/ 中消失（{0}）：请放回；在此之前不会发送"};
inline constexpr Sentence<0> claimed_file_other{"its claimed file is not what was surveyed: put that back; nothing of it is sent before", "其已接收文件已不是检查时的文件：请放回原文件；在此之前不会发送"};
inline constexpr Sentence<2> reads_otherwise{"{0}; its orders can't be read again as they were surveyed, and nothing of it is sent: start the version of sluice that began it, then `sluice release {1}`", "{0}；其订单无法按检查时的方式重新读取，不会发送：请用开始此任务的 sluice 版本启动，再运行 sluice release {1}"};
inline constexpr Sentence<3> row_reads_otherwise{"row {0} of {1} is not what was surveyed: {2}", "{1} 的第 {0} 行与检查时不一致：{2}"};
inline constexpr Sentence<1> would_be_sent_otherwise{"batch {0} would not be sent as it was sent before, so it is not sent; was sluice upgraded meanwhile? Finish the job with the version that began it, or cancel it", "第 {0} 批的内容与此前发送的不同，因此不发送；期间是否升级过 sluice？请用开始此任务的版本完成它，或取消任务"};
inline constexpr Sentence<1> other_names{"its header was read as {0} when it was surveyed, and is not any more", "检查时表头读作 {0}，现在不再如此"};
inline constexpr Sentence<0> service_unknown{"the ledger does not say which service the job's orders are of", "账本没有记录此任务属于哪种业务"};
inline constexpr Sentence<0> file_became_other{"the claimed file was changed after it was surveyed", "已接收文件在检查之后被改动"};
inline constexpr Sentence<0> file_has_other_content{"the claimed file has another content than when it was surveyed", "已接收文件的内容与检查时不同"};
inline constexpr Sentence<1> row_without_result{"row {0} has no result in the ledger", "第 {0} 个订单在账本中没有结果"};
inline constexpr Sentence<0> fewer_rows{"the file has not as many rows as it had", "文件的行数与检查时不同"};
inline constexpr Sentence<0> not_adding_up{"the results do not add up to the file's rows", "结果与文件的行数不符"};
inline constexpr Sentence<0> stopped_taking_up{"stopped while taking up unfinished work", "在接续未完成的工作时停止"};
inline constexpr Sentence<0> stopped_cancelling{"stopped while cancelling", "在取消时停止"};
inline constexpr Sentence<4> batch_taken_up{"{0}: batch {1} of {2} {2:row|rows} is taken up{3}", "{0}：接续第 {1} 批，{2} 行{3}"};
inline constexpr Sentence<0> answer_lost{"; its answer was lost", "；其答复已丢失"};
inline constexpr Sentence<1> orders_out{"{0} {0:order|orders} out", "发出 {0} 个订单"};

// keeping its files
// log: Old files could not be removed. | As the text says (rights, disk); it is tried again tomorrow.
inline constexpr Sentence<1> keep_failed{"keep: {0}; it is tried again tomorrow", "keep：{0}；明天再试"};
inline constexpr Sentence<4> keep_removed{"keep: {0} {0:file|files} of {1} {1:job|jobs}, older than {2}, {0:is|are} removed from {3}", "keep：从 {3} 删除了 {1} 个任务的 {0} 个文件（早于 {2}）"};

// sending it
inline constexpr Sentence<2> day_cap_reached{"guard.max_orders_per_day ({0}) is reached: goes on by itself at midnight (UTC+8), or after `sluice release {1}`", "已达到 guard.max_orders_per_day（{0}）：到零点（UTC+8）自动继续，或运行 sluice release {1}"};
inline constexpr Sentence<1> tried_again_after{"{0}; nothing is sent until it can be read, for it may have orders under way", "{0}；读到它之前不会发送，因为其中可能有进行中的订单"};
inline constexpr Sentence<1> job_touched{"{0}: its claimed file was touched, and has the content that was surveyed", "{0}：已接收文件被动过，但内容与检查时相同"};
inline constexpr Sentence<2> taken_up_again{"{0}: {1} is taken up again", "{0}：继续处理 {1}"};

// log: guard.max_orders_per_day is reached; the rest of the job waits for midnight (UTC+8). | Nothing; or sluice release JOB to send it today.
inline constexpr Sentence<2> job_is_waiting{"{0}: {1}", "{0}：{1}"};

// its end
// log: Requests whose answers were lost may have placed these orders; they are not sent again. | Look each up in the API's own books, then sluice resolve.
inline constexpr Sentence<3> orders_in_doubt{"{0}: {1} {1:order is|orders are} in doubt: look up each row of outbox/{2}, then `sluice resolve {0} --applied` or `--not-applied`, or of the job that a row's message names", "{0}：{1} 个订单存疑：请逐行核实 outbox/{2}，再运行 sluice resolve {0} --applied 或 --not-applied（若某行注明了其他任务，则对那个任务运行）"};
// log: The API makes orders active on another day than the rules it gave out say. | Read the rows' messages; ask the API's people if the day matters.
inline constexpr Sentence<2> other_starts{"{0}: {1} accepted {1:order becomes|orders become} active on another day than one completed then should; each row's message says which: ask the API's people if that is not what you want", "{0}：{1} 个已接受的订单的生效日与按下单时刻的预期不同；各行的信息已注明：若不符合预期，请联系接口方"};
inline constexpr Sentence<5> job_is_done{"{0}: {1} is done: {2} of {3} {3:row|rows} accepted, {4} {4:request|requests}", "{0}：{1} 已完成：{3} 行中 {2} 行已接受，共 {4} 个请求"};

// the progress file
inline constexpr Sentence<1> reading_the_file{"{0}: reading the file", "{0}：正在读取文件"};
inline constexpr Sentence<4> rows_settled{"{0}: {1} of {2} {2:row|rows} settled ({3} %)", "{0}：{2} 行中已了结 {1} 行（{3} %）"};
inline constexpr Sentence<1> progress_held{", held: {0}", "，已暂停：{0}"};
inline constexpr Sentence<1> progress_paused{", paused: {0}", "，发送暂停：{0}"};
inline constexpr Sentence<1> progress_to_go{", about {0} to go", "，约剩 {0}"};

// the process begins and ends
inline constexpr Sentence<0> starting{"starting: what an earlier process left is being taken up; nothing is sent before", "正在启动：正在接手上一个进程留下的工作；在此之前不会发送"};
// log: A drain ends with this job unfinished (exit 3). | Nothing, if the time was over: the next drain goes on. Else as the text says.
inline constexpr Sentence<3> job_left{"left: {0} ({1}): {2}", "留待下次：{0}（{1}）：{2}"};
inline constexpr Sentence<0> time_was_over{"the time was over", "时间已到"};
inline constexpr Sentence<1> stopped{"stopped: {0} {0:job goes|jobs go} on at the next start", "已停止：{0} 个任务下次启动时继续"};
inline constexpr Sentence<0> stopped_idle{"stopped: no job was at work", "已停止：没有进行中的任务"};
// log: stop.grace was over before the last answers came; their orders may have been applied. | Nothing: the next start asks again. If it happens often, raise stop.grace (and TimeoutStopSec=).
inline constexpr Sentence<1> requests_cut{"stop: {0} {0:request is|requests are} cut; their orders may have been applied, and are asked again at the next start", "停止：{0} 个请求被切断；其订单可能已生效，下次启动时再询问"};
// log: The process ends while the ledger can't be written. | As the text says, then start again; orders under way are asked again.
inline constexpr Sentence<1> what_was_started_is_left{"what was started is left: {0}", "已开始的工作留待下次：{0}"};

}  // namespace sluice::text::words
