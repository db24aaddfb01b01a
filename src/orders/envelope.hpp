#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "answer_json.hpp"

namespace sluice::orders {

/// An answer's body, read tolerantly: strict UTF-8 else GB18030, keys in any case, code as string or integer, data as
/// an array or as an object whose first array is it.
class Envelope {
 public:
  using Row = AnswerJson::Row;

  /// Holds views of the body, which must outlive it. `wanted`: of its rows.
  static Envelope read(std::string_view body, std::span<const std::string_view> wanted);

  bool is_json() const { return json_.has_value(); }
  bool looks_like_html() const { return html_; }
  std::optional<int> code() const { return code_; }
  const std::string& message() const { return message_; }
  bool is_text() const { return text_; }  ///< the body is UTF-8 or GB18030
  /// Whether `data` holds anything at all.
  bool has_data() const { return json_ && json_->has_data(); }
  std::size_t rows() const { return json_ ? json_->rows() : 0; }
  /// nullopt: an element that is no object. Lives as long as the envelope.
  std::optional<Row> row(std::size_t i) const { return json_->row(i); }

 private:
  std::unique_ptr<const std::string> decoded_;  ///< the body, unless it is UTF-8
  std::optional<AnswerJson> json_;              ///< only an object
  bool html_ = false;
  bool text_ = false;
  std::optional<int> code_;
  std::string message_;
};

/// A decimal integer and nothing else, white space around it aside.
std::optional<int> integer_of(std::string_view text);

}  // namespace sluice::orders
