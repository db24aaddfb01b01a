#include "answer_json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include "json_scan.hpp"

namespace sluice::orders {

namespace {

namespace json = boost::json;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_in_any_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

/// An integer that is written as it is shown: so are nearly all.
bool is_plain_integer(std::string_view number) {
  constexpr std::size_t kSurelyFits = 18;  // digits, in 64 bits
  if (number == "0") return true;
  if (number.starts_with('-')) number.remove_prefix(1);
  return !number.empty() && number.size() <= kSurelyFits && number[0] != '0' &&
         std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
}

std::string text_of(const json::value& value) {
  constexpr double kExact = 9007199254740992;  // 2^53
  const double* real = value.if_double();
  if (real && std::abs(*real) < kExact && std::trunc(*real) == *real)
    return std::to_string(static_cast<std::int64_t>(*real));
  return json::serialize(value);
}

}  // namespace

/// Reads a document for what AnswerJson keeps of it.
class AnswerReader {
 public:
  explicit AnswerReader(std::string_view utf8) : scan_(utf8) {}

  std::optional<AnswerJson> read() {
    std::string_view ignored;
    out_.is_object_ = scan_.next() == '{';
    const bool read = out_.is_object_ ? scan_.items('{', '}', [this] { return root_member(); }) : scan_.value(ignored);
    if (!read || !scan_.at_end()) return std::nullopt;
    return std::move(out_);
  }

 private:
  bool root_member() {
    JsonScan::String name;
    if (!scan_.string(name) || !scan_.take(':')) return false;
    const auto meant = keep(name);
    if (same_in_any_case(meant, "data")) return data(meant);
    return value_of(out_.root_.emplace_back(AnswerJson::Member{.name = meant, .value = {}}));
  }

  /// Of several in different cases the one that is spelled `data` counts, else the first spelling; and of that the
  /// last.
  bool data(std::string_view name) {
    std::string_view whole;
    if (name != "data" && !data_name_.empty() && name != data_name_) return scan_.value(whole);
    data_name_ = name;
    constexpr std::size_t kRows = 64;  // as many as most answers have, so that nothing grows row by row
    constexpr std::size_t kMembers = 8;
    out_.rows_.clear();
    out_.rows_.reserve(kRows);
    out_.members_.clear();
    out_.members_.reserve(kRows * kMembers);
    bool any = false;
    bool read = false;
    bool had_rows = false;
    if (scan_.next() == '[') {
      read = rows();
      any = !out_.rows_.empty();
    } else if (scan_.next() == '{') {
      read = scan_.items('{', '}', [&] {
        JsonScan::String member;
        any = true;
        if (!scan_.string(member) || !scan_.take(':')) return false;
        if (scan_.next() != '[' || std::exchange(had_rows, true)) return scan_.value(whole);
        return rows();
      });
    } else {
      read = scan_.value(whole);
      any = whole != "null" && whole != "\"\"";
    }
    out_.has_data_ = any;
    return read;
  }

  bool rows() {
    return scan_.items('[', ']', [this] {
      std::string_view whole;
      const bool is_object = scan_.next() == '{';
      const auto first = static_cast<std::uint32_t>(out_.members_.size());
      as_before_ = true;
      if (!(is_object ? scan_.items('{', '}', [&] { return row_member(first); }) : scan_.value(whole))) return false;
      const auto count = static_cast<std::uint32_t>(out_.members_.size()) - first;
      out_.rows_.push_back({.first = first, .count = count, .shape = shape_of(count), .is_object = is_object});
      return true;
    });
  }

  bool row_member(std::uint32_t first) {
    auto& member = out_.members_.emplace_back();
    // Nearly always spelled as in the row before, blanks included: then a look at all of it at once tells the name.
    const auto* before = one_before(out_.members_.size() - 1 - first);
    if (before && scan_.same(before->lead)) {
      member.name = before->name;
      member.lead = before->lead;
      return value_of(member);
    }
    as_before_ = false;
    const auto* begin = scan_.at();
    JsonScan::String name;
    if (!scan_.string(name) || !scan_.take(':')) return false;
    member.name = keep(name);
    member.lead = scan_.since(begin);
    return value_of(member);
  }

  /// The member that the row before has at this place.
  const AnswerJson::Member* one_before(std::size_t place) const {
    if (out_.rows_.empty() || place >= out_.rows_.back().count) return nullptr;
    return &out_.members_[out_.rows_.back().first + place];
  }

  std::uint32_t shape_of(std::uint32_t count) const {
    if (out_.rows_.empty()) return 0;
    const auto& before = out_.rows_.back();
    return before.shape + (as_before_ && count == before.count ? 0 : 1);
  }

  bool value_of(AnswerJson::Member& member) {
    if (scan_.next() == '"') {
      JsonScan::String string;
      const bool read = scan_.string(string);
      if (read) member.value = keep(string);
      return read;
    }
    if (!scan_.value(member.value)) return false;
    member.null = member.value == "null";
    if (member.null || member.value == "true" || member.value == "false" || is_plain_integer(member.value)) return true;
    return write_anew(member.value);
  }

  /// A number that is no plain integer, or what is no scalar: as JSON without blanks.
  bool write_anew(std::string_view& value) {
    json::error_code error;
    const auto read = json::parse({value.data(), value.size()}, error);
    if (!error) value = out_.written_.emplace_back(text_of(read));
    return !error;
  }

  std::string_view keep(JsonScan::String string) {
    if (!string.escaped) return string.text;
    return out_.written_.emplace_back(unescaped(string.text));
  }

  JsonScan scan_;
  AnswerJson out_;
  std::string_view data_name_;  ///< as it was spelled; empty: not met yet
  bool as_before_ = true;       ///< the names of the row being read are those of the row before, so far
};

std::optional<AnswerJson> AnswerJson::parse(std::string_view utf8) {
  return AnswerReader(utf8).read();
}

std::optional<std::size_t> AnswerJson::Object::place(std::string_view name) const {
  const auto last = [this](std::string_view spelled) {
    return std::ranges::find(members_.rbegin(), members_.rend(), spelled, &Member::name);
  };
  const auto index = [this](auto found) { return static_cast<std::size_t>(members_.rend() - found) - 1; };
  if (const auto exact = last(name); exact != members_.rend()) return index(exact);
  const auto other =
      std::ranges::find_if(members_, [&](const Member& member) { return same_in_any_case(member.name, name); });
  if (other == members_.end()) return std::nullopt;
  return index(last(other->name));
}

std::optional<std::string_view> AnswerJson::Object::text_at(std::optional<std::size_t> place) const {
  if (!place || members_[*place].null) return std::nullopt;
  return members_[*place].value;
}

std::optional<AnswerJson::Object> AnswerJson::row(std::size_t i) const {
  const Row& row = rows_[i];
  if (!row.is_object) return std::nullopt;
  return Object(std::span(members_).subspan(row.first, row.count), row.shape);
}

}  // namespace sluice::orders
