// --help, and what is wrong with a command line.
#pragma once

#include "sluice/text/sentence.hpp"

// clang-format off: a row a sentence, both languages side by side
namespace sluice::text::words {

inline constexpr Sentence<0> about{"Places the orders of dropped files through the API: each once, never above its pace.", "把放入的文件中的订单提交给接口：每单只下一次，绝不超过接口允许的速度。"};
inline constexpr Sentence<0> exit_codes{"Exit codes:\n  0   every order accepted, or nothing to do\n  1   done, some orders were not accepted\n  2   a file was rejected whole\n  3   unfinished\n  64  a mistake on the command line, or a command that can't be done (the words say why)\n  74  the output could not be written\n  75  another process works this spool\n  78  bad configuration, unusable spool or ledger\n\n`sluice COMMAND --help` says more about one command.", "退出码：\n  0   全部订单已接受，或没有要做的\n  1   已完成，部分订单未被接受\n  2   有文件被整体拒收\n  3   未完成\n  64  命令行有误，或该命令无法执行（会说明原因）\n  74  输出无法写出\n  75  另一个进程正在处理此 spool\n  78  配置有误，spool 或账本不可用\n\nsluice COMMAND --help 说明单个命令。"};

// commands
inline constexpr Sentence<0> help_run{"Work as a daemon, until told to stop", "作为守护进程运行，直到被要求停止"};
inline constexpr Sentence<0> more_run{"SIGTERM: what is in flight finishes, the rest is noted, exit 0.\nSIGHUP: settings and credential are read again.", "SIGTERM：进行中的请求先完成，其余记录下来，退出码 0。\nSIGHUP：重新读取配置和凭据。"};
inline constexpr Sentence<0> help_drain{"Work off what is in the inbox now, then exit; for cron", "处理完 inbox 中现有的文件后退出；供 cron 使用"};
inline constexpr Sentence<0> more_drain{"Takes what is in the inbox at the start (not what is still being written) and what\nwas left unfinished. Leaves it for the next time and exits 3 when the time is up, when\nauthorization, certificate or address are refused, or after 30 minutes without a usable\nanswer.", "处理开始时 inbox 中的文件（不含仍在写入的）和上次未完成的任务。时间到、凭据、证书\n或地址被拒、或 30 分钟没有有效答复时，余下的留待下次，退出码 3。"};
inline constexpr Sentence<0> help_check{"Judge order files and send nothing", "检查订单文件，不发送任何内容"};
inline constexpr Sentence<0> more_check{"Says what was understood, every bad row with its line and reason, how many requests and\nhow long at this rate, and the activation day. Exits as drain would: 0, 1 or 2.", "说明如何理解文件、每个有误的行及原因、需多少请求、按此速度需多久、哪天激活。\n退出码与 drain 相同：0、1 或 2。"};
inline constexpr Sentence<0> help_status{"Jobs, their progress, the pace, and what is wrong", "任务、进度、速度，以及哪里有问题"};
inline constexpr Sentence<0> more_status{"Says of everything paused or held why, and what to do about it; of each file in the\ninbox that is not taken, why; and names the jobs that ended last and those with orders\nin doubt. NO_COLOR=1 keeps colours away.", "对暂停的一切说明原因和处理办法；对 inbox 中未接收的文件说明原因；并列出最近结束\n的任务和有存疑订单的任务。NO_COLOR=1 不使用颜色。"};
inline constexpr Sentence<0> help_show{"Everything known about one job", "一个任务的全部情况"};
inline constexpr Sentence<0> more_show{"At work or ended: its counts, times and exit code, why it is held or was rejected, and\nwhat became of its orders in doubt. Its files are outbox/NAME.JOB.*.", "进行中或已结束：计数、时间、退出码，为何暂停或拒收，存疑订单结果如何。\n其文件为 outbox/NAME.JOB.*（文件名.任务编号）。"};
inline constexpr Sentence<0> help_history{"The jobs that there were, newest first", "有过哪些任务，最新的在前"};
inline constexpr Sentence<0> more_history{"A line a job: its file, what became of its orders, when. `sluice show JOB` says more.", "每个任务一行：文件、订单结果、时间。sluice show JOB（任务编号）更详细。"};
inline constexpr Sentence<0> help_find{"What became of one order", "一个订单的结果"};
inline constexpr Sentence<0> more_find{"Every job and row that it was in, the last ones first: what the API said, its order id,\nwhen and by which request. Orders are remembered for keep.orders.", "它出现过的每个任务和行，最近的在前：接口的答复、订单号、时间和请求。\n订单保留 keep.orders 这么久。"};
inline constexpr Sentence<0> help_hold{"Send nothing more of a job until its release", "暂停一个任务，直到放行"};
inline constexpr Sentence<0> more_hold{"Outlives a restart. What is in flight finishes.", "重启后仍有效。进行中的请求会完成。"};
inline constexpr Sentence<0> help_release{"Let a held job go on", "让已暂停的任务继续"};
inline constexpr Sentence<0> more_release{"Lifts every cap (guard.*) for this job, too. One that is held because upstream.base_url\nhas changed goes on with the new address.", "同时解除此任务的所有上限（guard.*）。因 upstream.base_url 改变而暂停的任务改用新地址。"};
inline constexpr Sentence<0> help_cancel{"End a job before all of it is sent", "在全部发送之前结束一个任务"};
inline constexpr Sentence<0> more_cancel{"What is in flight finishes. Rows never sent end not_sent, rows that may have been\napplied end in_doubt; results are written as always.", "进行中的请求会完成。未发送的行为 not_sent，可能已生效的行为 in_doubt；\n结果照常写出。"};
inline constexpr Sentence<0> help_resolve{"Say what became of a job's orders in doubt", "说明一个任务的存疑订单结果如何"};
inline constexpr Sentence<0> more_resolve{"For a person who has looked. The same orders in later files are then duplicates where\nthey were applied, and sent where they were not. Who said so is kept and shown.", "供已核实的人使用。已生效的订单在以后的文件中视为重复，未生效的会再发送。\n谁说的会保留并显示。"};
inline constexpr Sentence<0> help_pause{"Send nothing more of any job", "暂停全部任务的发送"};
inline constexpr Sentence<0> more_pause{"Until `sluice resume`; outlives a restart.", "直到 sluice resume；重启后仍有效。"};
inline constexpr Sentence<0> help_resume{"End a pause of the whole line", "结束全部发送的暂停"};
inline constexpr Sentence<0> help_web{"Print a link that signs a browser in on the page", "给出登录网页的链接"};
inline constexpr Sentence<0> more_web{"The link signs one browser in as the user who runs this, once, within five minutes;\nfor twelve hours, or until sluice restarts. The page is where `control.web` says.", "链接以运行此命令的用户的身份登录一个浏览器，五分钟内有效，只能用一次；\n登录保持十二小时，或到 sluice 重新启动为止。网页的地址由 control.web 设置。"};
inline constexpr Sentence<0> more_resume{"Whoever or whatever paused it: after an outage, a refused credential or a wrong address\nit is tried again at once. A held job goes on with `sluice release JOB`.", "无论由谁或因何暂停：接口故障、凭据被拒或地址错误之后立即再试。\n已暂停的任务用 sluice release JOB（任务编号）继续。"};
inline constexpr Sentence<0> help_config{"The settings in force, each with its source", "现行配置，各注明来源"};
inline constexpr Sentence<0> help_recover{"Publish what a lost or damaged ledger leaves", "发布丢失或损坏的账本所剩的内容"};
inline constexpr Sentence<0> more_recover{"From the claimed files and the ledger's remains; rows without a known answer end\nin_doubt.", "依据已接收的文件和账本的残余；没有确知答复的行为 in_doubt。"};
inline constexpr Sentence<0> help_ledger{"Move the ledger into PostgreSQL, or back", "把账本移入 PostgreSQL，或移回"};
inline constexpr Sentence<0> more_ledger{"`sluice ledger move --to postgresql` takes job numbers, orders in doubt, history\nand all else that is remembered from the spool's file to the database that\nledger.postgresql names; `--to sqlite` takes it back. No job may be under way, and\nno sluice at work on any host. Cut short, the same command finishes it.", "sluice ledger move --to postgresql 把任务编号、存疑订单、历史等全部记录\n从 spool 的文件移到 ledger.postgresql 所指的数据库；--to sqlite 移回。\n不能有进行中的任务，任何主机上也不能有 sluice 在运行。若中断，再次运行即可完成。"};

// options
inline constexpr Sentence<0> option_move{"`move`", "move（移动）"};
inline constexpr Sentence<0> option_to{"Where to: postgresql or sqlite", "移到哪里：postgresql 或 sqlite"};
inline constexpr Sentence<0> expects_move{"expected `move`", "应为 move"};
inline constexpr Sentence<0> expects_to{"expected postgresql or sqlite", "应为 postgresql 或 sqlite"};
inline constexpr Sentence<0> expects_within{"expected a whole number with a unit, such as 90s, 30m or 2h", "应为带单位的整数，例如 90s、30m 或 2h"};
inline constexpr Sentence<0> expects_since{"expected a day such as 2025-01-31, or a time back such as 12h or 7d", "应为日期，如 2025-01-31，或往前的时间，如 12h 或 7d"};
inline constexpr Sentence<0> expects_job{"expected a job's id, such as 20250131-7 (`sluice status` lists them)", "应为任务编号，例如 20250131-7（sluice status 会列出）"};
inline constexpr Sentence<0> option_job{"Its id, such as 20250131-7: see status, or its files' names", "任务编号，例如 20250131-7：见 status 或其文件名"};
inline constexpr Sentence<0> option_id{"Its uid, its orderId (also the one that the API gave it) or its douyinId", "其 UID、订单号（包括接口给的）或抖音号"};
inline constexpr Sentence<0> option_json{"As JSON, for scripts", "以 JSON 输出，供脚本使用"};
inline constexpr Sentence<0> option_since{"Only those claimed since: 2025-01-31 (UTC+8), or 12h, 7d", "只看此后接收的：2025-01-31（UTC+8），或 12h、7d"};
inline constexpr Sentence<0> option_name{"Only those whose file's name holds this", "只看文件名含此内容的"};
inline constexpr Sentence<0> option_quiet{"For cron: nothing when all is well, else ten lines that say what to do", "供 cron 使用：正常时不输出，否则最多十行，说明该怎么做"};
inline constexpr Sentence<0> option_within{"Send nothing new after so long: 90s, 30m, 2h", "这么久之后不再发送新的：90s、30m、2h"};
inline constexpr Sentence<0> option_files{"Order files, as they would be dropped", "订单文件，与要放入的相同"};
inline constexpr Sentence<0> option_watch{"Keep showing it, in place on a terminal, until interrupted", "持续显示（终端上原位刷新），直到被中断"};
inline constexpr Sentence<0> option_health{"One line, and exit 0: it works, 1: paused or held, 2: not running", "一行，退出码 0：正常，1：有暂停，2：未运行"};
inline constexpr Sentence<0> option_check{"Only judge them: exit 78 and words if a start would refuse", "只检查：若启动会拒绝，则退出码 78 并说明"};
inline constexpr Sentence<0> option_applied{"All its orders in doubt were applied", "其存疑订单全部已生效"};
inline constexpr Sentence<0> option_not_applied{"None was; they may come again", "全部未生效，可再次提交"};
inline constexpr Sentence<0> option_looked_up{"Its in-doubt file with a column `applied`: yes or no a row", "其 in-doubt 文件，加一列 applied：每行 yes 或 no"};
inline constexpr Sentence<0> option_force{"Also where the contrary was said before", "即使此前说过相反的"};
inline constexpr Sentence<0> expects_answer{"expected --applied, --not-applied or --file FILE, one of them", "应为 --applied、--not-applied 或 --file FILE 之一"};
inline constexpr Sentence<0> option_version{"Print the version and exit", "显示版本后退出"};
inline constexpr Sentence<0> option_help{"Print this help and exit", "显示本帮助后退出"};
inline constexpr Sentence<0> config_goes{"--config FILE goes with every command; `sluice --help` lists the exit codes.", "--config FILE 可用于每个命令；sluice --help 列出退出码。"};
inline constexpr Sentence<0> expects_command{"expected a command", "缺少命令"};
inline constexpr Sentence<1> option_config{"Settings (else $SLUICE_CONFIG, else {0})", "配置文件（否则 $SLUICE_CONFIG，否则 {0}）"};
inline constexpr Sentence<1> no_option_there{"there is no option {0} before a command", "命令之前没有选项 {0}"};
inline constexpr Sentence<1> no_command{"there is no command {0}", "没有命令 {0}"};
inline constexpr Sentence<1> argument_missing{"{0} is required", "缺少 {0}"};
inline constexpr Sentence<1> argument_unexpected{"this argument was not expected: {0}", "多余的参数：{0}"};
inline constexpr Sentence<1> arguments_unexpected{"these arguments were not expected: {0}", "多余的参数：{0}"};
inline constexpr Sentence<1> value_is_missing{"{0} needs a value behind it", "{0} 之后缺少值"};
inline constexpr Sentence<1> given_twice{"{0} stands there more than once", "{0} 出现了不止一次"};
inline constexpr Sentence<1> mistake_is{"{0}", "命令行有误（“{0}”）"};
inline constexpr Sentence<2> try_help{"sluice: {0}\nTry `sluice {1}--help`.", "sluice：{0}\n请看 sluice {1}--help。"};

// headings of a page of help
inline constexpr Sentence<0> heading_usage{"Usage:", "用法："};
inline constexpr Sentence<0> heading_options{"Options:", "选项："};
inline constexpr Sentence<0> heading_commands{"Subcommands:", "命令："};
inline constexpr Sentence<0> heading_positionals{"Positionals:", "参数："};
inline constexpr Sentence<0> usage_options{"[OPTIONS]", "[选项]"};
inline constexpr Sentence<0> usage_subcommand{"SUBCOMMAND", "命令"};

}  // namespace sluice::text::words
