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

/// What is wanted of each row: the members' names, looked for once for all rows of one shape.
class Wanted {
 public:
  explicit Wanted(const Service& table) : table_(table) {
    names_ = {"status", "orderId", "startTime", "endTime"};
    names_.insert(names_.end(), table.echo_keys.begin(), table.echo_keys.end());
    if (table.cross_check.empty()) return;
    names_.push_back(table.cross_check);
    names_.insert(names_.end(), table.cross_check_aliases.begin(), table.cross_check_aliases.end());
  }

  void look_at(const Row& row) {
    row_ = row;
    if (shape_ == row.shape()) return;
    shape_ = row.shape();
    places_.clear();
    for (const auto name : names_) places_.push_back(row.place(name));
  }

  bool has_status() const { return places_[kStatus].has_value(); }
  std::optional<std::string_view> status() const { return row_.text_at(places_[kStatus]); }
  std::string_view order_id() const { return at(1); }
  std::string_view start_time() const { return at(2); }
  std::string_view end_time() const { return at(3); }
  std::string_view key() const { return text::trim(first_of(kKeys, kKeys + table_.echo_keys.size()).value_or("")); }
  std::optional<std::string_view> cross_check() const {
    return first_of(kKeys + table_.echo_keys.size(), places_.size());
  }

 private:
  static constexpr std::size_t kStatus = 0;
  static constexpr std::size_t kKeys = 4;

  std::string_view at(std::size_t i) const { return row_.text_at(places_[i]).value_or(""); }
  std::optional<std::string_view> first_of(std::size_t from, std::size_t to) const {
    for (auto i = from; i < to; ++i)
      if (const auto text = row_.text_at(places_[i])) return text;
    return std::nullopt;
  }

  const Service& table_;
  std::vector<std::string_view> names_;
  Row row_{{}, 0};
  std::optional<std::uint32_t> shape_;
  std::vector<std::optional<std::size_t>> places_;  ///< by name
};

/// A value as people are shown it, which nearly all rows of an answer share.
class Repeated {
 public:
  const SharedText& shown(std::string_view value) {
    if (value != value_) shown_ = text::shown(value, kShown);
    value_ = value;
    return shown_;
  }

 private:
  std::string_view value_;
  SharedText shown_;
};

/// nullopt: the row has no status, hence says nothing. A status that is null, a word or empty says that something
/// became of the order, but not what.
std::optional<RowAnswer> read_row(const Wanted& row, Repeated& start_time, Repeated& end_time) {
  if (!row.has_status()) return std::nullopt;
  const auto status = row.status();
  RowAnswer answer;
  answer.status = status ? integer_of(*status) : std::nullopt;
  if (!answer.status) answer.status_text = status ? text::shown(text::trim(*status), kShown) : "null";
  if (!answer.status && answer.status_text.empty()) answer.status_text = "\"\"";
  answer.order_id = text::shown(row.order_id(), kShown);
  answer.start_time = start_time.shown(row.start_time());
  answer.end_time = end_time.shown(row.end_time());
  return answer;
}

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
        wanted_(table_),
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
      wanted_.look_at(*row);
      const auto key = wanted_.key();
      if (key.empty()) {
        keyless.push_back(r);
        continue;
      }
      const auto found = keys_.find(key, r);
      aligned = aligned && found == r;
      if (found) {
        put(*found);
      } else {
        others.push_back(text::shown(key));
      }
    }
    if (aligned)
      for (const std::size_t r : keyless) {
        wanted_.look_at(*envelope_.row(r));
        put(r);
      }
    if (!others.empty()) doubt_others(others);
    return std::move(out_);
  }

 private:
  /// The row that is looked at, to its order.
  void put(std::size_t i) {
    auto answer = read_row(wanted_, start_time_, end_time_);
    if (!answer || spoilt_[i]) return;
    cross_check(i);
    if (!out_.rows[i]) {
      out_.rows[i] = std::move(answer);
    } else if (!same(*out_.rows[i], *answer)) {
      out_.rows[i].reset();
      spoilt_[i] = true;
      out_.doubts.push_back(text::words::rows_contradict(text::shown(sent_[i].key())));
    }
  }

  void doubt_others(const std::vector<std::string>& keys) {
    constexpr std::size_t kListed = 3;
    const auto some = std::span(keys).first(std::min(kListed, keys.size()));
    out_.doubts.push_back(text::words::rows_of_others(
        keys.size(), fmt::format("{}{}", fmt::join(some, ", "), keys.size() > kListed ? ", ..." : "")));
  }

  void cross_check(std::size_t i) {
    if (table_.cross_check.empty()) return;
    const auto ours = sent_[i].value(cross_checked_);
    const auto theirs = wanted_.cross_check();
    if (!theirs || theirs->empty() || theirs == ours) return;
    out_.doubts.push_back(text::words::answered_otherwise(text::shown(sent_[i].key()), table_.cross_check,
                                                          text::shown(ours.value_or("")), text::shown(*theirs)));
  }

  const Service& table_;
  const Envelope& envelope_;
  std::span<const Order> sent_;
  Keys keys_;
  Wanted wanted_;
  std::size_t cross_checked_;  ///< the field of Service::cross_check
  std::vector<bool> spoilt_;
  Repeated start_time_;
  Repeated end_time_;
  Paired out_;
};

}  // namespace

bool Paired::any() const {
  return std::ranges::any_of(rows, [](const auto& row) { return row.has_value(); });
}

Paired pair_rows(const Envelope& envelope, std::span<const Order> sent) {
  if (sent.empty()) return {};
  return Pairing(envelope, sent).run();
}

}  // namespace sluice::orders
