#pragma once

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/orders/order.hpp"

namespace sluice::orders {

/// An instant by its UTC+8 clock.
inline WallTime at(int y, unsigned m, unsigned d, int hour = 12, int minute = 0, int second = 0) {
  using namespace std::chrono;
  return sys_days{year{y} / month{m} / day{d}} + hours{hour} + minutes{minute} + seconds{second} - kApiOffset;
}

inline const WallTime kNow = at(2024, 1, 15);

inline const std::vector<std::string> kCreateHeader = {"douyinId",     "source",  "uid",     "province",
                                                       "endMonthTime", "isRenew", "nickname"};
inline const std::vector<std::string> kModifyHeader = {"newUid", "executeTime", "orderId",
                                                       "oldUid", "newDouyinId", "newNickname"};

/// A row by column; each cell starts out good and can be changed.
class Row {
 public:
  static Row create() { return {kCreateHeader, {"abc", "联通", "94", "粤", "2024-03", "false", "Zhong Yong"}}; }
  static Row modify() {
    return {kModifyHeader, {"76304453594", "2024-01-20", "17872308245801546", "72589073778", "yan158hi5380", "新人"}};
  }

  Row with(std::string_view column, std::string_view text, ValueKind kind = ValueKind::text) const {
    Row other = *this;
    for (std::size_t c = 0; c < names_.size(); ++c) {
      if (names_[c] != column) continue;
      other.texts_[c] = text;
      other.kinds_[c] = kind;
    }
    return other;
  }
  Row plus(std::string_view text) const {
    Row other = *this;
    other.texts_.emplace_back(text);
    other.kinds_.push_back(ValueKind::text);
    return other;
  }
  Row cut(std::size_t cells) const {
    Row other = *this;
    other.texts_.resize(cells);
    other.kinds_.resize(cells);
    return other;
  }

  Mapping mapping() const { return map_columns(names_, {}).value(); }
  std::vector<Value> values() const {
    std::vector<Value> values;
    for (std::size_t c = 0; c < texts_.size(); ++c) values.push_back({texts_[c], kinds_[c]});
    return values;
  }
  auto judged(WallTime now = kNow, const DamagedColumns* damaged = nullptr) const {
    return judge(mapping(), values(), {.now = now, .damaged = damaged});
  }
  Order order() const { return judged().value().order; }
  /// The canonical value of a column; "-" where there is none; the words where the row is invalid.
  std::string value(std::string_view column, WallTime now = kNow) const {
    const auto judged_row = judged(now);
    if (!judged_row) return text::say_all(text::Lang::en, judged_row.error());
    const auto fields = service(judged_row->order.service()).fields;
    for (std::size_t f = 0; f < fields.size(); ++f)
      if (fields[f].name == column) return std::string(judged_row->order.value(f).value_or("-"));
    return "no such column";
  }

 private:
  Row(std::vector<std::string> names, std::vector<std::string> texts)
      : names_(std::move(names)), texts_(std::move(texts)), kinds_(texts_.size(), ValueKind::text) {}

  std::vector<std::string> names_;
  std::vector<std::string> texts_;
  std::vector<ValueKind> kinds_;
};

/// The first of a row's faults.
inline std::optional<text::Word> word(const std::expected<Judged, Faults>& judged) {
  return judged ? std::nullopt : std::optional(judged.error().front().word);
}

inline std::vector<text::Word> warnings(const Row& row) {
  std::vector<text::Word> words;
  for (const auto& message : row.judged().value().warnings) words.push_back(message.word);
  return words;
}

}  // namespace sluice::orders
