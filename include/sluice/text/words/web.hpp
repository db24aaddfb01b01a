// What the page's server answers, and what `sluice web` says.
#pragma once

#include "sluice/text/sentence.hpp"

// clang-format off: a row a sentence, both languages side by side
namespace sluice::text::words {

// who may
inline constexpr Sentence<1> by_the_page{"{0} by the page", "{0}（经网页）"};
inline constexpr Sentence<0> not_signed_in{"not signed in, or no longer: run `sluice web` on the machine where sluice runs, and open the link that it prints", "尚未登录，或登录已结束：请在运行 sluice 的机器上运行 `sluice web`，然后打开它给出的链接"};
inline constexpr Sentence<0> link_is_over{"this link was used, or is older than five minutes: run `sluice web` for another", "此链接已使用过，或已超过五分钟：请再运行 `sluice web` 取得新链接"};
inline constexpr Sentence<1> may_not_look{"{0} is a member of neither the inbox's group nor the operators' group (control.operators)", "{0} 既不是 inbox 所属组的成员，也不是操作员组（control.operators）的成员"};
inline constexpr Sentence<1> may_not_drop{"{0} may look, but is no member of the inbox's group", "{0} 可以查看，但不是 inbox 所属组的成员"};
inline constexpr Sentence<2> may_not_act{"{0} may look and drop, but is no member of the group {1} (control.operators)", "{0} 可以查看和放入文件，但不是用户组 {1}（control.operators）的成员"};
inline constexpr Sentence<0> only_on_the_socket{"only the control socket answers this", "只有控制套接字回答此请求"};
inline constexpr Sentence<0> not_our_page{"this was asked by another page than sluice's: open the page anew", "此请求并非来自 sluice 的网页：请重新打开网页"};
inline constexpr Sentence<0> not_our_host{"the page is at localhost, 127.0.0.1 or [::1] with its own port, and under no other name (docs/operations.md, The page)", "网页只在 localhost、127.0.0.1 或 [::1] 的自身端口上，不用其他名称（docs/operations.md, The page）"};

// requests
inline constexpr Sentence<0> no_such_address{"no such address", "没有这样的地址"};
inline constexpr Sentence<0> no_such_method{"this address does not take that method", "此地址不接受该方法"};
inline constexpr Sentence<0> body_too_long{"the request is too long", "请求过长"};
inline constexpr Sentence<0> upload_broke_off{"the upload broke off: nothing of it was kept", "上传中断：未保留任何内容"};
inline constexpr Sentence<0> expects_token{"expected {\"token\": the link's}", "应为 {\"token\": 链接中的令牌}"};
inline constexpr Sentence<0> too_many_streams{"too many pages are open at once: close some", "同时打开的网页过多：请关闭一些"};

// jobs
inline constexpr Sentence<0> expects_states{"expected state=running, held, done, rejected, or several of them between commas", "应为 state=running、held、done、rejected，或以逗号分隔的几个"};
inline constexpr Sentence<0> expects_after{"expected after=YYYYMMDD-N, a job", "应为 after=YYYYMMDD-N（任务编号）"};
inline constexpr Sentence<1> file_is_gone{"the {0} file is not where sluice left it: there was none, or somebody has moved it on", "{0} 文件已不在 sluice 写入的位置：本来没有，或已被移走"};
inline constexpr Sentence<0> advice_refused{"the API said no to these orders: correct them in the failures file and drop that in", "接口拒绝了这些订单：请在失败文件中更正后重新放入"};
inline constexpr Sentence<0> advice_invalid{"these were not sent: correct them in the failures file and drop that in", "这些未发送：请在失败文件中更正后重新放入"};
inline constexpr Sentence<0> advice_again{"these were not placed: drop the failures file in again as it is", "这些没有下单：原样重新放入失败文件即可"};
inline constexpr Sentence<0> advice_duplicate{"the same order stands in the file before: nothing needs to be done", "文件中此前已有相同订单：无需处理"};
inline constexpr Sentence<0> advice_in_doubt{"nobody knows whether these were placed: look each up at the API, then say what you found (resolve)", "无法确定是否已下单：请逐个到接口方核实，然后告知结果（核实）"};

// files that are dropped
inline constexpr Sentence<1> name_too_long{"a file's name has one to {0} bytes", "文件名须为 1 到 {0} 字节"};
inline constexpr Sentence<0> name_not_plain{"a file's name is UTF-8 without slashes and control characters", "文件名须为 UTF-8，不含斜杠和控制字符"};
inline constexpr Sentence<1> name_left_alone{"files named as {0} are left alone in the inbox: hidden ones, and those of programs that are still writing; rename it", "inbox 不处理 {0} 这类文件名：隐藏文件，以及程序正在写入的临时文件；请改名"};
inline constexpr Sentence<0> too_many_uploads{"four files are being uploaded already: try again in a moment", "已有四个文件正在上传：请稍后再试"};
inline constexpr Sentence<0> no_such_upload{"this upload is not there (any more): it was placed, thrown away, or is older than 30 minutes", "此上传已不存在：已放入、已丢弃，或已超过 30 分钟"};
inline constexpr Sentence<2> was_dropped{"{0} was dropped by {1}", "{0} 由 {1} 放入"};

// the address
inline constexpr Sentence<2> web_not_opened{"control.web {0} can't be opened: {1}", "control.web {0} 无法打开：{1}"};
// log: The group of control.operators does not exist, or sluice's own user is no member of it. | Make the group and put sluice's user into it, or set control.operators to one that it is in.
inline constexpr Sentence<2> web_group_not_given{"control.web {0}: the group {1} (control.operators) can't be given to the socket, so no proxy but one of sluice's own user can connect", "control.web {0}：无法把用户组 {1}（control.operators）赋给套接字，因此只有以 sluice 自己的用户运行的代理才能连接"};

inline constexpr Sentence<1> signed_in{"{0} has signed in on the page", "{0} 已在网页上登录"};
inline constexpr Sentence<1> page_is_at{"the page is at {0}; `sluice web` prints a link to sign in by", "网页位于 {0}；用 `sluice web` 取得登录链接"};

// sluice web
inline constexpr Sentence<0> page_is_off{"there is no page: set control.web, such as 127.0.0.1:8680, and restart sluice", "没有网页：请设置 control.web（例如 127.0.0.1:8680）并重新启动 sluice"};
inline constexpr Sentence<0> nobody_serves{"no sluice runs that could serve the page: start it, then run this again", "没有正在运行的 sluice 可提供网页：请先启动，再运行此命令"};
inline constexpr Sentence<1> open_link{"Open this in a browser, once, within five minutes; it signs you in as {0}:", "请在五分钟内用浏览器打开一次；将以 {0} 的身份登录："};

}  // namespace sluice::text::words
