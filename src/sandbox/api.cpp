#include "api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "inspection.hpp"
#include "request_body.hpp"

namespace sluice::sandbox {
namespace {

constexpr std::string_view kPrefix = "/prod-api/";
constexpr std::string_view kInspection = "/sandbox/";

std::string_view without_query(std::string_view target) {
  return target.substr(0, target.find('?'));
}

Reply reply_of(const FaultKind& kind) {
  constexpr std::size_t kHuge = std::size_t{9} << 20U;
  Reply reply{.status = kind.status,
              .content_type = kind.content_type,
              .headers = std::string(kind.headers),
              .body = std::string(kind.body),
              .act = kind.act};
  if (kind.act == Act::replace && kind.body.empty()) {
    reply.body = R"({"msg":"Operation successful","code":200,"data":[)" + std::string(kHuge, ' ') + "]}";
  }
  return reply;
}

Reply reply_of(std::string_view kind_name) {
  return reply_of(*std::ranges::find(fault_kinds(), kind_name, &FaultKind::name));
}

Reply complaint(int status, std::string_view words) {
  Reply reply{.status = status};
  reply.body = R"({"msg":)";
  append_quoted(reply.body, words);
  reply.body += fmt::format(R"(,"code":{}}})", status);
  return reply;
}

std::string first_line_trimmed(const std::string& path) {
  std::string line;
  if (std::ifstream in(path); in) std::getline(in, line);
  const auto end = line.find_last_not_of(" \t\r\n");
  line.erase(end == std::string::npos ? 0 : end + 1);
  return line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
}

}  // namespace

Api::Api(Options options)
    : options_(std::move(options)),
      memory_(options_.rules),
      limit_(options_.rate),
      log_(options_.keep_requests),
      plan_(options_.faults, options_.seed, 1) {}

Result<void> Api::load() {
  for (const KnownOrder& known : options_.known_orders) {
    const CreateOrder order{.douyin_id = known.douyin_id,
                            .uid = known.uid,
                            .source = "电信",
                            .end_month_time = known.end_month_time,
                            .nickname = {},
                            .province = {},
                            .is_renew = known.end_month_time.empty()};
    memory_.know(order, known.order_id, Day{});
  }
  if (options_.state_file.empty()) return {};
  return state_.open(options_.state_file, memory_);
}

Arrival Api::arrived(std::string_view target, Nanos now) {
  const auto path = without_query(target);
  if (path.starts_with(kInspection)) return {.inspection = true};
  Arrival arrival;
  for (const orders::Service& service : orders::services()) {
    if (path.starts_with(kPrefix) && path.substr(kPrefix.size()) == service.path) arrival.service = &service;
  }
  arrival.number = log_.arrival(arrival.service != nullptr ? arrival.service->name : "", now);
  arrival.admitted = limit_.admit(now);
  return arrival;
}

Reply Api::answer(const Arrival& arrival, HttpRequest request, Nanos now, WallTime wall) {
  if (arrival.inspection) return inspect(request, now);
  Outcome outcome = judge(arrival, std::move(request), now, wall);
  const bool silent =
      outcome.reply.act == Act::reset || outcome.reply.act == Act::close || outcome.reply.act == Act::hang;
  const int status = silent ? 0 : outcome.reply.status;
  log_.count(arrival.service != nullptr ? arrival.service->name : "none", outcome.orders, status);
  if (Seen* seen = log_.find(arrival.number)) {
    seen->orders = outcome.orders;
    seen->applied = outcome.applied;
    seen->status = status;
    seen->what = std::move(outcome.what);
  }
  outcome.reply.number = arrival.number;
  return std::move(outcome.reply);
}

void Api::answered(const Reply& reply, Nanos now) {
  if (Seen* seen = log_.find(reply.number)) seen->answered = now;
}

Api::Outcome Api::judge(const Arrival& arrival, HttpRequest request, Nanos now, WallTime wall) {
  if (!arrival.admitted) return {.reply = reply_of("429"), .what = "throttled"};
  if (arrival.service == nullptr) return {.reply = complaint(404, "Not Found"), .what = "not found"};
  if (request.method != "POST") return {.reply = complaint(405, "Method Not Allowed"), .what = "not found"};
  if (!authorized(request.authorization)) {
    return {.reply = reply_of(options_.unauthorized_in_body ? "body401" : "401"), .what = "unauthorized"};
  }
  if (request.body.size() > options_.max_body) return {.reply = reply_of("413"), .what = "too large"};
  if (repeated(request.body, now)) return {.reply = reply_of("repeat"), .what = "repeat"};
  RequestBody body;
  if (const auto words = body.read(arrival.service->id, std::move(request.body))) {
    return {.reply = complaint(400, *words), .what = "bad request"};
  }
  const Fault* fault = plan_.for_request(arrival.number, body.size());
  if (fault != nullptr && !fault->kind.applied) {
    return {.reply = reply_of(fault->kind), .what = fault->spec, .orders = body.size()};
  }
  return apply(arrival, body, fault, wall);
}

Api::Outcome Api::apply(const Arrival& arrival, const RequestBody& body, const Fault* fault, WallTime wall) {
  const Act act = fault != nullptr ? fault->kind.act : Act::replace;
  const auto before = memory_.applied();
  Outcome outcome{.reply = {}, .what = fault != nullptr ? fault->spec : "answered", .orders = body.size()};
  outcome.reply.body =
      body.creates().empty() ? update(arrival.number, body, act, wall) : create(arrival.number, body, act, wall);
  outcome.applied = memory_.applied() - before;
  if (const auto stored = state_.flush(); !stored)
    return {.reply = complaint(500, stored.error().words), .what = "state"};
  if (act == Act::gbk) outcome.reply.body = to_gb18030(outcome.reply.body);
  if (fault != nullptr && act == Act::replace) outcome.reply = reply_of(fault->kind);
  outcome.reply.act = act;
  return outcome;
}

std::string Api::create(std::uint64_t number, const RequestBody& body, Act act, WallTime wall) {
  std::vector<CreateRow> rows;
  rows.reserve(body.size());
  for (const CreateOrder& order : body.creates()) {
    rows.push_back({&order, place(order, plan_.for_order(number, rows.size()), wall)});
  }
  if (act == Act::drop_row) rows.pop_back();
  if (act == Act::shuffle) std::ranges::reverse(rows);
  return create_answer(rows, options_.status_as, act == Act::bare ? DataShape::swapped : DataShape::as_documented);
}

std::string Api::update(std::uint64_t number, const RequestBody& body, Act act, WallTime wall) {
  std::vector<int> statuses;
  statuses.reserve(body.size());
  for (const UpdateOrder& order : body.updates()) {
    statuses.push_back(place(order, plan_.for_order(number, statuses.size()), wall));
  }
  if (act == Act::drop_row) statuses.pop_back();
  return modify_answer(statuses, options_.status_as, act == Act::bare ? DataShape::swapped : DataShape::as_documented);
}

Placed Api::place(const CreateOrder& order, const Fault* fault, WallTime wall) {
  if (fault != nullptr && !fault->kind.applied)
    return {.status = *fault->order_status, .order_id = {}, .start = {}, .end = {}};
  Placed placed = memory_.create(order, wall);
  if (placed.status == 1) state_.created(order, placed.order_id, *placed.start);
  if (fault != nullptr) placed = {.status = *fault->order_status, .order_id = {}, .start = {}, .end = {}};
  return placed;
}

int Api::place(const UpdateOrder& order, const Fault* fault, WallTime wall) {
  constexpr int kInternalOfCreate = 9;
  constexpr int kInternalOfModify = 10;
  int status = 0;
  if (fault == nullptr || fault->kind.applied) {
    status = memory_.update(order, wall);
    if (status == 1) state_.updated(order);
  }
  if (fault == nullptr) return status;
  return *fault->order_status == kInternalOfCreate ? kInternalOfModify : *fault->order_status;
}

bool Api::authorized(std::string_view value) const {
  const std::string expected =
      options_.authorization_file.empty() ? options_.authorization : first_line_trimmed(options_.authorization_file);
  return expected.empty() ? !value.empty() : value == expected;
}

bool Api::repeated(const std::string& body, Nanos now) {
  if (options_.repeat_guard == Nanos{}) return false;
  while (!bodies_.empty() && now - bodies_.front().first > options_.repeat_guard) bodies_.pop_front();
  const auto hash = std::hash<std::string>{}(body);
  const bool seen = std::ranges::any_of(bodies_, [hash](const auto& earlier) { return earlier.second == hash; });
  if (!seen) bodies_.emplace_back(now, hash);
  return seen;
}

Reply Api::inspect(const HttpRequest& request, Nanos now) {
  const auto path = without_query(request.target);
  const auto query = request.target.substr(path.size());
  constexpr std::string_view kUid = "?uid=";
  if (path == "/sandbox/faults" && request.method == "POST") return set_faults(request.body);
  Reply reply;
  if (path == "/sandbox/stats") {
    reply.body = stats_page(log_, memory_, now);
  } else if (path == "/sandbox/requests") {
    reply.body = requests_page(log_);
  } else if (path == "/sandbox/orders") {
    reply.body = orders_page(memory_, query.starts_with(kUid) ? query.substr(kUid.size()) : "");
  } else if (path == "/sandbox/faults") {
    reply.body = faults_page(plan_);
  } else {
    reply = complaint(404, "there are /sandbox/stats, requests, orders and faults");
  }
  return reply;
}

Reply Api::set_faults(std::string_view specs) {
  constexpr std::string_view kBlank = " \t\r\n";
  std::vector<Fault> faults;
  for (auto at = specs.find_first_not_of(kBlank); at != std::string_view::npos; at = specs.find_first_not_of(kBlank)) {
    specs.remove_prefix(at);
    const auto spec = specs.substr(0, specs.find_first_of(kBlank));
    auto fault = parse_fault(spec);
    if (!fault) return complaint(400, fault.error().words);
    faults.push_back(std::move(*fault));
    specs.remove_prefix(spec.size());
  }
  plan_ = FaultPlan(std::move(faults), options_.seed, log_.requests() + 1);
  return {.body = faults_page(plan_)};
}

}  // namespace sluice::sandbox
