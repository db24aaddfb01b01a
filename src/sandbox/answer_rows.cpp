#include "answer_rows.hpp"

#include <fmt/format.h>
#include <boost/beast/http/status.hpp>

#include <iterator>

#include "sluice/text/encoding.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::sandbox {

namespace {

constexpr std::size_t kBytesARow = 224;  // a guess that spares growing

void append_status(std::string& out, int status, StatusAs as) {
  const std::string_view quote = as == StatusAs::string ? "\"" : "";
  fmt::format_to(std::back_inserter(out), R"("status":{0}{1}{0})", quote, status);
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
  out += '"';
  out += name;
  out += "\":";
  append_quoted(out, value);
  out += ',';
}

void append_day(std::string& out, std::string_view name, std::optional<Day> day, std::string_view time) {
  out += '"';
  out += name;
  out += day ? "\":\"" : "\":null";
  if (!day) return;
  out += to_text(*day);
  out += time;
  out += '"';
}

void append_row(std::string& out, const CreateRow& row, StatusAs as) {
  const CreateOrder& order = *row.order;
  out += '{';
  append_day(out, "startTime", row.placed.start, "");
  out += ',';
  append_member(out, "source", order.source);
  append_member(out, "uid", order.uid);
  append_status(out, row.placed.status, as);
  out += ',';
  append_member(out, "orderId", row.placed.order_id);
  append_member(out, "douyinId", order.douyin_id);
  out += order.is_renew ? "\"isRenew\":true," : "\"isRenew\":false,";
  if (order.province) {
    append_member(out, "province", *order.province);
  } else {
    out += "\"province\":null,";
  }
  append_day(out, "endTime", row.placed.end, " 23:59:59");
  out += '}';
}

}  // namespace

std::string create_answer(std::span<const CreateRow> rows, StatusAs status_as, DataShape shape) {
  const bool swapped = shape == DataShape::swapped;
  std::string out;
  out.reserve(rows.size() * kBytesARow + 64);
  out += R"({"msg":"Operation successful","code":200,"data":)";
  out += swapped ? R"({"packOrder":[)" : "[";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i != 0) out += ',';
    append_row(out, rows[i], status_as);
  }
  out += swapped ? "]}}" : "]}";
  return out;
}

std::string modify_answer(std::span<const int> statuses, StatusAs status_as, DataShape shape) {
  const bool swapped = shape == DataShape::swapped;
  std::string out = R"({"msg":"Update successful","code":200,"data":)";
  out += swapped ? "[" : R"({"modifyOrders":[)";
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    out += i != 0 ? ",{" : "{";
    append_status(out, statuses[i], status_as);
    out += '}';
  }
  out += swapped ? "]}" : "]}}";
  return out;
}

void append_quoted(std::string& out, std::string_view utf8) {
  out += '"';
  text::append_json_escaped(utf8, "<", out);
  out += '"';
}

std::string to_gb18030(const std::string& utf8) {
  return text::encode(text::Encoding::gb18030, utf8);
}

std::string http_text(const Reply& reply, bool keep_alive) {
  const auto reason =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(static_cast<unsigned>(reply.status)));
  std::string text;
  text.reserve(reply.body.size() + reply.headers.size() + 256);
  fmt::format_to(std::back_inserter(text),
                 "HTTP/1.1 {} {}\r\nServer: sluice-sandbox\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}{}\r\n",
                 reply.status, std::string_view(reason.data(), reason.size()), reply.content_type, reply.body.size(),
                 reply.headers, keep_alive ? "" : "Connection: close\r\n");
  text += reply.body;
  return text;
}

}  // namespace sluice::sandbox
