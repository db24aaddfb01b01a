#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/orders/answer.hpp"
#include "upstream/limits.hpp"

namespace sluice::adapters::upstream {

/// Reads one HTTP/1.1 answer out of bytes as they come, without any I/O (RFC 9112): interim answers are skipped, bodies
/// may be chunked, counted or end with the connection. Every byte that comes counts against one limit, be it of a head,
/// an interim answer, a chunk's extension, a trailer or the body.
class AnswerParser {
 public:
  enum class Step {
    need_more,
    done,
    broken,  ///< not HTTP, cut, or over a cap; see head_done() and complaint()
  };

  explicit AnswerParser(AnswerLimits limits = {});
  ~AnswerParser();
  AnswerParser(const AnswerParser&) = delete;
  AnswerParser& operator=(const AnswerParser&) = delete;

  /// Any number of bytes. After done or broken, nothing more.
  Step feed(std::string_view bytes);
  /// The connection ended, properly (`clean`) or not.
  Step end(bool clean);

  /// Whether there is an answer to speak of: status and headers, at least.
  bool head_done() const;
  /// What came, `truncated` unless it is done. Once; only when head_done().
  orders::HttpReply take_reply();
  /// Done, and the connection may carry another request: the peer keeps it open, and sent nothing behind the answer.
  bool reusable() const;
  /// Keep-Alive: timeout=N, if the peer said so.
  std::optional<std::chrono::seconds> keep_alive() const;
  /// What is wrong with it, for people.
  const std::string& complaint() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::adapters::upstream
