#include "answer_json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "json_scan.hpp"
#include "sluice/base/check.hpp"

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

/// The member of this name; nullopt: none.
std::optional<std::size_t> place(std::span<const AnswerJson::Member> members, std::string_view name) {
  const auto last = [&](std::string_view spelled) {
    return std::ranges::find(members.rbegin(), members.rend(), spelled, &AnswerJson::Member::name);
  };
  const auto index = [&](auto found) { return static_cast<std::size_t>(members.rend() - found) - 1; };
  if (const auto exact = last(name); exact != members.rend()) return index(exact);
  const auto other =
      std::ranges::find_if(members, [&](const auto& member) { return same_in_any_case(member.name, name); });
  if (other == members.end()) return std::nullopt;
  return index(last(other->name));
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
  AnswerReader(std::string_view utf8, std::span<const std::string_view> wanted) : scan_(utf8), wanted_(wanted) {
    SLUICE_CHECK(wanted.size() <= 64, "what is wanted of a row has a bit each");
    out_.wanted_ = wanted.size();
    constexpr std::size_t kMembers = 16;  // more than most rows have
    members_.reserve(kMembers);
    lies_.reserve(kMembers);
    model_values_.reserve(wanted.size());
  }

  std::optional<AnswerJson> read() {
    std::string_view ignored;
    out_.is_object_ = scan_.next() == '{';
    const bool read = out_.is_object_ ? scan_.items('{', '}', [this] { return root_member(); }) : scan_.value(ignored);
    if (!read || !scan_.at_end()) return std::nullopt;
    return std::move(out_);
  }

 private:
  using Value = AnswerJson::Value;

  bool root_member() {
    std::string_view name;
    if (!name_of(name)) return false;
    if (same_in_any_case(name, "data")) return data(name);
    return value_of(out_.root_.emplace_back(AnswerJson::Member{.name = name, .value = {}}).value);
  }

  /// Of several in different cases the one that is spelled `data` counts, else the first spelling; and of that the
  /// last.
  bool data(std::string_view name) {
    std::string_view whole;
    if (name != "data" && !data_name_.empty() && name != data_name_) return scan_.value(whole);
    data_name_ = name;
    constexpr std::size_t kRows = 64;  // as many as most answers have, so that nothing grows row by row
    out_.rows_.clear();
    out_.rows_.reserve(kRows);
    out_.values_.clear();
    out_.values_.reserve(kRows * wanted_.size());
    model_ = {};
    bool any = false;
    bool read = false;
    bool had_rows = false;
    if (scan_.next() == '[') {
      read = rows();
      any = !out_.rows_.empty();
    } else if (scan_.next() == '{') {
      read = scan_.items('{', '}', [&] {
        std::string_view member;
        any = true;
        if (!name_of(member)) return false;
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
      out_.rows_.push_back(is_object ? out_.values_.size() : AnswerJson::kNoObject);
      return is_object ? like_model() || row() : scan_.value(whole);
    });
  }

  /// A row member by member. It becomes the model of those that follow.
  bool row() {
    const auto* begin = scan_.at();
    members_.clear();
    lies_.clear();
    if (!scan_.items('{', '}', [&] { return row_member(begin); })) return false;
    model_ = scan_.since(begin);
    model_values_.clear();
    for (std::size_t w = 0; w < wanted_.size(); ++w) {
      const auto found = place(members_, wanted_[w]);
      if (found) lies_[*found].wanted |= std::uint64_t{1} << w;
      model_values_.push_back(found ? members_[*found].value : Value{});
    }
    out_.values_.insert(out_.values_.end(), model_values_.begin(), model_values_.end());
    return true;
  }

  bool row_member(const char* row) {
    auto& member = members_.emplace_back();
    if (!name_of(member.name)) return false;
    const auto begin = static_cast<std::size_t>(scan_.at() - row);
    const bool read = value_of(member.value);
    lies_.push_back({.begin = begin, .end = scan_.since(row).size()});
    return read;
  }

  /// A row that differs from the model in nothing but some values, as nearly all do: only these are looked at. False:
  /// it differs otherwise; nothing is taken.
  bool like_model() {
    if (model_.empty()) return false;
    const auto before = scan_;
    const auto first = out_.values_.size();
    out_.values_.insert(out_.values_.end(), model_values_.begin(), model_values_.end());
    if (other_values(std::span(out_.values_).subspan(first))) return true;
    out_.values_.resize(first);
    scan_ = before;
    return false;
  }

  bool other_values(std::span<Value> values) {
    std::size_t at = 0;  // of the model, as far as it was compared
    for (std::size_t i = 0;; ++i) {
      const auto same = at + scan_.same(model_.substr(at));
      if (same == model_.size()) {
        scan_.skip(same - at);
        return true;
      }
      // A number may go on where the model's has ended.
      while (i < lies_.size() && lies_[i].end < same) ++i;
      if (i == lies_.size() || same < lies_[i].begin) return false;
      scan_.skip(lies_[i].begin - at);
      at = lies_[i].end;
      Value value;
      if (scan_.next() == '{' || scan_.next() == '[' || !value_of(value)) return false;
      for (auto wanted = lies_[i].wanted; wanted != 0; wanted &= wanted - 1)
        values[static_cast<std::size_t>(std::countr_zero(wanted))] = value;
    }
  }

  /// With its colon.
  bool name_of(std::string_view& out) {
    JsonScan::String name;
    if (!scan_.string(name) || !scan_.take(':')) return false;
    out = keep(name);
    return true;
  }

  bool value_of(Value& value) {
    value.there = true;
    if (scan_.next() == '"') {
      JsonScan::String string;
      const bool read = scan_.string(string);
      if (read) value.text = keep(string);
      return read;
    }
    return other_value(value);
  }

  [[gnu::noinline]] bool other_value(Value& value) {
    if (!scan_.value(value.text)) return false;
    value.null = value.text == "null";
    if (value.null || value.text == "true" || value.text == "false" || is_plain_integer(value.text)) return true;
    return write_anew(value.text);
  }

  /// A number that is no plain integer, or what is no scalar: as JSON without blanks.
  bool write_anew(std::string_view& value) {
    json::error_code error;
    const auto read = json::parse({value.data(), value.size()}, error);
    if (!error) value = out_.written_.emplace_back(text_of(read));
    return !error;
  }

  std::string_view keep(const JsonScan::String& string) {
    return string.escaped ? keep_unescaped(string.text) : string.text;
  }
  [[gnu::noinline]] std::string_view keep_unescaped(std::string_view text) {
    return out_.written_.emplace_back(unescaped(text));
  }

  /// Where a member's value lies in its row.
  struct Lies {
    std::size_t begin;
    std::size_t end;
    std::uint64_t wanted = 0;  ///< a bit for each of which it is the value
  };

  JsonScan scan_;
  std::span<const std::string_view> wanted_;
  AnswerJson out_;
  std::string_view data_name_;  ///< as it was spelled; empty: not met yet
  std::string_view model_;      ///< a row of which nothing but values was other in those that followed; empty: none
  std::vector<AnswerJson::Member> members_;  ///< of the model
  std::vector<Lies> lies_;                   ///< by member
  std::vector<Value> model_values_;          ///< by what is wanted
};

std::optional<AnswerJson> AnswerJson::parse(std::string_view utf8, std::span<const std::string_view> wanted) {
  return AnswerReader(utf8, wanted).read();
}

AnswerJson::Value AnswerJson::root(std::string_view name) const {
  const auto found = place(root_, name);
  return found ? root_[*found].value : Value{};
}

std::optional<AnswerJson::Row> AnswerJson::row(std::size_t i) const {
  if (rows_[i] == kNoObject) return std::nullopt;
  return std::span(values_).subspan(rows_[i], wanted_);
}

}  // namespace sluice::orders
