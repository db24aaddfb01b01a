// What is said where a ledger moves from a spool's file into PostgreSQL, or back.
#pragma once

#include "sluice/text/sentence.hpp"

// clang-format off: a row a sentence, both languages side by side
namespace sluice::text::words {

// a ledger that was left
inline constexpr Sentence<2> ledger_moved{"ledger {0} was moved to {1} and is only a memory of it: the settings must name that one (ledger.postgresql), or `sluice ledger move` brings it back", "账本 {0} 已移到 {1}，这里只是旧的留存：设置应指向那里（ledger.postgresql），或用 sluice ledger move 移回"};
inline constexpr Sentence<2> ledger_moving{"ledger {0} was being moved to {1} when that was cut short, so nothing is sent: run the same `sluice ledger move` again, which finishes it, or one to where it was, which takes it back", "账本 {0} 移往 {1} 的过程中断，因此不发送：请再次运行同样的 sluice ledger move 以完成，或移回原处以撤销"};

// before it begins
inline constexpr Sentence<0> move_needs_database{"ledger.postgresql is not set: it says which database the ledger moves to, or from", "未设置 ledger.postgresql：它指明账本移往或移自哪个数据库"};
inline constexpr Sentence<1> move_job_under_way{"nothing was moved: a job is under way in {0}. Let all end first (`sluice drain`, or cancel them)", "没有移动：{0} 中还有进行中的任务。请先让它们全部结束（sluice drain，或取消）"};
inline constexpr Sentence<1> move_host_at_work{"nothing was moved: host {0} is at work. Stop sluice on every host first (one that was killed counts for 30 seconds)", "没有移动：主机 {0} 正在运行。请先停止每台主机上的 sluice（被强制结束的要等 30 秒）"};
inline constexpr Sentence<1> move_target_used{"nothing was moved: {0} is a ledger of its own already, and two can't become one. Name an empty database, or a spool whose ledger was moved away", "没有移动：{0} 已是另一本账本，两本不能合并。请指定空的数据库，或账本已移走的 spool"};
inline constexpr Sentence<2> move_left_for_other{"nothing was moved: {0} was moved before, to {1}", "没有移动：{0} 早已移到 {1}"};
inline constexpr Sentence<1> move_nothing{"nothing was moved: there is nothing in {0} as yet; begin where you want to go on", "没有移动：{0} 中还没有内容；请直接在目标处开始"};

// how it went
inline constexpr Sentence<3> move_done{"moved {0} to {1}: {2} {2:record|records}", "已将 {0} 移到 {1}：{2} 条记录"};
inline constexpr Sentence<2> move_done_before{"{0} has been moved to {1} already; nothing was left to do", "{0} 早已移到 {1}；没有别的要做"};
inline constexpr Sentence<1> move_taken_back{"the move that was cut short is taken back: {0} is in use again, as it was", "中断的移动已撤销：{0} 照旧使用"};
inline constexpr Sentence<0> move_then_postgresql{"Now start sluice with these settings. The old file stays in state/ as a memory; nobody reads it.", "现在可用这些设置启动 sluice。旧文件留在 state/ 中备查，不再读取。"};
inline constexpr Sentence<0> move_then_sqlite{"Now take ledger.postgresql out of the settings, and start sluice. The tables stay in the database as a memory; nobody reads them.", "现在请从设置中去掉 ledger.postgresql，再启动 sluice。数据库中的表留作备查，不再读取。"};

}  // namespace sluice::text::words
