#include "answer_json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace sluice::orders {

namespace {

namespace json = boost::json;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_in_any_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

/// The code unit that a JSON escape at the beginning of `text` stands for; nullopt: no such escape.
std::optional<unsigned> escaped_unit(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
  unsigned unit = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
  if (error != std::errc{} || end != text.data() + 6) return std::nullopt;
  return unit;
}

/// Escapes that are half a character (\ud800 without its other half) become that of U+FFFD: Boost.JSON takes no half.
std::string with_whole_characters(std::string_view json) {
  std::string whole;
  while (!json.empty()) {
    const auto unit = escaped_unit(json);
    const bool first = unit && *unit >= 0xD800 && *unit < 0xDC00;
    const bool second = unit && *unit >= 0xDC00 && *unit < 0xE000;
    const auto next = first ? escaped_unit(json.substr(6)) : std::nullopt;
    const bool pair = next && *next >= 0xDC00 && *next < 0xE000;
    const std::size_t taken = std::min<std::size_t>(pair ? 12 : unit ? 6 : json.front() == '\\' ? 2 : 1, json.size());
    whole += (first && !pair) || second ? "\\uFFFD" : json.substr(0, taken);
    json.remove_prefix(taken);
  }
  return whole;
}

std::string text_of(double number) {
  constexpr double kExact = 9007199254740992;  // 2^53
  if (std::abs(number) < kExact && std::trunc(number) == number)
    return std::to_string(static_cast<std::int64_t>(number));
  return json::serialize(json::value(number));
}

}  // namespace

/// Takes the parser's events, and keeps of them what AnswerJson has.
class AnswerHandler {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;
  using Code = json::error_code;

