// What each setting means, when to change it and what that costs: config/REFERENCE.md and the Chinese one come of it.
#pragma once

#include "sluice/text/sentence.hpp"

// clang-format off: a row a sentence, both languages side by side
namespace sluice::text::words {

// what a text value is
inline constexpr Sentence<0> type_path{"an absolute path", "绝对路径"};
inline constexpr Sentence<0> type_path_or_none{"an absolute path, or \"\"", "绝对路径，或 \"\""};
inline constexpr Sentence<0> type_url{"an https:// address (http:// for loopback only)", "https:// 地址（http:// 只限本机环回）"};
inline constexpr Sentence<0> type_suffix{"the end of a file name, such as .ok, or \"\"", "文件名的结尾，例如 .ok，或 \"\""};
inline constexpr Sentence<0> type_listen{"ADDRESS:PORT, or \"\"", "地址:端口，或 \"\""};
inline constexpr Sentence<0> type_web{"ADDRESS:PORT on loopback, unix:/path, or \"\"", "本机环回的 地址:端口、unix:/路径，或 \"\""};
inline constexpr Sentence<0> type_header{"the name of a header, or \"\"", "请求头的名称，或 \"\""};
inline constexpr Sentence<0> type_group{"a Unix group", "Unix 用户组"};
inline constexpr Sentence<0> type_command{"a command for /bin/sh, or \"\"", "交给 /bin/sh 的命令，或 \"\""};
inline constexpr Sentence<0> type_conninfo{"libpq's keyword=value pairs, or \"\"", "libpq 的 keyword=value 形式，或 \"\""};
inline constexpr Sentence<0> type_host_name{"a name, or \"\"", "名称，或 \"\""};

// spool, upstream, rate, batch
inline constexpr Sentence<0> key_spool{"The folder with inbox/, outbox/, archive/, rejected/ and state/. All on one filesystem: files are moved by renaming.", "含 inbox/、outbox/、archive/、rejected/ 和 state/ 的文件夹。须全部在同一个文件系统上：文件以改名的方式移动。"};
inline constexpr Sentence<0> key_base_url{"The API's address; service paths are added behind it. A job keeps the address it began with: after a change, begun jobs are held.", "接口的地址；其后接各业务的路径。任务一直使用开始时的地址：更改之后，已开始的任务会暂停。"};
inline constexpr Sentence<0> key_authorization{"Where the whole value of the Authorization header comes from. A file is watched and its new value used at once; env and credential (systemd's LoadCredential) are read once.", "Authorization 请求头的完整值来自哪里。文件会被监视，新值立即使用；env 和 credential（systemd 的 LoadCredential）只读一次。"};
inline constexpr Sentence<0> key_ca_file{"Trust the certificates of this PEM bundle instead of the system's.", "信任此 PEM 文件中的证书，而不用系统的。"};
inline constexpr Sentence<0> key_connect_timeout{"For name look-up, TCP and TLS together. Until then nothing was sent.", "查询主机名、TCP 和 TLS 合计的时限。在此之前没有发出任何内容。"};
inline constexpr Sentence<0> key_response_timeout{"From the first byte of a request out to the last byte of its answer in. What is cut by it may have been applied, so keep it above the gateway's own timeout (60s is usual).", "从发出请求的第一个字节到收完答复的最后一个字节。被它切断的请求可能已生效，因此应大于网关自己的时限（通常 60s）。"};
inline constexpr Sentence<0> key_max_in_flight{"Requests under way at once. A crash or cut leaves at most so many batches in doubt.", "同时进行的请求数。崩溃或中断时最多有这么多批存疑。"};
inline constexpr Sentence<0> key_requests{"Requests in any window of rate.per: the account's limit, both services, retries and probes together. From 1 to 100,000 a second.", "任意 rate.per 时间窗内的请求数：即账号的上限，两种业务、重试和探测合计。每秒 1 到 100,000。"};
inline constexpr Sentence<0> key_per{"The limit's window.", "上限的时间窗。"};
inline constexpr Sentence<0> key_gate{"The file that holds the pacing state; empty: in state/. Point the spools of one account at one local file to share its limit.", "记录限速状态的文件；留空则在 state/ 中。同一账号的多个 spool 指向同一个本地文件，即可共用其上限。"};
inline constexpr Sentence<0> key_orders{"Orders in one request at most. More is faster; fewer leaves fewer in doubt after a timeout.", "一个请求最多含多少订单。多则快；少则超时后存疑的也少。"};
inline constexpr Sentence<0> key_bytes{"Bytes in one request's body at most. nginx refuses more than 1MB unless told otherwise.", "一个请求的正文最多多少字节。nginx 未另行设置时拒绝 1MB 以上的。"};

// ledger
inline constexpr Sentence<0> key_postgresql{"The PostgreSQL database (13 or later) that the hosts of one account share, such as \"host=db.example.com dbname=sluice user=sluice\": ledger, and the gate unless rate.gate names a file. Its certificate is verified, but on loopback and over a socket. Empty: the ledger is a file in state/, for one process alone. A spool that has had jobs can't be moved there: begin with a new one.", "同一账号的各台主机共用的 PostgreSQL 数据库（13 或更高），例如 \"host=db.example.com dbname=sluice user=sluice\"：存放账本，以及限速状态（除非 rate.gate 指明了文件）。除本机环回和套接字外都验证其证书。留空：账本是 state/ 中的文件，只供一个进程使用。有过任务的 spool 不能搬移到其中：请用新的 spool 开始。"};
inline constexpr Sentence<0> key_password{"The file that holds the database's password and nothing else; only Sluice's user and group may read it. \"\": none is asked for (a certificate, or peer over a socket).", "只含数据库密码的文件；只有 Sluice 的用户和组可读。\"\"：不需要密码（用证书，或经套接字的 peer）。"};
inline constexpr Sentence<0> key_host{"What this process is called among those that share the database; no two may have the same. Empty: the machine's name, and the spool's path unless that is shared.", "此进程在共用数据库的各主机中的名称；不得重复。留空：机器的名称，spool 非共用时再加其路径。"};
inline constexpr Sentence<0> key_shared_spool{"false: each host has a spool of its own, and its jobs wait for it. true: all that have this spool, on storage mounted at the same path (NFSv4, CephFS), share its inbox, and go on with the jobs of one that died.", "false：每台主机有自己的 spool，其任务等它回来。true：各主机把同一存储（NFSv4、CephFS）挂载到同一路径，共用其 inbox，并接手停机主机的任务。"};

// retry
inline constexpr Sentence<0> key_in_doubt{"What becomes of orders that may have been applied. resend: sent again, which is safe because the API refuses what it has done before. hold: never sent again; they end in the in-doubt file.", "可能已生效的订单如何处理。resend：再次发送；接口会拒绝已做过的，因此安全。hold：不再发送，写入 in-doubt 文件。"};
inline constexpr Sentence<0> key_attempts{"Ambiguous answers to one batch before it is halved, or an order alone given up; also retries of an order answered with an internal error.", "一批得到多少次不明确的答复后对半拆分，或单个订单放弃；也是订单得到“内部错误”后的重试次数。"};
inline constexpr Sentence<0> key_first_delay{"Before the first resend, doubling from there. Keep it at 6s or more: identical bodies that come sooner are refused by the usual repeat guard.", "首次重发之前的等待，此后每次加倍。应不小于 6s：更早到达的相同内容会被常见的防重复机制拒绝。"};
inline constexpr Sentence<0> key_max_delay{"The longest delay; also the slowest probing during an outage. At least retry.first_delay.", "最长的等待；也是接口故障期间探测的最长间隔。不小于 retry.first_delay。"};
inline constexpr Sentence<0> key_outage{"During an outage nothing is halved or given up before it has lasted so long.", "接口故障持续这么久之前，不拆分也不放弃任何订单。"};

// inbox
inline constexpr Sentence<0> key_settle{"How long a file written in place must rest before it is taken. Raise it for writers that pause.", "就地写入的文件须静置多久才接收。写入中途会停顿的，请调高。"};
inline constexpr Sentence<0> key_scan_every{"The inbox is looked through so often even without a notice; network shares send none.", "即使没有通知，也每隔这么久查看一次 inbox；网络共享不发通知。"};
inline constexpr Sentence<0> key_ready_suffix{"Take FILE only when FILE with this suffix is there too, and remove that. Empty: no such file is needed.", "只有当“文件名加此后缀”的文件也在时才接收该文件，并删除前者。留空：不需要这样的文件。"};
inline constexpr Sentence<0> key_max_bytes{"A larger file is rejected whole. A job needs twice its size in free space.", "更大的文件整体拒收。一个任务需要两倍于文件的剩余空间。"};
inline constexpr Sentence<0> key_hard_links{"What becomes of a file that has other names, through which it could be changed after it was checked: left in the inbox, or copied, up to inbox.max_bytes.", "文件若有其他名称，检查之后仍可能通过它被改动，如何处理：leave 留在 inbox，或 copy 复制（不超过 inbox.max_bytes）。"};
inline constexpr Sentence<0> key_duplicate_file{"What becomes of a file whose content was processed within inbox.duplicate_window.", "内容在 inbox.duplicate_window 之内处理过的文件如何处理：reject 拒收，process 照样处理。"};
inline constexpr Sentence<0> key_duplicate_window{"How far back inbox.duplicate_file looks.", "inbox.duplicate_file 往前看多久。"};

// guard
inline constexpr Sentence<0> key_max_rows{"A file with more rows is rejected whole.", "行数更多的文件整体拒收。"};
inline constexpr Sentence<0> key_max_per_file{"A job with more orders to send is held until `release`. 0: no cap.", "待发送订单更多的任务会暂停，直到 `release`。0：不设上限。"};
inline constexpr Sentence<0> key_max_per_day{"Orders sent for the first time in one day (UTC+8), over restarts; beyond it jobs wait for midnight or `release`. 0: no cap.", "一天（UTC+8）之内首次发送的订单数，重启后仍累计；超出后任务等到零点或 `release`。0：不设上限。"};
inline constexpr Sentence<0> key_stop_when_refused{"A job is held when, of its first 100 settled orders or more, so many were refused with the same status: most likely a mistake in the file. 0%: never.", "前 100 个或更多有结果的订单中，这么多以同一状态被拒绝时，任务暂停：很可能是文件有误。0%：从不。"};
inline constexpr Sentence<0> key_placed_before{"What becomes of a file with orders that an earlier file had accepted, the same in every value, within keep.orders. warn: it is said in check, log and status. hold: the job is held before its first request, until `release`. send: nobody looks.", "文件中有订单在 keep.orders 之内已由此前的文件成功提交且各项完全相同时如何处理。warn：在 check、日志和 status 中提醒。hold：任务在第一个请求之前暂停，直到 `release`。send：不检查。"};

// keep, stop
inline constexpr Sentence<0> key_archive{"How long the originals of finished jobs stay in archive/, from the job's end. 0s: for ever. What is in doubt always stays, in outbox/ too, until somebody has resolved all of it.", "已完成任务的原文件在 archive/ 中保留多久，从任务结束算起。0s：永久。有存疑订单的始终保留（在 outbox/ 中也是），直到全部了结。"};
inline constexpr Sentence<0> key_outbox{"How long results, failures, in-doubt files and summaries stay in outbox/, if nobody has moved them on. 0s: for ever.", "结果、失败、存疑文件和摘要若无人移走，在 outbox/ 中保留多久。0s：永久。"};
inline constexpr Sentence<0> key_rejected{"How long refused files and their reasons stay in rejected/. 0s: for ever.", "被拒收的文件及其原因在 rejected/ 中保留多久。0s：永久。"};
inline constexpr Sentence<0> key_keep_orders{"How long it is remembered what became of each order, some 100 bytes in the ledger: for `sluice find`, and for guard.placed_before. 0s: not at all.", "每个订单的结果记住多久，在账本中约占 100 字节：供 `sluice find` 和 guard.placed_before 使用。0s：不记。"};
inline constexpr Sentence<0> key_grace{"How long a stop waits for answers under way before it cuts them; what is cut may have been applied. Keep systemd's TimeoutStopSec above it.", "停止时等待进行中的答复多久才切断；被切断的可能已生效。systemd 的 TimeoutStopSec 应大于它。"};

// control, notify, log, language
inline constexpr Sentence<0> key_socket{"The socket that commands speak to; empty: control.sock in the spool, or control.HOST.sock in a shared one.", "命令所用的套接字；留空则为 spool 中的 control.sock，spool 共用时为 control.主机名.sock。"};
inline constexpr Sentence<0> key_metrics{"Where metrics are served for Prometheus, such as 127.0.0.1:9464; empty: nowhere. No password guards it.", "为 Prometheus 提供指标的地址，例如 127.0.0.1:9464；留空则不提供。它没有密码保护。"};
inline constexpr Sentence<0> key_web{"Where the page is served, such as 127.0.0.1:8680; `sluice web` prints a link that signs a browser in. On loopback or a Unix socket only: from elsewhere through an SSH tunnel, or a proxy that has TLS and logins. Empty: nowhere.", "网页的地址，例如 127.0.0.1:8680；用 `sluice web` 得到登录链接。只限本机环回或 Unix 套接字：从别处须经 SSH 隧道，或经带 TLS 和登录的代理。留空：不提供网页。"};
inline constexpr Sentence<0> key_web_user_header{"The header in which the proxy before the page's Unix socket names the user it has signed in; believed there and nowhere else. Whoever may connect to that socket can name anybody.", "网页的 Unix 套接字之前的代理用来写明已登录用户的请求头；只在该套接字上采信。能连接该套接字的人可以冒用任何用户名。"};
inline constexpr Sentence<0> key_operators{"Who may hold, release, cancel, resolve and pause on the page: this group's members, root and the daemon's own user. Members of the inbox's group may look and drop.", "谁可以在网页上暂停、放行、取消、核实：此组的成员、root 和守护进程自己的用户。inbox 所属组的成员可以查看和放入文件。"};
inline constexpr Sentence<0> key_command{"Run for each event of notify.on, one at a time, for at most 30s, and twice more where it fails. The event is JSON on its standard input; SLUICE_EVENT, SLUICE_JOB, SLUICE_NAME and SLUICE_WORDS are in its environment, the credential never. Empty: nobody is told.", "notify.on 中的每个事件运行一次，逐个进行，每次最多 30s，失败再试两次。事件以 JSON 写到其标准输入；环境变量有 SLUICE_EVENT、SLUICE_JOB、SLUICE_NAME 和 SLUICE_WORDS，绝不含凭据。留空：不通知。"};
inline constexpr Sentence<0> key_on{"What it is run for. refused: a job ended with orders that were not accepted. stuck: a file has not been taken for an hour.", "为哪些事件运行。refused：任务结束而有订单未被接受。stuck：有文件一小时未被接收。"};
inline constexpr Sentence<0> key_level{"The least that is logged.", "记录日志的最低级别。"};
inline constexpr Sentence<0> key_format{"text for people and the journal, json for log collectors; both say which job and request a message is about: the journal in SLUICE_JOB and SLUICE_REQUEST, json in job and request.", "text 供人和系统日志阅读，json 供日志采集；两者都写明消息所属的任务和请求：系统日志用 SLUICE_JOB 和 SLUICE_REQUEST，json 用 job 和 request。"};
inline constexpr Sentence<0> key_language{"The language of the log and of what commands say. auto: Chinese where LC_ALL, LC_MESSAGES or LANG, the first of them that is set, begins with zh, else English. Results, reasons and progress speak their file's language.", "日志和命令输出的语言。auto：LC_ALL、LC_MESSAGES、LANG 中第一个有值的以 zh 开头则为中文，否则英文。结果、原因和进度使用其文件的语言。"};

// the page
inline constexpr Sentence<0> reference_head{"# Configuration reference\n\n<!-- Generated from the table of keys (src/config/keys.cpp) and include/sluice/text/words/keys.hpp: change it there. -->\n\nSluice reads one YAML file: `--config FILE`, else `$SLUICE_CONFIG`, else `/etc/sluice/sluice.yaml`. Every key is\noptional but the two marked *required*. Unknown keys, wrong types and bad units are refused with file, line and column;\n`sluice config --check` does only that, and sees that the credential and the CA file can be used, as a start would; run\nit as the same user, with the same environment. `sluice config` shows every setting in force with its source.\nKeys take effect on reload (SIGHUP, `systemctl reload sluice`) but for those that say *restart*.\n", "# 配置参考\n\n<!-- Generated from the table of keys (src/config/keys.cpp) and include/sluice/text/words/keys.hpp: change it there. -->\n\nSluice 读取一个 YAML 文件：`--config FILE`（文件），否则 `$SLUICE_CONFIG`，否则 `/etc/sluice/sluice.yaml`。除标为“必填”的\n两个键外都可省略。不认识的键、类型不对、单位有误都会被拒绝，并指出文件、行和列；`sluice config --check` 只做这项检查，\n并像启动时那样查看凭据和 CA 文件能否使用；请以同一用户、同样的环境运行。`sluice config` 显示每项现行配置及其来源。\n各键在重新加载（SIGHUP，`systemctl reload sluice`）时生效，标明“重启”的除外。\n"};
inline constexpr Sentence<0> reference_columns{"key | default | takes | effect | meaning", "键 | 默认值 | 取值 | 生效 | 含义"};
inline constexpr Sentence<0> reference_required{"*required*", "*必填*"};
inline constexpr Sentence<0> on_restart{"restart", "重启"};
inline constexpr Sentence<0> on_reload{"reload", "重新加载"};

}  // namespace sluice::text::words
