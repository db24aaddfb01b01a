#include "postgresql/statements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "packing/fields.hpp"

namespace sluice::adapters::postgresql {
namespace {

using packing::columns_of;
using ports::Batch, ports::Doubt, ports::JobHeader;
using Columns = std::vector<std::string>;

Columns counts() {
  ports::Counts none{};
  Columns columns;
  packing::each_count(none, [&](const char* column, auto&) { columns.emplace_back(column); });
  return columns;
}

// What AddCounts alone changes.
Columns added() {
  auto columns = counts();
  columns.insert(columns.end(), {"requests", "other_starts"});
  return columns;
}

// What PutHold alone changes.
Columns held() {
  ports::JobHeader none;
  Columns columns;
  packing::each_hold_field(none, [&](const char* column, auto&) { columns.emplace_back(column); });
  return columns;
}

Columns written_by_others() {
  auto columns = added();
  std::ranges::move(held(), std::back_inserter(columns));
  return columns;
}

// Each item in a form ("{0}=${1}", its place from 1), with commas between.
std::string join(const Columns& items, std::string_view form) {
  std::string joined;
  for (std::size_t i = 0; i < items.size(); ++i) {
    joined += (i == 0 ? "" : ", ") + fmt::format(fmt::runtime(form), items[i], i + 1);
  }
  return joined;
}

template <class T>
std::string select(std::string_view rest, std::string_view more = "") {
  return fmt::format("SELECT {}{} FROM {}", join(columns_of<T>(), "{0}"), more, rest);
}

// `more`: a column besides those of the record, set when the row is new.
template <class T>
std::string upsert(std::string_view table, const Columns& key, const Columns& but = {}, const Columns& more = {}) {
  auto columns = columns_of<T>();
  auto changed = columns;
  std::erase_if(changed, [&](const std::string& column) {
    return std::ranges::count(key, column) > 0 || std::ranges::count(but, column) > 0;
  });
  columns.insert(columns.end(), more.begin(), more.end());
  return fmt::format("INSERT INTO {}({}) VALUES({}) ON CONFLICT({}) DO UPDATE SET {}", table, join(columns, "{0}"),
                     join(columns, "${1}"), join(key, "{0}"), join(changed, "{0}=excluded.{0}"));
}

std::string update_job(const Columns& columns, std::string_view form, std::size_t job) {
  return fmt::format("UPDATE jobs SET {} WHERE n=${}", join(columns, form), job);
}

Statements make() {
  Statements made;
  made.put_job = upsert<JobHeader>("jobs", {"n"}, written_by_others(), {"host"});
  made.put_hold = update_job(held(), "{0}=${1}", held().size() + 1);
  made.add_counts = update_job(added(), "{0}={0}+${1}", added().size() + 1);
  made.zero_counts = update_job(counts(), "{0}=0", 1);
  made.put_batch = upsert<Batch>("batches", {"id"});
  made.put_doubt = upsert<Doubt>("doubts", {"job", "row"});
  made.open_jobs = select<JobHeader>("jobs WHERE state NOT IN (5, 7, 8) AND host=$1 ORDER BY n");
  made.jobs_elsewhere = select<JobHeader>("jobs WHERE state NOT IN (5, 7, 8) AND host<>$1 ORDER BY n", ", host");
  made.take_jobs = fmt::format("UPDATE jobs SET host=$1 WHERE host=$2 AND state NOT IN (5, 7, 8) RETURNING {}",
                               join(columns_of<JobHeader>(), "{0}"));
  made.jobs_among = select<JobHeader>("jobs WHERE host=$1 AND n=ANY($2) AND state NOT IN (5, 7, 8) ORDER BY n");
  made.job = select<JobHeader>("jobs WHERE n=$1");
  made.jobs_with_content =
      select<JobHeader>("jobs WHERE content_hash=$1 AND claimed_at>=$2 ORDER BY claimed_at DESC, n DESC");
  made.jobs_before = select<JobHeader>("jobs WHERE n<$1 ORDER BY n DESC LIMIT $2");
  made.ended_jobs = select<JobHeader>("jobs WHERE state IN (5, 7) ORDER BY finished_at DESC, n DESC LIMIT $1");
  made.jobs_ended =
      select<JobHeader>("jobs WHERE state=$1 AND finished_at>=$2 AND finished_at<$3 ORDER BY finished_at, n");
  made.batches = select<Batch>("batches WHERE job=$1 AND fresh=$2 AND id>$3 ORDER BY id LIMIT $4");
  made.answers = select<packing::AnswerPiece>(
      "answers WHERE job=$1 AND edition=coalesce((SELECT current FROM editions WHERE editions.job=$1), 0) AND "
      "(shelf, id)>($2, $3) ORDER BY shelf, id LIMIT $4");
  made.doubts = select<Doubt>("doubts WHERE since>$1 ORDER BY job, row");
  made.history = select<packing::HistoryPiece>("history WHERE id>$1 ORDER BY id LIMIT $2");
  made.history_of_job = select<packing::HistoryPiece>("history WHERE job=$3 AND id>$1 ORDER BY id LIMIT $2");
  made.history_pieces = select<packing::HistoryPiece>("history WHERE id=ANY($1) ORDER BY id");
  made.placed = select<packing::PlacedPiece>("placed WHERE id>$1 ORDER BY id LIMIT $2");
  return made;
}

}  // namespace

const Statements& Statements::get() {
  static const Statements made = make();
  return made;
}

}  // namespace sluice::adapters::postgresql
