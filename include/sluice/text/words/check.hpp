// What `check` says of a file.
#pragma once

#include "sluice/text/sentence.hpp"

// clang-format off: a row a sentence, both languages side by side
namespace sluice::text::words {

// what was understood
inline constexpr Sentence<4> understood{"{0} orders, {1}{2}, {3}", "{0} 业务的订单，{1}{2}，{3}"};
inline constexpr Sentence<0> with_bom{" with BOM", "（带 BOM）"};
inline constexpr Sentence<0> json_array{"JSON array", "JSON 数组"};
inline constexpr Sentence<0> json_lines{"JSON Lines", "JSON Lines（每行一个）"};
inline constexpr Sentence<1> json_wrapped{"JSON with \"{0}\"", "含“{0}”的 JSON"};
inline constexpr Sentence<2> delimited{"delimited by {0}, lines end in {1}", "以{0}分隔，行尾为 {1}"};
inline constexpr Sentence<0> by_comma{"comma", "逗号"};
inline constexpr Sentence<0> by_semicolon{"semicolon", "分号"};
inline constexpr Sentence<0> by_bar{"vertical bar", "竖线"};
inline constexpr Sentence<0> by_tab{"tab", "制表符"};
inline constexpr Sentence<2> column_is{"column {0}: {1}", "列 {0}：{1}"};
inline constexpr Sentence<1> column_carried{"column {0}: carried into the results, not sent", "列 {0}：原样带入结果，不发送"};
inline constexpr Sentence<2> column_perhaps{"column {0}: carried into the results, not sent; did you mean {1}?", "列 {0}：原样带入结果，不发送；是否应为 {1}？"};
inline constexpr Sentence<1> columns_nameless{"{0} {0:column|columns} without a name: carried into the results, not sent", "{0} 个没有名称的列：原样带入结果，不发送"};

// what is wrong
inline constexpr Sentence<1> line_number{"line {0}", "第 {0} 行"};
inline constexpr Sentence<1> order_number{"order {0}", "第 {0} 个订单"};
inline constexpr Sentence<3> complaint{"{0}: {1}: {2}", "{0}：{1}：{2}"};
inline constexpr Sentence<2> row_warning{"{0}: warning: {1}", "{0}：提醒：{1}"};
inline constexpr Sentence<1> file_warning{"warning: {0}", "提醒：{0}"};
inline constexpr Sentence<1> lines_unlisted{"… and {0} more {0:line|lines}", "……另有 {0} 条"};
inline constexpr Sentence<0> would_be_rejected{"would be rejected, nothing of it sent:", "会被整体拒收，不发送任何订单："};
inline constexpr Sentence<1> would_be_held{"would be held before anything is sent: guard.max_orders_per_file is {0}", "发送之前会被暂停：guard.max_orders_per_file 为 {0}"};
inline constexpr Sentence<1> earlier_unknown{"what came before is not known: {0}", "无法得知此前处理过什么：{0}"};
inline constexpr Sentence<0> nobody_to_ask{"no sluice process runs that could be asked", "没有可询问的 sluice 进程"};

// what it comes to
inline constexpr Sentence<5> rows_come_to{"{0} {0:row|rows}: {1} to send, {2} invalid, {3} {3:duplicate|duplicates}{4}", "共 {0} 行：待发送 {1}，无效 {2}，重复 {3}{4}"};
inline constexpr Sentence<1> and_in_doubt{", {0} in doubt", "，存疑 {0}"};
inline constexpr Sentence<0> nothing_would_be_sent{"nothing would be sent", "不会发送任何内容"};
inline constexpr Sentence<4> requests_take{"{0} {0:request|requests} of up to {1} {1:order|orders}: about {2} at {3} requests a second", "{0} 个请求，每个最多 {1} 个订单：按每秒 {3} 个请求约需 {2}"};
inline constexpr Sentence<1> active_on{"orders placed now become active on {0} (00:00 UTC+8)", "现在下的单于 {0} 激活（UTC+8 零点）"};
inline constexpr Sentence<0> all_in_time{"at this pace all are placed before 17:00 (UTC+8)", "按此速度，全部可在 17:00（UTC+8）之前下单"};
inline constexpr Sentence<3> some_in_time{"at this pace about {0} of {1} are placed before 17:00 (UTC+8); the others become active on {2}", "按此速度，{1} 个中约 {0} 个可在 17:00（UTC+8）之前下单；其余于 {2} 激活"};

}  // namespace sluice::text::words
