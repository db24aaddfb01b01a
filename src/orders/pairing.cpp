#include "pairing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>

#include "envelope.hpp"
#include "sluice/text/normal.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::orders {

namespace {

namespace json = boost::json;

constexpr std::size_t kShown = 64;  // code points of a value that goes into a result column

std::string echoed(const json::object& row, std::string_view name) {
  return text::shown(text_of(row, name).value_or(""), kShown);
}

/// nullopt: the row has no status, hence says nothing. A status that is null, a word or empty says that something
/// became of the order, but not what.
std::optional<RowAnswer> read_row(const json::object& row) {
  const json::value* member_status = member(row, "status");
  if (!member_status) return std::nullopt;
  const auto status = text_of(*member_status);
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

std::string key_of(const Service& table, const json::object& row) {
  for (const auto name : table.echo_keys)
    if (auto key = text_of(row, name)) return std::string(text::trim(*key));
  return {};
}

class Pairing {
 public:
  Pairing(std::span<const json::object* const> rows, std::span<const Order> sent)
      : table_(service(sent.front().service)), rows_(rows), sent_(sent), spoilt_(sent.size()) {
    out_.rows.resize(sent.size());
    for (std::size_t i = 0; i < sent.size(); ++i) index_of_key_.emplace(sent[i].key(), i);
  }

  Paired run() {
    std::vector<std::size_t> keyless;
    std::vector<std::string> others;
    bool aligned = table_.pair_by_index && rows_.size() == sent_.size();
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      if (!rows_[r]) continue;
      const std::string key = key_of(table_, *rows_[r]);
      if (key.empty()) {
        keyless.push_back(r);
        continue;
      }
      const auto found = index_of_key_.find(key);
      aligned = aligned && found != index_of_key_.end() && found->second == r;
      if (found != index_of_key_.end()) {
        put(found->second, *rows_[r]);
      } else {
        others.push_back(text::shown(key));
      }
    }
    if (aligned)
      for (const std::size_t r : keyless) put(r, *rows_[r]);
    if (!others.empty()) doubt_others(others);
    return std::move(out_);
  }

 private:
  void put(std::size_t i, const json::object& row) {
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

  void cross_check(std::size_t i, const json::object& row) {
    if (table_.cross_check.empty()) return;
    const auto field = std::ranges::find(table_.fields, table_.cross_check, &FieldSpec::name) - table_.fields.begin();
    const auto& ours = sent_[i].values[static_cast<std::size_t>(field)];
    auto theirs = text_of(row, table_.cross_check);
    for (const auto name : table_.cross_check_aliases)
      if (!theirs) theirs = text_of(row, name);
    if (!theirs || theirs->empty() || theirs == ours) return;
    out_.doubts.push_back(fmt::format("{}: {} sent {}, answered {}", text::shown(sent_[i].key()), table_.cross_check,
                                      text::shown(ours.value_or("")), text::shown(*theirs)));
  }

  const Service& table_;
  std::span<const json::object* const> rows_;
  std::span<const Order> sent_;
  std::unordered_map<std::string_view, std::size_t> index_of_key_;
  std::vector<bool> spoilt_;
  Paired out_;
};

}  // namespace

bool Paired::any() const {
  return std::ranges::any_of(rows, [](const auto& row) { return row.has_value(); });
}

Paired pair_rows(std::span<const json::object* const> rows, std::span<const Order> sent) {
  if (sent.empty()) return {};
  return Pairing(rows, sent).run();
}

}  // namespace sluice::orders
