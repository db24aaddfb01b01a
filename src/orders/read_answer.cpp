#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "answer_class.hpp"
#include "envelope.hpp"
#include "pairing.hpp"
#include "redacted.hpp"
#include "retry_after.hpp"
#include "sluice/orders/answer.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::orders {

namespace {

/// For people. Of a body that is no envelope nothing is repeated: it may hold anything.
std::string words_of(const HttpReply& reply, const Envelope& envelope, const Paired& paired) {
  constexpr std::size_t kMessage = 160;
  constexpr std::size_t kDoubts = 3;
  std::string words = fmt::format("HTTP {}", reply.status);
  if (reply.truncated) words += ", cut off";
  if (envelope.code()) words += fmt::format(", code {}", *envelope.code());
  if (envelope.is_json() && !envelope.message().empty())
    words += fmt::format(": {}", text::shown(redacted(envelope.message()), kMessage));
  else if (!envelope.is_json())
    words += reply.body.empty() ? ", empty" : envelope.looks_like_html() ? ", HTML" : ", not JSON";
  for (std::size_t i = 0; i < std::min(kDoubts, paired.doubts.size()); ++i) words += "; " + paired.doubts[i];
  if (paired.doubts.size() > kDoubts) words += fmt::format("; and {} more", paired.doubts.size() - kDoubts);
  return words;
}

}  // namespace

Answer read_answer(const HttpReply& reply, std::span<const Order> sent, WallTime now) {
  const auto envelope = reply.truncated ? Envelope{} : Envelope::read(reply.body);
  auto paired = pair_rows(envelope.rows(), sent);
  Answer answer;
  answer.http_status = reply.status;
  answer.retry_after = read_retry_after(reply.retry_after, reply.date, now);
  answer.what = classify(reply, envelope, paired, answer.retry_after.has_value());
  answer.words = words_of(reply, envelope, paired);
  if (answer.what == AnswerClass::answered) answer.rows = std::move(paired.rows);
  return answer;
}

}  // namespace sluice::orders
