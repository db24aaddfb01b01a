#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::orders {

/// What is read of an answer's JSON: the members of its root, and the rows of its `data` (an array, or an object whose
/// first array they are), each value as text. Nothing else of the document is kept. Names are found in any case; the
/// exact spelling is preferred, and of repeated ones the last.
class AnswerJson {
 public:
  struct Member {
    std::string_view name;
    std::string_view value;
    bool null = false;
    std::string_view lead = {};  ///< of a row's: what stands before the value, from the name's first quote on
  };

  /// An object's members; lives as long as the AnswerJson.
  class Object {
   public:
    Object(std::span<const Member> members, std::uint32_t shape) : members_(members), shape_(shape) {}
    /// A string as it is, an integer as digits, anything else as JSON; nullopt: not there, or null.
    std::optional<std::string_view> text(std::string_view name) const { return text_at(place(name)); }
    bool has(std::string_view name) const { return place(name).has_value(); }

    /// The same in two steps. Rows of one shape have each name at the same place.
    std::uint32_t shape() const { return shape_; }
    std::optional<std::size_t> place(std::string_view name) const;
    std::optional<std::string_view> text_at(std::optional<std::size_t> place) const;

   private:
    std::span<const Member> members_;
    std::uint32_t shape_;
  };

  /// Of well-formed UTF-8; nullopt: it is no JSON. Holds views of the text, which must outlive it.
  static std::optional<AnswerJson> parse(std::string_view utf8);

  bool is_object() const { return is_object_; }
  Object root() const { return {root_, 0}; }
  /// Whether `data` holds anything at all.
  bool has_data() const { return has_data_; }
  std::size_t rows() const { return rows_.size(); }
  /// nullopt: an element that is no object.
  std::optional<Object> row(std::size_t i) const;

 private:
  friend class AnswerReader;
  struct Row {
    std::uint32_t first;  ///< of its members, in members_
    std::uint32_t count;
    std::uint32_t shape;
    bool is_object;
  };

  std::vector<Member> root_;
  std::vector<Member> members_;
  std::vector<Row> rows_;
  std::deque<std::string> written_;  ///< what doesn't stand in the text as it is meant
  bool is_object_ = false;
  bool has_data_ = false;
};

}  // namespace sluice::orders
