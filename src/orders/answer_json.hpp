#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::orders {

/// What is read of an answer's JSON: the members of its root, and what is wanted of the rows of its `data` (an array,
/// or an object whose first array they are), each value as text. Nothing else of the document is kept. Names are found
/// in any case; the exact spelling is preferred, and of repeated ones the last.
class AnswerJson {
 public:
  struct Value {
    std::string_view text;  ///< a string as it is, an integer as digits, anything else as JSON
    bool there = false;
    bool null = false;

    /// nullopt: not there, or null.
    std::optional<std::string_view> said() const { return there && !null ? std::optional(text) : std::nullopt; }
  };
  struct Member {
    std::string_view name;
    Value value;
  };
  /// Of a row what is wanted, in the order in which it was asked for; lives as long as the AnswerJson.
  using Row = std::span<const Value>;

  /// Of well-formed UTF-8; nullopt: it is no JSON. Holds views of the text, which must outlive it. `wanted`: names of
  /// the rows' members.
  static std::optional<AnswerJson> parse(std::string_view utf8, std::span<const std::string_view> wanted);

  bool is_object() const { return is_object_; }
  Value root(std::string_view name) const;
  /// Whether `data` holds anything at all.
  bool has_data() const { return has_data_; }
  std::size_t rows() const { return rows_.size(); }
  /// nullopt: an element that is no object.
  std::optional<Row> row(std::size_t i) const;

 private:
  friend class AnswerReader;
  static constexpr std::size_t kNoObject = SIZE_MAX;

  std::size_t wanted_ = 0;  ///< how many
  std::vector<Member> root_;
  std::vector<std::size_t> rows_;    ///< where its values begin, or kNoObject
  std::vector<Value> values_;        ///< of all rows
  std::deque<std::string> written_;  ///< what doesn't stand in the text as it is meant
  bool is_object_ = false;
  bool has_data_ = false;
};

}  // namespace sluice::orders