  explicit AnswerHandler(std::size_t size) { out_.text_.reserve(size); }
  AnswerJson take() { return std::move(out_); }

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return open('{'); }
  bool on_object_end(std::size_t n, Code&) { return close('}', n); }
  bool on_array_begin(Code&) { return open('['); }
  bool on_array_end(std::size_t n, Code&) { return close(']', n); }
  bool on_key_part(json::string_view part, std::size_t, Code&) { return add(part); }
  bool on_key(json::string_view last, std::size_t, Code&) { return key(whole(last)); }
  bool on_string_part(json::string_view part, std::size_t, Code&) { return add(part); }
  bool on_string(json::string_view last, std::size_t, Code&) { return scalar(Kind::string, whole(last)); }
  bool on_number_part(json::string_view, Code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, Code&) { return scalar(Kind::other, std::to_string(number)); }
  bool on_uint64(std::uint64_t number, json::string_view, Code&) { return scalar(Kind::other, std::to_string(number)); }
  bool on_double(double number, json::string_view, Code&) {
    return scalar(Kind::other, nested_at_ == 0 ? text_of(number) : json::serialize(json::value(number)));
  }
  bool on_bool(bool yes, Code&) { return scalar(Kind::other, yes ? "true" : "false"); }
  bool on_null(Code&) { return scalar(Kind::null, "null"); }
  bool on_comment_part(json::string_view, Code&) { return true; }
  bool on_comment(json::string_view, Code&) { return true; }

 private:
  enum class Kind : std::uint8_t { string, null, other };

  /// Strings and keys come in parts where they hold escapes.
  bool add(json::string_view part) {
    parts_.append(part.data(), part.size());
    return true;
  }
  std::string_view whole(json::string_view last) {
    if (parts_.empty()) return {last.data(), last.size()};
    whole_ = std::exchange(parts_, {}).append(last.data(), last.size());
    return whole_;
  }

  bool in_row() const { return rows_at_ != 0 && depth_ == rows_at_ + 1 && out_.rows_.back().is_object; }

  bool key(std::string_view name) {
    if (nested_at_ != 0) {
      put_nested(Kind::string, name);
      out_.text_ += ':';
    } else if (depth_ == 1 && same_in_any_case(name, "data")) {
      begin_data(name);
    } else if (depth_ == 1 || in_row()) {
      const auto at = static_cast<std::uint32_t>(out_.text_.size());
      out_.text_ += name;
      open_ = &(depth_ == 1 ? out_.root_ : out_.members_);
      open_->push_back({.name = at, .value = static_cast<std::uint32_t>(out_.text_.size()), .end = 0});
    }
    return true;
  }

  void begin_data(std::string_view name) {
    data_next_ = name == "data" || data_name_.empty() || name == data_name_;
    if (!data_next_) return;
    data_name_ = name;
    out_.rows_.clear();
    out_.members_.clear();
    out_.has_data_ = false;
  }

  bool open(char bracket) {
    ++depth_;
    if (nested_at_ != 0 || open_) {
      if (nested_at_ == 0)
        nested_at_ = depth_;
      else
        put_comma();
      out_.text_ += bracket;
    } else if (depth_ == 1) {
      out_.is_object_ = bracket == '{';
    } else if (depth_ == 2 && data_next_) {
      in_data_ = true;
      if (bracket == '[') rows_at_ = depth_;
    } else if (depth_ == 3 && in_data_ && rows_at_ == 0 && bracket == '[' && !had_rows_) {
      rows_at_ = depth_;
    } else if (rows_at_ != 0 && depth_ == rows_at_ + 1) {
      begin_row(bracket == '{');
    }
    return true;
  }

  void begin_row(bool is_object) {
    const auto first = static_cast<std::uint32_t>(out_.members_.size());
    out_.rows_.push_back({.first = first, .count = 0, .is_object = is_object});
  }

  bool close(char bracket, std::size_t count) {
    if (nested_at_ != 0) {
      out_.text_ += bracket;
      if (nested_at_ == depth_) end_member(false);
    } else if (in_row()) {
      auto& row = out_.rows_.back();
      row.count = static_cast<std::uint32_t>(out_.members_.size()) - row.first;
    }
    if (rows_at_ == depth_) {
      rows_at_ = 0;
      had_rows_ = true;
    }
    if (depth_ == 2 && in_data_) {
      out_.has_data_ = count > 0;
      in_data_ = data_next_ = had_rows_ = false;
    }
    --depth_;
    return true;
  }

  bool scalar(Kind kind, std::string_view text) {
    if (nested_at_ != 0) {
      put_nested(kind, text);
    } else if (open_) {
      out_.text_ += text;
      end_member(kind == Kind::null);
    } else if (rows_at_ != 0 && depth_ == rows_at_) {
      begin_row(false);
    } else if (depth_ == 1 && data_next_) {
      out_.has_data_ = kind == Kind::string ? !text.empty() : kind != Kind::null;
      data_next_ = false;
    }
    return true;
  }

  void end_member(bool null) {
    open_->back().end = static_cast<std::uint32_t>(out_.text_.size());
    open_->back().null = null;
    open_ = nullptr;
    nested_at_ = 0;
  }

  /// Within an object or array that is a member's value.
  void put_comma() {
    if (!std::string_view("[{:").contains(out_.text_.back())) out_.text_ += ',';
  }
  void put_nested(Kind kind, std::string_view text) {
    put_comma();
    out_.text_ +=
        kind == Kind::string ? json::serialize(json::string_view(text.data(), text.size())) : std::string(text);
  }

  AnswerJson out_;
  std::string parts_;
  std::string whole_;
  std::string data_name_;                            ///< as it was spelled; empty: not met yet
  int depth_ = 0;                                    ///< containers that are open
  int rows_at_ = 0;                                  ///< depth of the array of rows while it is open
  int nested_at_ = 0;                                ///< depth of a member's value that is no scalar, while it is open
  std::vector<AnswerJson::Member>* open_ = nullptr;  ///< its last member waits for its value
  bool data_next_ = false;
  bool in_data_ = false;
  bool had_rows_ = false;
};

std::optional<AnswerJson> AnswerJson::parse(std::string_view utf8) {
  const auto read = [](std::string_view text) -> std::optional<AnswerJson> {
    json::basic_parser<AnswerHandler> parser(json::parse_options{}, text.size());
    json::error_code error;
    const std::size_t end = parser.write_some(false, text.data(), text.size(), error);
    if (error || end != text.size()) return std::nullopt;
    return parser.handler().take();
  };
  auto found = read(utf8);
  return found ? std::move(found) : read(with_whole_characters(utf8));
}

const AnswerJson::Member* AnswerJson::Object::find(std::string_view name) const {
  const auto last = [this](std::string_view spelled) {
    return std::ranges::find(members_.rbegin(), members_.rend(), spelled,
                             [this](const Member& m) { return name_of(m); });
  };
  if (const auto exact = last(name); exact != members_.rend()) return &*exact;
  const auto other =
      std::ranges::find_if(members_, [&](const Member& m) { return same_in_any_case(name_of(m), name); });
  return other == members_.end() ? nullptr : &*last(name_of(*other));
}

std::optional<std::string_view> AnswerJson::Object::text(std::string_view name) const {
  const Member* member = find(name);
  if (!member || member->null) return std::nullopt;
  return text_.substr(member->value, member->end - member->value);
}

std::optional<AnswerJson::Object> AnswerJson::row(std::size_t i) const {
  const Row& row = rows_[i];
  if (!row.is_object) return std::nullopt;
  return Object(text_, std::span(members_).subspan(row.first, row.count));
}

}  // namespace sluice::orders
