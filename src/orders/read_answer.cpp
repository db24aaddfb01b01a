#include <utility>

#include "answer_class.hpp"
#include "answer_words.hpp"
#include "envelope.hpp"
#include "pairing.hpp"
#include "retry_after.hpp"
#include "sluice/orders/answer.hpp"

namespace sluice::orders {

Answer read_answer(const HttpReply& reply, std::span<const Order> sent, WallTime now) {
  const auto envelope = is_whole(reply) ? Envelope::read(reply.body) : Envelope{};
  auto paired = pair_rows(envelope, sent);
  Answer answer;
  answer.http_status = reply.status;
  answer.retry_after = read_retry_after(reply.retry_after, reply.date, now);
  answer.what = classify(reply, envelope, paired, answer.retry_after.has_value());
  answer.words = words_of(reply, envelope, paired);
  if (answer.what == AnswerClass::answered) answer.rows = std::move(paired.rows);
  return answer;
}

}  // namespace sluice::orders
