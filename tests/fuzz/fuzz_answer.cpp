// Answers of the API, whatever a peer, a proxy or a cut connection makes of them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../orders/answer_by_dom.hpp"
#include "sluice/base/check.hpp"
#include "sluice/orders/answer.hpp"

namespace {

using namespace sluice;
using namespace sluice::orders;

std::vector<Order> orders_of(ServiceId id) {
  std::vector<Order> orders(3);
  const Service& table = service(id);
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const auto number = std::to_string(i + 1);
    Order::Values values;
    std::fill_n(values.begin(), table.fields.size(), number);
    orders[i] = Order(id, values);
  }
  return orders;
}

/// status (2 bytes), flags (1), Retry-After up to a newline, body.
HttpReply reply_of(std::string_view input) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(input[i]); };
  HttpReply reply;
  reply.status = (byte(0) << 8 | byte(1)) % 700;
  reply.truncated = byte(2) & 1;
  reply.content_type = byte(2) & 2 ? "text/html" : "application/json";
  const auto rest = input.substr(3);
  const auto line = std::min(rest.find('\n'), rest.size());
  reply.retry_after = rest.substr(0, line);
  reply.date = byte(2) & 4 ? reply.retry_after : "";
  reply.body = rest.substr(std::min(line + 1, rest.size()));
  return reply;
}

void check_verdict(ServiceId id, const RowAnswer& row) {
  for (int bits = 0; bits < 16; ++bits) {
    const RowHistory history{.maybe_applied = (bits & 1) != 0,
                             .internal_error = (bits & 2) != 0,
                             .hold = (bits & 4) != 0,
                             .said_no = (bits & 8) != 0 ? "no" : ""};
    const auto verdict = dispose(id, row, history);
    SLUICE_CHECK(!text::say(text::Lang::en, verdict.message).empty(), "a verdict without a word");
    const bool earlier = history.maybe_applied || history.internal_error;
    SLUICE_CHECK(verdict.verdict != Verdict::accepted_earlier || earlier,
                 "accepted earlier without an earlier attempt");
    const StatusSpec* spec = row.status ? find_status(service(id), *row.status) : nullptr;
    SLUICE_CHECK(spec || verdict.verdict == Verdict::in_doubt, "a status that nobody knows settles something");
    const bool no_proof = history.maybe_applied || !history.said_no.empty();
    SLUICE_CHECK(verdict.verdict != Verdict::refused || !no_proof || !spec->own_success_explains,
                 "refused by what our own success may have caused");
  }
}

void check(const HttpReply& reply, const std::vector<Order>& sent) {
  const auto answer = read_answer(reply, sent, WallTime{});
  SLUICE_CHECK(answer.words.size() < 4000, "words without a bound");
  SLUICE_CHECK(!answer.retry_after || (answer.retry_after->count() >= 0 && answer.retry_after->count() <= 3600),
               "a wait out of bounds");
  const bool answered = answer.what == AnswerClass::answered;
  SLUICE_CHECK(answer.rows.size() == (answered ? sent.size() : 0), "rows that are not one an order");
  const bool success = reply.status >= 200 && reply.status <= 299;
  SLUICE_CHECK(!answered || (success && !reply.truncated), "answered by what is no success");
  SLUICE_CHECK(!success || !reply.truncated || maybe_applied(answer.what), "a cut success that settles something");
  bool any = false;
  for (const auto& row : answer.rows) {
    if (!row) continue;
    any = true;
    SLUICE_CHECK(row->status || !row->status_text.empty(), "a row that says nothing");
    SLUICE_CHECK(row->order_id.str().size() < 1000, "an order id without a bound");
    check_verdict(*sent.front().service(), *row);
  }
  SLUICE_CHECK(!answered || any, "answered without a row");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  static const auto kCreates = orders_of(ServiceId::create);
  static const auto kModifies = orders_of(ServiceId::modify);
  const auto reply = reply_of({reinterpret_cast<const char*>(data), size});
  SLUICE_CHECK(by_dom::agrees(by_dom::without_repetitions(reply.body)),
               "an answer that is another as a document in memory");
  check(reply, kCreates);
  check(reply, kModifies);
  return 0;
}
