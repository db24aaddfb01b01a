#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <charconv>

#include "upstream/answer_parser.hpp"

namespace sluice::adapters::upstream {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

class AnswerParser::Impl {
 public:
  using Message = http::response_parser<http::string_body>;

  explicit Impl(std::size_t most_body_bytes) : most_body_bytes_(most_body_bytes) { begin(); }

  Step feed(std::string_view bytes) {
    buffer_.commit(asio::buffer_copy(buffer_.prepare(bytes.size()), asio::buffer(bytes)));
    while (buffer_.size() > 0) {
      boost::system::error_code error;
      buffer_.consume(message_->put(buffer_.data(), error));
      if (error == http::error::need_more) return step_ = Step::need_more;
      if (error) return broken(error.message());
      if (!message_->is_done()) continue;
      if (!interim()) return step_ = Step::done;
      begin();
    }
    return step_ = Step::need_more;
  }

  Step end(bool clean) {
    if (!message_->got_some()) return broken("the connection ended without an answer");
    if (!clean) return broken("the connection broke in the middle of the answer");
    boost::system::error_code error;
    message_->put_eof(error);
    return error ? broken("the connection ended in the middle of the answer") : step_ = Step::done;
  }

  bool head_done() const { return message_->is_header_done(); }

  orders::HttpReply take_reply() {
    auto& message = message_->get();
    return {.status = static_cast<int>(message.result_int()),
            .content_type = message[http::field::content_type],
            .retry_after = message[http::field::retry_after],
            .date = message[http::field::date],
            .body = std::move(message.body()),
            .truncated = step_ != Step::done};
  }

  bool reusable() const {
    return step_ == Step::done && message_->keep_alive() && buffer_.size() == 0 && message_->get().result_int() != 101;
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
    message_->eager(true);
    message_->header_limit(kMostHeadBytes);
    message_->body_limit(most_body_bytes_);
  }

  /// 101 ends HTTP on the connection, so it is an answer, if an unasked one.
  bool interim() const {
    const unsigned status = message_->get().result_int();
    return status / 100 == 1 && status != 101;
  }

  Step broken(std::string words) {
    complaint_ = std::move(words);
    return step_ = Step::broken;
  }

  std::size_t most_body_bytes_;
  beast::flat_buffer buffer_;
  std::optional<Message> message_;
  Step step_ = Step::need_more;
  std::string complaint_;
};

AnswerParser::AnswerParser(std::size_t most_body_bytes) : impl_(std::make_unique<Impl>(most_body_bytes)) {}
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
