#include "state_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "answer_rows.hpp"
#include "request_body.hpp"

namespace sluice::sandbox {
namespace {

// A line is `ORDERID START BODY`, with a body as it would come over the wire; `- - BODY` for an update.
struct Line {
  std::string_view order_id;
  std::string_view start;
  std::string_view body;
};

std::string_view take_word(std::string_view& line) {
  const auto space = line.find(' ');
  const auto word = line.substr(0, space);
  line.remove_prefix(space == std::string_view::npos ? line.size() : space + 1);
  return word;
}

bool restore(std::string_view line, OrderMemory& memory) {
  const auto order_id = take_word(line);
  const auto start = take_word(line);
  const bool update = order_id == "-";
  RequestBody body;
  if (body.read(update ? orders::ServiceId::modify : orders::ServiceId::create, std::string(line))) return false;
  if (update) return memory.restore(body.updates().front()).has_value();
  const auto day = end_day(start);
  if (!day) return false;
  memory.restore(body.creates().front(), order_id, *day);
  return true;
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
  out += ",\"";
  out += name;
  out += "\":";
  append_quoted(out, value);
}

void append_optional(std::string& out, std::string_view name, const std::optional<std::string_view>& value) {
  if (value) append_member(out, name, *value);
}

}  // namespace

StateFile::~StateFile() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> StateFile::open(const std::string& path, OrderMemory& memory) {
  std::string text;
  if (std::ifstream in(path, std::ios::binary); in) text.assign(std::istreambuf_iterator<char>(in), {});
  std::size_t begin = 0;
  for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    if (!restore(std::string_view(text).substr(begin, end - begin), memory)) {
      return fail(ErrorKind::corrupt, fmt::format("{}: the line at byte {} makes no sense; remove it", path, begin));
    }
    begin = end + 1;
  }
  fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd_ < 0 || ::ftruncate(fd_, static_cast<off_t>(begin)) != 0) {
    return fail(ErrorKind::io, fmt::format("{}: {}", path, std::strerror(errno)));
  }
  return {};
}

void StateFile::created(const CreateOrder& order, std::string_view order_id, Day start) {
  if (fd_ < 0) return;
  fmt::format_to(std::back_inserter(pending_), R"({} {} {{"packOrder":[{{"isRenew":{})", order_id, to_text(start),
                 order.is_renew);
  append_member(pending_, "douyinId", order.douyin_id);
  append_member(pending_, "uid", order.uid);
  append_member(pending_, "source", order.source);
  append_member(pending_, "endMonthTime", order.end_month_time);
  append_optional(pending_, "nickname", order.nickname);
  append_optional(pending_, "province", order.province);
  pending_ += "}]}\n";
}

void StateFile::updated(const UpdateOrder& order) {
  if (fd_ < 0) return;
  pending_ += R"(- - {"modifyOrders":[{"orderId":)";
  append_quoted(pending_, order.order_id);
  append_member(pending_, "oldUid", order.old_uid);
  append_member(pending_, "newUid", order.new_uid);
  append_member(pending_, "newDouyinId", order.new_douyin_id);
  append_member(pending_, "executeTime", order.execute_time);
  append_optional(pending_, "newNickname", order.new_nickname);
  pending_ += "}]}\n";
}

Result<void> StateFile::flush() {
  std::string_view left = pending_;
  while (!left.empty()) {
    const auto written = ::write(fd_, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0)
      return fail(ErrorKind::io, fmt::format("the state file can't be written: {}", std::strerror(errno)));
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  pending_.clear();
  return {};
}

}  // namespace sluice::sandbox
