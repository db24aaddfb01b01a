#include "pairing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "sluice/text/normal.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/upstream.hpp"

namespace sluice::orders {

namespace {

using Row = Envelope::Row;

constexpr std::size_t kShown = 64;  // code points of a value that goes into a result column

/// Where what is wanted of a row stands in it: wanted_of_rows().
enum At : std::uint8_t { kStatus, kOrderId, kStartTime, kEndTime, kKeys };

std::string_view said(const Row& row, At at) {
  return row[at].said().value_or("");
}

/// Of what may stand under several names the first that is there.
std::optional<std::string_view> first_of(const Row& values) {
  for (const auto& value : values)
    if (const auto text = value.said()) return text;
  return std::nullopt;
}

/// What is made of a value that nearly all rows of an answer share, and then at one place of its text.
template <class Made>
class Repeated {
 public:
  template <class Make>
  const Made& of(std::string_view value, Make make) {
    const bool at_same_place = value.data() == value_.data() && value.size() == value_.size();
    if (!made_ || (!at_same_place && value != value_)) made_ = make(value);
    value_ = value;
    return *made_;
  }

 private:
  std::string_view value_;
  std::optional<Made> made_;
};

SharedText shown(std::string_view value) {
  return text::shown(value, kShown);
}

/// Of rows that have a status. One that is null, a word or empty says that something became of the order, but not what.
class RowReader {
 public:
  void read(const Row& row, RowAnswer& answer) {
    const auto status = row[kStatus].said();
    answer.status = status ? status_.of(*status, integer_of) : std::nullopt;
    if (!answer.status) answer.status_text = status ? text::shown(text::trim(*status), kShown) : "null";
    if (!answer.status && answer.status_text.empty()) answer.status_text = "\"\"";
    const auto order_id = said(row, kOrderId);
    const auto number = id_number(order_id);
    answer.order_id = number ? OrderId::of(*number) : OrderId(text::shown(order_id, kShown));
    answer.start_time = start_time_.of(said(row, kStartTime), shown);
    answer.end_time = end_time_.of(said(row, kEndTime), shown);
  }

 private:
  Repeated<std::optional<int>> status_;
  Repeated<SharedText> start_time_;
  Repeated<SharedText> end_time_;
};

bool same(const RowAnswer& a, const RowAnswer& b) {
  return a.status == b.status && a.status_text == b.status_text && a.order_id == b.order_id;
}

/// The orders of a batch by their keys, of which no two are the same.
class Keys {
 public:
  explicit Keys(std::span<const Order> sent) : sent_(sent) {}
  /// `likely`: where it is looked for first. Answers nearly always have their rows in the order sent.
  std::optional<std::size_t> find(std::string_view key, std::size_t likely) {
    if (likely < sent_.size() && sent_[likely].key() == key) return likely;
    if (sorted_.empty()) sort();
    const auto at = std::ranges::lower_bound(sorted_, key, {}, &Entry::first);
    return at == sorted_.end() || at->first != key ? std::nullopt : std::optional(at->second);
  }

 private:
  void sort() {
    for (std::size_t i = 0; i < sent_.size(); ++i) sorted_.emplace_back(sent_[i].key(), i);
    std::ranges::sort(sorted_);
  }

  using Entry = std::pair<std::string_view, std::size_t>;
  std::span<const Order> sent_;
  std::vector<Entry> sorted_;
};

class Pairing {
 public:
  Pairing(const Envelope& envelope, std::span<const Order> sent)
      : table_(service(sent.front().service())),
        envelope_(envelope),
        sent_(sent),
        keys_(sent),
        cross_checked_(static_cast<std::size_t>(std::ranges::find(table_.fields, table_.cross_check, &FieldSpec::name) -
                                                table_.fields.begin())),
        spoilt_(sent.size()) {
    out_.rows.resize(sent.size());
  }

  Paired run() {
    std::vector<std::size_t> keyless;
    std::vector<std::string> others;
    bool aligned = table_.pair_by_index && envelope_.rows() == sent_.size();
    for (std::size_t r = 0; r < envelope_.rows(); ++r) {
      const auto row = envelope_.row(r);
      if (!row) continue;
      const auto key = text::trim(first_of(row->subspan(kKeys, table_.echo_keys.size())).value_or(""));
      if (key.empty()) {
        keyless.push_back(r);
        continue;
      }
      const auto found = keys_.find(key, r);
      aligned = aligned && found == r;
      if (found) {
        put(*row, *found);
      } else {
        others.push_back(text::shown(key));
      }
    }
    if (aligned)
      for (const std::size_t r : keyless) put(*envelope_.row(r), r);
    if (!others.empty()) doubt_others(others);
    return std::move(out_);
  }

 private:
  /// A row to its order. One without a status says nothing.
  void put(const Row& row, std::size_t i) {
    if (!row[kStatus].there || spoilt_[i]) return;
    cross_check(row, i);
    auto& paired = out_.rows[i];
    if (!paired) return reader_.read(row, paired.emplace());
    RowAnswer again;
    reader_.read(row, again);
    if (same(*paired, again)) return;
    paired.reset();
    spoilt_[i] = true;
    out_.doubts.push_back(text::words::rows_contradict(text::shown(sent_[i].key())));
  }

  void doubt_others(const std::vector<std::string>& keys) {
    constexpr std::size_t kListed = 3;
    const auto some = std::span(keys).first(std::min(kListed, keys.size()));
    out_.doubts.push_back(text::words::rows_of_others(
        keys.size(), fmt::format("{}{}", fmt::join(some, ", "), keys.size() > kListed ? ", ..." : "")));
  }

  void cross_check(const Row& row, std::size_t i) {
    if (table_.cross_check.empty()) return;
    const auto ours = sent_[i].value(cross_checked_);
    const auto theirs = first_of(row.subspan(kKeys + table_.echo_keys.size()));
    if (!theirs || theirs->empty() || theirs == ours) return;
    out_.doubts.push_back(text::words::answered_otherwise(text::shown(sent_[i].key()), table_.cross_check,
                                                          text::shown(ours.value_or("")), text::shown(*theirs)));
  }

  const Service& table_;
  const Envelope& envelope_;
  std::span<const Order> sent_;
  Keys keys_;
  std::size_t cross_checked_;  ///< the field of Service::cross_check
  std::vector<bool> spoilt_;
  RowReader reader_;
  Paired out_;
};

}  // namespace

bool Paired::any() const {
  return std::ranges::any_of(rows, [](const auto& row) { return row.has_value(); });
}

std::vector<std::string_view> wanted_of_rows(const Service& table) {
  std::vector<std::string_view> names = {"status", "orderId", "startTime", "endTime"};
  names.insert(names.end(), table.echo_keys.begin(), table.echo_keys.end());
  if (table.cross_check.empty()) return names;
  names.push_back(table.cross_check);
  names.insert(names.end(), table.cross_check_aliases.begin(), table.cross_check_aliases.end());
  return names;
}

Paired pair_rows(const Envelope& envelope, std::span<const Order> sent) {
  if (sent.empty()) return {};
  return Pairing(envelope, sent).run();
}

}  // namespace sluice::orders
