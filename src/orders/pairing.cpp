#include "pairing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "sluice/text/normal.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::orders {

namespace {

using Row = Envelope::Row;

constexpr std::size_t kShown = 64;  // code points of a value that goes into a result column

std::string echoed(const Row& row, std::string_view name) {
  return text::shown(row.text(name).value_or(""), kShown);
}

/// nullopt: the row has no status, hence says nothing. A status that is null, a word or empty says that something
/// became of the order, but not what.
std::optional<RowAnswer> read_row(const Row& row) {
  if (!row.has("status")) return std::nullopt;
  const auto status = row.text("status");
  RowAnswer answer;
  answer.status = status ? integer_of(*status) : std::nullopt;
  if (!answer.status) answer.status_text = status ? text::shown(text::trim(*status), kShown) : "null";
  if (!answer.status && answer.status_text.empty()) answer.status_text = "\"\"";
  answer.order_id = echoed(row, "orderId");
  answer.start_time = echoed(row, "startTime");
  answer.end_time = echoed(row, "endTime");
  return answer;
}

bool same(const RowAnswer& a, const RowAnswer& b) {
  return a.status == b.status && a.status_text == b.status_text && a.order_id == b.order_id;
}

std::string_view key_of(const Service& table, const Row& row) {
  for (const auto name : table.echo_keys)
    if (const auto key = row.text(name)) return text::trim(*key);
  return {};
}

/// The orders of a batch by their keys.
class Keys {
 public:
  explicit Keys(std::span<const Order> sent) {
    for (std::size_t i = 0; i < sent.size(); ++i) sorted_.emplace_back(sent[i].key(), i);
    std::ranges::sort(sorted_);
  }
  std::optional<std::size_t> find(std::string_view key) const {
    const auto at = std::ranges::lower_bound(sorted_, key, {}, &Entry::first);
    return at == sorted_.end() || at->first != key ? std::nullopt : std::optional(at->second);
  }

 private:
  using Entry = std::pair<std::string_view, std::size_t>;
  std::vector<Entry> sorted_;
};

class Pairing {
 public:
  Pairing(const Envelope& envelope, std::span<const Order> sent)
      : table_(service(sent.front().service)), envelope_(envelope), sent_(sent), keys_(sent), spoilt_(sent.size()) {
    out_.rows.resize(sent.size());
  }

  Paired run() {
    std::vector<std::size_t> keyless;
    std::vector<std::string> others;
    bool aligned = table_.pair_by_index && envelope_.rows() == sent_.size();
    for (std::size_t r = 0; r < envelope_.rows(); ++r) {
      const auto row = envelope_.row(r);
      if (!row) continue;
      const auto key = key_of(table_, *row);
      if (key.empty()) {
        keyless.push_back(r);
        continue;
      }
      const auto found = keys_.find(key);
      aligned = aligned && found == r;
      if (found) {
        put(*found, *row);
      } else {
        others.push_back(text::shown(key));
      }
    }
    if (aligned)
      for (const std::size_t r : keyless) put(r, *envelope_.row(r));
    if (!others.empty()) doubt_others(others);
    return std::move(out_);
  }

 private:
  void put(std::size_t i, const Row& row) {
    auto answer = read_row(row);
    if (!answer || spoilt_[i]) return;
    cross_check(i, row);
    if (!out_.rows[i]) {
      out_.rows[i] = std::move(answer);
    } else if (!same(*out_.rows[i], *answer)) {
      out_.rows[i].reset();
      spoilt_[i] = true;
      out_.doubts.push_back(fmt::format("{}: rows that contradict each other", text::shown(sent_[i].key())));
    }
  }

  void doubt_others(const std::vector<std::string>& keys) {
    constexpr std::size_t kListed = 3;
    const auto some = std::span(keys).first(std::min(kListed, keys.size()));
    out_.doubts.push_back(fmt::format("{} rows of orders that were not sent ({}{})", keys.size(), fmt::join(some, ", "),
                                      keys.size() > kListed ? ", ..." : ""));
  }

  void cross_check(std::size_t i, const Row& row) {
    if (table_.cross_check.empty()) return;
    const auto field = std::ranges::find(table_.fields, table_.cross_check, &FieldSpec::name) - table_.fields.begin();
    const auto& ours = sent_[i].values[static_cast<std::size_t>(field)];
    auto theirs = row.text(table_.cross_check);
    for (const auto name : table_.cross_check_aliases)
      if (!theirs) theirs = row.text(name);
    if (!theirs || theirs->empty() || theirs == ours) return;
    out_.doubts.push_back(fmt::format("{}: {} sent {}, answered {}", text::shown(sent_[i].key()), table_.cross_check,
                                      text::shown(ours.value_or("")), text::shown(*theirs)));
  }

  const Service& table_;
  const Envelope& envelope_;
  std::span<const Order> sent_;
  Keys keys_;
  std::vector<bool> spoilt_;
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
