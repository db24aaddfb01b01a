#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::orders {

/// An answer's body, read tolerantly: strict UTF-8 else GB18030, keys in any case, code as string or integer, data as
/// an array or as an object whose first array is it.
class Envelope {
 public:
  static Envelope read(const std::string& body);

  bool is_json() const { return json_; }
  bool looks_like_html() const { return html_; }
  std::optional<int> code() const { return code_; }
  const std::string& message() const { return message_; }
  bool is_text() const { return text_; }  ///< the body is UTF-8 or GB18030
  /// Whether `data` holds anything at all.
  bool has_data() const;
  /// The rows, in order; they live as long as the envelope.
  std::vector<const boost::json::object*> rows() const;

 private:
  boost::json::value root_;
  bool json_ = false;
  bool html_ = false;
  bool text_ = false;
  std::optional<int> code_;
  std::string message_;
};

/// A member by its name in any case; the exact spelling is preferred. nullptr: none.
const boost::json::value* member(const boost::json::object& object, std::string_view name);

/// A string as it is, an integer as digits, anything else as JSON; nullopt: null.
std::optional<std::string> text_of(const boost::json::value& value);
/// The same of a member; nullopt: not there, or null.
std::optional<std::string> text_of(const boost::json::object& object, std::string_view name);

/// A decimal integer and nothing else, white space around it aside.
std::optional<int> integer_of(std::string_view text);

}  // namespace sluice::orders
