#include "answer_class.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "answer_words.hpp"
#include "envelope.hpp"
#include "front_door.hpp"
#include "pairing.hpp"
#include "retry_after.hpp"
#include "sluice/orders/answer.hpp"
#include "wire_messages.hpp"

namespace sluice::orders {

namespace {

struct Named {
  AnswerClass what;
  std::string_view name;
  bool maybe_applied;
};
constexpr std::array<Named, 15> kClasses{{
    {AnswerClass::answered, "answered", false},
    {AnswerClass::throttled, "throttled", false},
    {AnswerClass::throttled_maybe, "throttled_maybe", true},
    {AnswerClass::unauthorized, "unauthorized", false},
    {AnswerClass::unauthorized_maybe, "unauthorized_maybe", true},
    {AnswerClass::forbidden, "forbidden", false},
    {AnswerClass::forbidden_maybe, "forbidden_maybe", true},
    {AnswerClass::misrouted, "misrouted", false},
    {AnswerClass::misrouted_maybe, "misrouted_maybe", true},
    {AnswerClass::try_elsewhere, "try_elsewhere", false},
    {AnswerClass::unfinished, "unfinished", true},
    {AnswerClass::bad_request, "bad_request", false},
    {AnswerClass::too_large, "too_large", false},
    {AnswerClass::repeat, "repeat", true},
    {AnswerClass::ambiguous, "ambiguous", true},
}};
const Named& row_of(AnswerClass what) {
  return *std::ranges::find(kClasses, what, &Named::what);
}

/// The first that fits. 2xx is not here: there the body decides. What fits none is ambiguous: 5xx above all.
struct ByStatus {
  int first;
  int last;
  AnswerClass what;
};
constexpr std::array<ByStatus, 12> kByStatus{{
    {300, 399, AnswerClass::misrouted},
    {400, 400, AnswerClass::bad_request},
    {401, 401, AnswerClass::unauthorized},
    {403, 403, AnswerClass::forbidden},
    {404, 405, AnswerClass::misrouted},
    {410, 410, AnswerClass::misrouted},
    {413, 413, AnswerClass::too_large},
    {421, 421, AnswerClass::try_elsewhere},
    {422, 422, AnswerClass::bad_request},
    {425, 425, AnswerClass::try_elsewhere},
    {429, 429, AnswerClass::throttled},
    {400, 499, AnswerClass::unfinished},
}};

/// The body's own codes that say more than that something went wrong. They come from within: perhaps half-way.
struct ByCode {
  int code;
  AnswerClass what;
};
constexpr std::array<ByCode, 2> kByCode{{{401, AnswerClass::unauthorized_maybe}, {403, AnswerClass::forbidden_maybe}}};

/// The most careful first: repeat leaves open what was applied, and costs an attempt.
struct ByMessage {
  std::span<const std::string_view> parts;
  AnswerClass what;
};
constexpr std::array<ByMessage, 4> kByMessage{{
    {wire_messages::kRepeat, AnswerClass::repeat},
    {wire_messages::kThrottle, AnswerClass::throttled_maybe},
    {wire_messages::kAuth, AnswerClass::unauthorized_maybe},
    {wire_messages::kForbidden, AnswerClass::forbidden_maybe},
}};

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr bool is_letter(char c) {
  return lower(c) >= 'a' && lower(c) <= 'z';
}

/// Not in the middle of a word: "corporate limit" says nothing of a rate limit.
bool says(std::string_view message, std::string_view part) {
  for (auto rest = message; !rest.empty();) {
    const auto found = std::ranges::search(rest, part, {}, lower, lower);
    if (found.empty()) return false;
    const auto at = static_cast<std::size_t>(found.begin() - message.begin());
    if (at == 0 || !is_letter(message[at]) || !is_letter(message[at - 1])) return true;
    rest = message.substr(at + 1);
  }
  return false;
}

bool says_any(std::string_view message, std::span<const std::string_view> parts) {
  return std::ranges::any_of(parts, [&](std::string_view part) { return says(message, part); });
}

/// As a word of its own: HIT, TCP_HIT, Hit from cloudfront; not "Hits".
bool says_any_word(std::string_view text, std::span<const std::string_view> words) {
  const auto is_separator = [](char c) { return !is_letter(c); };
  while (!text.empty()) {
    const auto begin = std::ranges::find_if_not(text, is_separator);
    const auto end = std::ranges::find_if(begin, text.end(), is_separator);
    const std::string_view word(begin, end);
    if (std::ranges::any_of(words, [&](std::string_view w) { return std::ranges::equal(w, word, {}, {}, lower); }))
      return true;
    text = std::string_view(end, text.end());
  }
  return false;
}

std::optional<AnswerClass> by_message(const Envelope& envelope) {
  for (const auto& row : kByMessage)
    if (says_any(envelope.message(), row.parts)) return row.what;
  return std::nullopt;
}

std::optional<AnswerClass> by_code(const Envelope& envelope) {
  for (const auto& row : kByCode)
    if (envelope.code() == row.code) return row.what;
  return std::nullopt;
}

AnswerClass by_status(int status) {
  for (const auto& row : kByStatus)
    if (status >= row.first && status <= row.last) return row.what;
  return AnswerClass::ambiguous;
}

AnswerClass success(const HttpReply& reply, const Envelope& envelope, const Paired& paired) {
  // An error's words come without rows; where rows are, they decide, whatever msg says.
  if (envelope.code() == 200 && envelope.rows() > 0)
    return paired.any() ? AnswerClass::answered : AnswerClass::ambiguous;
  if (const auto what = front_door(envelope)) return *what;
  if (const auto what = by_message(envelope)) return *what;
  if (const auto what = by_code(envelope)) return *what;
  const bool html = envelope.looks_like_html() || says(reply.content_type, "text/html");
  return html && !envelope.is_json() ? AnswerClass::misrouted_maybe : AnswerClass::ambiguous;
}

/// The page that nginx itself answers with where its limit_req or limit_conn lets a request go no further.
bool is_stock_page_of_nginx(const HttpReply& reply) {
  constexpr std::string_view kTitle = "<title>503 Service Temporarily Unavailable</title>";
  return reply.status == 503 && reply.body.contains(kTitle) && reply.body.contains("<center>nginx");
}

/// 401 and 403 are a *no* in the status line, whatever words go with them.
AnswerClass certain(AnswerClass what, int status) {
  if (what == AnswerClass::unauthorized_maybe && (status == 401 || status == 403)) return AnswerClass::unauthorized;
  if (what == AnswerClass::forbidden_maybe && (status == 401 || status == 403)) return AnswerClass::forbidden;
  return what;
}

AnswerClass failure(const HttpReply& reply, const Envelope& envelope, bool waits) {
  if (reply.status == 429) return AnswerClass::throttled;
  if (const auto what = by_message(envelope)) return certain(*what, reply.status);
  if (is_stock_page_of_nginx(reply)) return AnswerClass::throttled;
  const AnswerClass what = by_status(reply.status);
  const bool unnamed = what == AnswerClass::unfinished || reply.status == 503;
  if (unnamed && (waits || says_any(reply.body, wire_messages::kThrottle))) return AnswerClass::throttled_maybe;
  if (what != AnswerClass::bad_request && what != AnswerClass::unfinished) return what;
  return by_code(envelope).value_or(what);
}

}  // namespace

std::string_view name(AnswerClass what) {
  return row_of(what).name;
}
bool maybe_applied(AnswerClass what) {
  return row_of(what).maybe_applied;
}

bool came_from_a_cache(const HttpReply& reply) {
  constexpr std::array<std::string_view, 4> kFromCache = {"hit", "stale", "updating", "revalidated"};
  if (const auto age = integer_of(reply.age); age && *age > 0) return true;
  for (std::string_view rest = reply.cache; !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (says_any_word(line.substr(std::min(line.find(':'), line.size())), kFromCache)) return true;
  }
  return false;
}

AnswerClass classify(const HttpReply& reply, const Envelope& envelope, const Paired& paired, bool waits) {
  if (came_from_a_cache(reply)) return AnswerClass::misrouted_maybe;
  const bool is_success = reply.status >= 200 && reply.status <= 299;
  if (!is_success) return failure(reply, envelope, waits);
  return is_whole(reply) ? success(reply, envelope, paired) : AnswerClass::ambiguous;
}

Answer read_answer(const HttpReply& reply, std::span<const Order> sent, WallTime now) {
  const auto wanted = sent.empty() ? std::vector<std::string_view>{} : wanted_of_rows(service(sent.front().service()));
  const auto envelope = is_whole(reply) ? Envelope::read(reply.body, wanted) : Envelope{};
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
