#include "upstream/answer_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <charconv>

#include "sluice/text/shown.hpp"
#include "sluice/text/words/upstream.hpp"
#include "upstream/body_reader.hpp"

namespace sluice::adapters::upstream {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::size_t kShownHeader = 80;

bool speaks_of_a_cache(std::string_view name) {
  constexpr std::string_view kWord = "cache";
  const auto same = [](char a, char b) { return (static_cast<unsigned char>(a) | 0x20U) == static_cast<unsigned>(b); };
  return !std::ranges::search(name, kWord, same).empty();
}

/// Statuses after which the next request had better take another connection (docs/api.md, What each answer means): 101
/// ends HTTP, 421 and 425 ask for it, and the rest may leave a request half read.
bool spoils(unsigned status) {
  constexpr std::array<unsigned, 8> kSpoiling = {101, 408, 409, 421, 423, 425, 460, 499};
  return std::ranges::find(kSpoiling, status) != kSpoiling.end();
}

/// What the headers reveal of a cache on the way, a line each; Cache-Control only asks.
std::string cache_words(const http::fields& fields) {
  std::string words;
  for (const auto& field : fields) {
    if (field.name() == http::field::cache_control || !speaks_of_a_cache(field.name_string())) continue;
    if (!words.empty()) words += '\n';
    words += fmt::format("{}: {}", std::string_view(field.name_string()), std::string_view(field.value()));
  }
  return words;
}

bool compressed(std::string_view encoding) {
  return !encoding.empty() && !beast::iequals(encoding, "identity");
}

}  // namespace

class AnswerParser::Impl {
 public:
  explicit Impl(AnswerLimits limits) : limits_(limits) { begin(); }

  Step feed(std::string_view bytes) {
    came_ += bytes.size();
    if (came_ > limits_.all) return broken(text::words::answer_too_long(text::size_words(limits_.all)));
    if (body_ && head_.empty()) return read_body(bytes);
    std::string begun;
    if (!head_.empty()) bytes = begun = std::exchange(head_, {}).append(bytes);
    for (;;) {
      const auto step = read_head(bytes);
      if (step != Step::done) {
        head_ = bytes;
        return step_ = step;
      }
      if (!interim()) return read_body(bytes);
      begin();
    }
  }

  Step end(bool clean) {
    if (!message_->got_some()) return broken(text::words::ended_without_answer());
    if (!clean) return broken(text::words::broke_in_answer());
    if (!body_ || !body_->may_end_here()) return broken(text::words::ended_in_answer());
    return step_ = Step::done;
  }

  bool head_done() const { return message_->is_header_done(); }

  orders::HttpReply take_reply() {
    const auto& message = message_->get();
    return {.status = static_cast<int>(message.result_int()),
            .content_type = message[http::field::content_type],
            .retry_after = message[http::field::retry_after],
            .date = message[http::field::date],
            .age = message[http::field::age],
            .cache = cache_words(message),
            .flaw = flaw(),
            .body = body_ ? body_->take() : std::string(),
            .truncated = step_ != Step::done};
  }

  bool reusable() const {
    return step_ == Step::done && message_->keep_alive() && beyond_ == 0 && !spoils(message_->get().result_int());
  }

  std::optional<std::chrono::seconds> keep_alive() const {
    constexpr std::string_view kName = "timeout=";
    std::string_view rest = message_->get()["Keep-Alive"];
    for (; rest.size() > kName.size(); rest.remove_prefix(1)) {
      unsigned seconds = 0;
      if (!beast::iequals(rest.substr(0, kName.size()), kName)) continue;
      if (std::from_chars(rest.data() + kName.size(), rest.data() + rest.size(), seconds).ec == std::errc{})
        return std::chrono::seconds(seconds);
    }
    return std::nullopt;
  }

  const std::string& complaint() const { return complaint_; }

 private:
  void begin() {
    message_.emplace();
    message_->header_limit(kMostHeadBytes);
    message_->body_limit(boost::none);  // the body is ours to read, and to bound
    body_.reset();
  }

  /// Takes what it reads off the front of `bytes`.
  Step read_head(std::string_view& bytes) {
    if (bytes.empty()) return Step::need_more;
    boost::system::error_code error;
    bytes.remove_prefix(message_->put(asio::buffer(bytes), error));
    if (error == http::error::need_more) return Step::need_more;
    if (error) return broken(error.message());
    if (!message_->is_header_done()) return Step::need_more;
    body_.emplace(framing(), message_->content_length().value_or(0), limits_.body);
    return Step::done;
  }

  BodyReader::Framing framing() const {
    const unsigned status = message_->get().result_int();
    if (status / 100 == 1 || status == 204 || status == 304) return BodyReader::Framing::none;
    if (message_->chunked()) return BodyReader::Framing::chunked;
    return message_->content_length() ? BodyReader::Framing::counted : BodyReader::Framing::to_the_end;
  }

  Step read_body(std::string_view bytes) {
    switch (body_->feed(bytes)) {
      case BodyReader::Step::need_more:
        return step_ = Step::need_more;
      case BodyReader::Step::broken:
        return broken(body_->complaint());
      case BodyReader::Step::done:
        break;
    }
    beyond_ = bytes.size();
    return step_ = Step::done;
  }

  /// 101 ends HTTP on the connection, so it is an answer, if an unasked one.
  bool interim() const {
    const unsigned status = message_->get().result_int();
    return status / 100 == 1 && status != 101;
  }

  /// What may be why nothing can be made of it, for people.
  std::string flaw() const {
    if (!complaint_.empty()) return complaint_;
    const auto& message = message_->get();
    for (const auto field : {http::field::content_encoding, http::field::transfer_encoding}) {
      const std::string_view coding = message[field];
      if (compressed(coding) && !(field == http::field::transfer_encoding && beast::iequals(coding, "chunked"))) {
        return text::words::answer_compressed(std::string_view(http::to_string(field)),
                                              text::shown(coding, kShownHeader));
      }
    }
    if (beyond_ == 0) return {};
    return text::words::beyond_its_end(beyond_,
                                       message_->chunked() ? text::words::its_last_chunk() : text::words::its_length());
  }

  Step broken(std::string words) {
    complaint_ = std::move(words);
    return step_ = Step::broken;
  }

  AnswerLimits limits_;
  std::size_t came_ = 0;                                            ///< bytes, of every kind
  std::string head_;                                                ///< what was not read of a head
  std::optional<http::response_parser<http::empty_body>> message_;  ///< its head alone
  std::optional<BodyReader> body_;                                  ///< once the head is there
  std::size_t beyond_ = 0;                                          ///< bytes behind the answer
  Step step_ = Step::need_more;
  std::string complaint_;
};

AnswerParser::AnswerParser(AnswerLimits limits) : impl_(std::make_unique<Impl>(limits)) {}
AnswerParser::~AnswerParser() = default;
AnswerParser::Step AnswerParser::feed(std::string_view bytes) {
  return impl_->feed(bytes);
}
AnswerParser::Step AnswerParser::end(bool clean) {
  return impl_->end(clean);
}
bool AnswerParser::head_done() const {
  return impl_->head_done();
}
orders::HttpReply AnswerParser::take_reply() {
  return impl_->take_reply();
}
bool AnswerParser::reusable() const {
  return impl_->reusable();
}
std::optional<std::chrono::seconds> AnswerParser::keep_alive() const {
  return impl_->keep_alive();
}
const std::string& AnswerParser::complaint() const {
  return impl_->complaint();
}

}  // namespace sluice::adapters::upstream
