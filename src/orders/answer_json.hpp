#pragma once

#include <cstdint>
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
  /// A member of the text: its name, and behind it its value.
  struct Member {
    std::uint32_t name;
    std::uint32_t value;
    std::uint32_t end;
    bool null = false;
  };

  /// An object's members; lives as long as the AnswerJson, and while that is not moved.
  class Object {
   public:
    Object(std::string_view text, std::span<const Member> members) : text_(text), members_(members) {}
    /// A string as it is, an integer as digits, anything else as JSON; nullopt: not there, or null.
    std::optional<std::string_view> text(std::string_view name) const;
    bool has(std::string_view name) const { return find(name) != nullptr; }

   private:
    const Member* find(std::string_view name) const;
    std::string_view name_of(const Member& member) const {
      return text_.substr(member.name, member.value - member.name);
    }

    std::string_view text_;
    std::span<const Member> members_;
  };

  /// nullopt: it is no JSON.
  static std::optional<AnswerJson> parse(std::string_view utf8);

  bool is_object() const { return is_object_; }
  Object root() const { return {text_, root_}; }
  /// Whether `data` holds anything at all.
  bool has_data() const { return has_data_; }
  std::size_t rows() const { return rows_.size(); }
  /// nullopt: an element that is no object.
  std::optional<Object> row(std::size_t i) const;

 private:
  friend class AnswerHandler;
  struct Row {
    std::uint32_t first;  ///< of its members, in members_
    std::uint32_t count;
    bool is_object;
  };

  std::string text_;
  std::vector<Member> root_;
  std::vector<Member> members_;
  std::vector<Row> rows_;
  bool is_object_ = false;
  bool has_data_ = false;
};

}  // namespace sluice::orders
