// What keeps the API from being reached, what broke on the way, and what is wrong with certificate or credential.
#pragma once

#include "sluice/text/sentence.hpp"

// clang-format off: a row a sentence, both languages side by side
namespace sluice::text::words {

// the connection
inline constexpr Sentence<3> cannot_reach{"cannot reach {0}: {1}: {2}", "无法连接 {0}：{1}：{2}"};
inline constexpr Sentence<0> step_lookup{"looking up the host name", "查询主机名"};
inline constexpr Sentence<0> step_connect{"connecting", "建立连接"};
inline constexpr Sentence<0> step_tls{"TLS handshake (1.2 or later)", "TLS 握手（1.2 或更高）"};
inline constexpr Sentence<0> connect_timeout_over{"upstream.connect_timeout is over", "超过了 upstream.connect_timeout"};
inline constexpr Sentence<0> no_such_host{"there is no such host name (check upstream.base_url and this machine's DNS)", "没有这个主机名（请核对 upstream.base_url 和本机的 DNS）"};
inline constexpr Sentence<0> dns_silent{"the DNS server gives no answer", "DNS 服务器没有应答"};
inline constexpr Sentence<0> nobody_listens{"nobody listens there (connection refused)", "对方没有程序在监听（连接被拒绝）"};
inline constexpr Sentence<0> other_side_hung_up{"the other side hung up; perhaps it speaks plain http (check the port in upstream.base_url)", "对方挂断了；可能它说的是明文 http（请核对 upstream.base_url 的端口）"};
inline constexpr Sentence<0> speaks_plain_http{"what answers there does not speak TLS: perhaps it is a plain http port (check the port in upstream.base_url)", "对方说的不是 TLS：可能是明文 http 端口（请核对 upstream.base_url 的端口）"};
inline constexpr Sentence<0> we_are_stopping{"the connection was given up: we are stopping", "正在停止，放弃了连接"};
inline constexpr Sentence<1> not_this_machine{"cannot reach {0}: that name does not mean this machine here (see /etc/hosts), and plain http would send the authorization readable: use 127.0.0.1, or https", "无法连接 {0}：该名称在这里不是指本机（见 /etc/hosts），而明文 http 会让凭据可被读到：请用 127.0.0.1 或 https"};
inline constexpr Sentence<3> address_is_dead{"its address {0} does not answer ({1}): going on with {2}", "其地址 {0} 没有应答（{1}）：改用 {2}"};
inline constexpr Sentence<0> it_is_silent{"it is silent", "没有任何回应"};
// log: One of the API's addresses does not connect (any more), and the next one is used. | Nothing while another one works; tell the API's people if it stays so.
inline constexpr Sentence<2> of_host{"{0}: {1}", "{0}：{1}"};

// one exchange
inline constexpr Sentence<1> cut_by_us_here{"the exchange with {0} was cut off by us", "与 {0} 的通信被我们切断"};
inline constexpr Sentence<2> no_answer_within{"{0} gave no complete answer within {1} (upstream.response_timeout)", "{0} 在 {1} 内没有给出完整答复（upstream.response_timeout）"};
inline constexpr Sentence<2> gone_before{"the connection to {0} was gone before the request went out: {1}", "请求发出之前，到 {0} 的连接已断开：{1}"};
inline constexpr Sentence<3> broke_after{"the connection to {0} broke after the request went out: {1} ({2})", "请求发出之后，到 {0} 的连接断开：{1}（{2}）"};
inline constexpr Sentence<2> not_http{"what {0} answered is not HTTP: {1}", "{0} 的答复不是 HTTP：{1}"};
inline constexpr Sentence<0> ended_without_answer{"the connection ended without an answer", "没有答复，连接就结束了"};
inline constexpr Sentence<0> broke_in_answer{"the connection broke in the middle of the answer", "答复到一半，连接断开"};
inline constexpr Sentence<0> ended_in_answer{"the connection ended in the middle of the answer", "答复到一半，连接结束"};
inline constexpr Sentence<1> answer_too_long{"it is longer than {0}, headers and all", "连同头部超过 {0}"};
inline constexpr Sentence<1> body_too_long{"its body is longer than {0}", "其正文超过 {0}"};
inline constexpr Sentence<2> answer_compressed{"it is compressed, which was not asked for ({0}: {1})", "它是压缩过的，而我们没有要求（{0}：{1}）"};
inline constexpr Sentence<2> beyond_its_end{"{0} bytes came beyond its end ({1})", "在其结尾（{1}）之后又来了 {0} 字节"};
inline constexpr Sentence<0> its_last_chunk{"its last chunk", "最后一块"};
inline constexpr Sentence<0> its_length{"its Content-Length", "其 Content-Length"};
inline constexpr Sentence<0> chunk_extension_ends{"a chunk's extension holds a line end", "分块的扩展中有换行"};
inline constexpr Sentence<1> chunk_size_unread{"a chunk's size can't be read: {0}", "分块的长度无法读懂：{0}"};
inline constexpr Sentence<0> chunk_ends_elsewhere{"a chunk doesn't end where its size says", "分块没有在其长度所示处结束"};

// what the system says of a connection
inline constexpr Sentence<0> says_reset{"Connection reset by peer", "连接被对方重置"};
inline constexpr Sentence<0> says_broken_pipe{"Broken pipe", "管道已断开"};
inline constexpr Sentence<0> says_end{"End of file", "连接已结束"};
inline constexpr Sentence<0> says_unreachable{"Network is unreachable", "网络不可达"};
inline constexpr Sentence<0> says_no_route{"No route to host", "没有到主机的路由"};
inline constexpr Sentence<0> says_timed_out{"Connection timed out", "连接超时"};

// the certificate
inline constexpr Sentence<3> certificate_is{"the certificate of {0} {1} (trusting {2})", "{0} 的证书{1}（信任依据：{2}）"};
inline constexpr Sentence<0> this_systems_authorities{"this system's authorities", "本系统的证书机构"};
inline constexpr Sentence<0> cert_untrusted{"is signed by an authority that is not trusted here, or the server leaves out the certificates in between: install ca-certificates, or name the authority's certificate in upstream.ca_file", "由这里不信任的机构签发，或服务器漏了中间证书：请安装 ca-certificates，或在 upstream.ca_file 中写明该机构的证书"};
inline constexpr Sentence<0> cert_other_name{"is for another host name: check the host in upstream.base_url", "属于另一个主机名：请核对 upstream.base_url 中的主机"};
inline constexpr Sentence<0> cert_weak{"is too weak (key or signature) for this machine's OpenSSL: its owner must renew it", "强度太低（密钥或签名），本机的 OpenSSL 不接受：须由其持有者更换"};
inline constexpr Sentence<0> cert_expired{"has expired: its owner must renew it; if it was renewed, check this machine's date (timedatectl)", "已过期：须由其持有者更换；若已更换，请核对本机日期（timedatectl）"};
inline constexpr Sentence<0> cert_not_yet{"is not valid yet: check this machine's date (timedatectl)", "尚未生效：请核对本机日期（timedatectl）"};
inline constexpr Sentence<0> cert_self_signed{"is self-signed: if that is meant, save it in a file and name that in upstream.ca_file", "是自签名的：若本意如此，请存为文件并写入 upstream.ca_file"};
inline constexpr Sentence<0> cert_revoked{"was revoked: its owner must renew it", "已被吊销：须由其持有者更换"};
inline constexpr Sentence<1> cert_otherwise{"does not verify: {0}", "无法通过验证：“{0}”"};
inline constexpr Sentence<2> tls_alert{"{0} refused the TLS connection with the alert \"{1}\": nothing was sent", "{0} 拒绝了 TLS 连接，警报为“{1}”：没有发出任何内容"};
inline constexpr Sentence<2> client_certificate_wanted{"{0} wants to see a client certificate, and sluice has none (TLS alert \"{1}\"): ask for access without one, or name a proxy that shows it in upstream.base_url", "{0} 要求客户端证书，而 sluice 没有（TLS 警报“{1}”）：请申请无需证书的访问，或在 upstream.base_url 中写明出示证书的代理"};
inline constexpr Sentence<2> certificates_unusable{"cannot use the certificates of {0}: {1}; upstream.ca_file must be a readable PEM file", "无法使用 {0} 的证书：{1}；upstream.ca_file 必须是可读的 PEM 文件"};
inline constexpr Sentence<0> this_system{"this system", "本系统"};
inline constexpr Sentence<1> no_tls{"cannot set up TLS: {0}", "无法准备 TLS：“{0}”"};
inline constexpr Sentence<1> no_tls_for{"cannot set up TLS for the host name {0}", "无法为主机名 {0} 准备 TLS"};

// the credential
inline constexpr Sentence<3> credential_bad{"upstream.authorization ({0} {1}) {2}", "upstream.authorization（{0} {1}）{2}"};
inline constexpr Sentence<0> credential_empty{"is empty", "是空的"};
inline constexpr Sentence<0> credential_too_long{"is longer than any header value may be (16 KiB)", "超过了请求头允许的长度（16 KiB）"};
inline constexpr Sentence<0> credential_many_lines{"holds more than one line: it must be the value alone", "不止一行：只应有该值本身"};
inline constexpr Sentence<2> credential_odd_byte{"has a character at byte {0} that can't stand in a header (0x{1}): only printable ASCII can", "第 {0} 字节的字符（0x{1}）不能放在请求头中：只能是可见的 ASCII"};
inline constexpr Sentence<0> credential_header_name{"begins with the header's name: it must be the value alone", "以请求头的名称开头：只应有该值本身"};
inline constexpr Sentence<0> credential_quoted{"stands in quotes, which would be sent with it: take them away", "带有引号，会一并发出：请去掉"};
inline constexpr Sentence<0> credential_assigned{"looks like NAME=value, as in a shell: it must be the value alone", "像是 shell 中的 NAME=value：只应有该值本身"};
inline constexpr Sentence<0> credential_no_file{"is no regular file", "不是普通文件"};
inline constexpr Sentence<2> credential_not_read{"can't be read: {0}. Reading is enough: `chown sluice {1}` and `chmod 600 {1}`; nothing is sent before", "无法读取：{0}。能读即可：chown sluice {1}，再 chmod 600 {1}；在此之前不会发送"};
inline constexpr Sentence<0> credential_no_env{"is not set in the environment", "没有在环境变量中设置"};
inline constexpr Sentence<0> credential_no_folder{"needs LoadCredential= in the unit: $CREDENTIALS_DIRECTORY is not set", "需要在 unit 中写 LoadCredential=：没有设置 $CREDENTIALS_DIRECTORY"};
// log: Every user of the machine can read the credential. | chmod o-r it, and take a new credential if others are on the machine.
inline constexpr Sentence<1> credential_open_to_all{"upstream.authorization: every user of this machine can read {0}: chmod o-r it", "upstream.authorization：本机所有用户都能读 {0}：请 chmod o-r"};

// what an answer is, beside its number
inline constexpr Sentence<1> says_of_status{" ({0})", "（{0}）"};
inline constexpr Sentence<0> from_a_cache{", from a cache on the way, not from the API: no POST may be answered by one", "，来自途中的缓存而不是接口：POST 不应由缓存答复"};
inline constexpr Sentence<0> answer_cut_off{", cut off", "，不完整"};
inline constexpr Sentence<1> answer_code{", code {0}", "，code {0}"};
inline constexpr Sentence<1> answer_says{": {0}", "：“{0}”"};
inline constexpr Sentence<1> answer_also{", {0}", "，{0}"};
inline constexpr Sentence<1> answer_doubt{"; {0}", "；{0}"};
inline constexpr Sentence<1> answer_doubts_more{"; and {0} more", "；另有 {0} 处"};
inline constexpr Sentence<0> body_empty{"empty", "内容为空"};
inline constexpr Sentence<0> body_gzip{"compressed (gzip)", "压缩内容（gzip）"};
inline constexpr Sentence<0> body_utf16{"UTF-16 instead of UTF-8", "是 UTF-16 而不是 UTF-8"};
inline constexpr Sentence<1> body_page{"a page \"{0}\"", "网页“{0}”"};
inline constexpr Sentence<0> body_html{"HTML", "网页（HTML）"};
inline constexpr Sentence<0> body_no_json{"not JSON", "不是 JSON"};
inline constexpr Sentence<0> body_no_text{"neither UTF-8 nor GB18030", "既不是 UTF-8 也不是 GB18030"};
inline constexpr Sentence<0> http_405{"the method is not allowed here", "此处不允许该方法"};
inline constexpr Sentence<0> http_407{"a proxy on the way wants a login", "途中的代理要求登录"};
inline constexpr Sentence<0> http_408{"the server did not wait for the whole request", "服务器没有等完整个请求"};
inline constexpr Sentence<0> http_409{"it conflicts with what is there", "与现有内容冲突"};
inline constexpr Sentence<0> http_410{"this address is gone for good", "该地址已永久失效"};
inline constexpr Sentence<0> http_415{"the server does not take this kind of body", "服务器不接受这种正文"};
inline constexpr Sentence<0> http_421{"the connection leads to another server", "连接到了另一台服务器"};
inline constexpr Sentence<0> http_423{"what it is about is locked", "所涉内容被锁定"};
inline constexpr Sentence<0> http_425{"too early on this connection", "在此连接上为时过早"};
inline constexpr Sentence<0> http_426{"the server wants another protocol", "服务器要求另一种协议"};
inline constexpr Sentence<0> http_431{"the server finds the header too large", "服务器认为请求头太大"};
inline constexpr Sentence<0> http_451{"unavailable for legal reasons", "因法律原因不可用"};
inline constexpr Sentence<0> http_460{"a load balancer says that we had hung up", "负载均衡器称我们已挂断"};
inline constexpr Sentence<0> http_499{"a proxy says that we had hung up", "代理称我们已挂断"};
inline constexpr Sentence<0> http_524{"a proxy did not wait for the API", "代理没有等到接口的答复"};

// what rows of an answer contradict
inline constexpr Sentence<1> rows_contradict{"{0}: rows that contradict each other", "{0}：几行答复互相矛盾"};

inline constexpr Sentence<2> rows_of_others{"{0} {0:row|rows} of orders that were not sent ({1})", "{0} 行答复属于未发送的订单（{1}）"};
inline constexpr Sentence<4> answered_otherwise{"{0}: {1} sent {2}, answered {3}", "{0}：{1} 发送的是 {2}，答复的是 {3}"};

}  // namespace sluice::text::words
