// What `recover` says of what it found, and `resolve --file` of the file that somebody filled in.
#pragma once

#include "sluice/text/sentence.hpp"

// clang-format off: a row a sentence, both languages side by side
namespace sluice::text::words {

// recover
inline constexpr Sentence<0> ledger_was_lost{"the ledger was lost", "账本丢失"};
inline constexpr Sentence<3> rows_rebuilt{"{0}: {1} {1:row|rows} of {2} rebuilt", "{0}：重建了 {2} 的 {1} 行"};
inline constexpr Sentence<0> nothing_to_recover{"the ledger is sound, and knows every claimed file: nothing is to be recovered", "账本完好，且记得每个已接收的文件：没有需要恢复的"};
inline constexpr Sentence<1> not_readable{"not readable: {0}", "无法读取：{0}"};
inline constexpr Sentence<0> recovered{"recovered; outbox/ has what is known. Look up every order in an in-doubt file before placing it again.", "已恢复；已知的结果在 outbox/ 中。in-doubt 文件中的订单须先逐一核实，才能重新下单。"};
inline constexpr Sentence<2> in_doubt_unread{"{0} can't be read, and its orders are not guarded: {1}", "无法读取 {0}，其订单不受保护：{1}"};
inline constexpr Sentence<3> in_doubt_again{"{0}: {1} {1:order|orders} of {2} {1:is|are} in doubt: look up each, then `sluice resolve {0} --applied` or `--not-applied` (again, if that was done before: the lost ledger knew)", "{0}：{2} 中有 {1} 个订单存疑：请逐一核实，再运行 sluice resolve {0} --applied 或 --not-applied（以前做过的也要再做一次：丢失的账本才记得）"};
inline constexpr Sentence<2> rows_no_orders{"{0}: {1} {1:row is no order|rows are no orders}, and not guarded", "{0}：有 {1} 行不是订单，不受保护"};
inline constexpr Sentence<0> not_as_written{"it is not as sluice wrote it", "它与 sluice 写出时不同"};
inline constexpr Sentence<2> folder_not_listed{"cannot list {0}: {1}", "无法列出 {0}：{1}"};

// resolve --file
inline constexpr Sentence<2> looked_up_file{"{0}: {1}; nothing was changed", "{0}：{1}；未做任何改动"};
inline constexpr Sentence<2> looked_up_fault{"{0}: {1}", "{0}：{1}"};
inline constexpr Sentence<0> no_applied_column{"has no column applied: add one, with yes or no in each row that was looked up", "没有 applied 列：请加上，在已核实的每行填 yes 或 no"};
inline constexpr Sentence<0> looked_up_changed{"was changed while it was read", "读取时被改动"};
inline constexpr Sentence<2> applied_unread{"{0}: applied is \"{1}\": expected yes or no, or nothing where it is not known yet", "{0}：applied 的值是“{1}”：应为 yes（是）或 no（否），尚不清楚的留空"};
inline constexpr Sentence<0> nothing_looked_up{"says of no order whether it was applied: fill in the column applied", "没有说明任何订单是否已生效：请填写 applied 列"};

}  // namespace sluice::text::words
