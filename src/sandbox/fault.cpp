#include "fault.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice::sandbox {

namespace {

constexpr std::string_view kProxyPage = "<html><head><title>Error</title></head><body><hr>nginx</body></html>";
constexpr std::string_view kApplied = "-applied";
constexpr std::string_view kUnapplied = "-unapplied";

template <class Number>
std::optional<Number> parse(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// What stands after the last `mark`, taken off the text; nullopt: there is none.
std::optional<std::string_view> take_tail(std::string_view& text, char mark) {
  const auto at = text.rfind(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const auto tail = text.substr(at + 1);
  text = text.substr(0, at);
  return tail;
}

std::optional<FaultKind> in_table(std::string_view name) {
  const auto kinds = fault_kinds();
  const auto found = std::ranges::find(kinds, name, &FaultKind::name);
  if (found != kinds.end()) return *found;
  const auto status = parse<int>(name);
  if (!status || *status < 200 || *status > 599) return std::nullopt;
  return FaultKind{.name = "status",
                   .applied = false,
                   .act = Act::replace,
                   .status = *status,
                   .content_type = "text/html",
                   .headers = "",
                   .body = kProxyPage,
                   .words = ""};
}

std::optional<FaultKind> find_kind(std::string_view name) {
  if (auto kind = in_table(name)) return kind;
  for (const auto suffix : {kUnapplied, kApplied}) {
    if (!name.ends_with(suffix)) continue;
    auto kind = in_table(name.substr(0, name.size() - suffix.size()));
    if (kind) kind->applied = suffix == kApplied;
    return kind;
  }
  return std::nullopt;
}

/// `status9`, `status9-applied`.
bool read_order_status(std::string_view name, Fault& fault) {
  constexpr std::string_view kPrefix = "status";
  if (!name.starts_with(kPrefix)) return false;
  name.remove_prefix(kPrefix.size());
  fault.kind.applied = name.ends_with(kApplied);
  if (fault.kind.applied) name.remove_suffix(kApplied.size());
  fault.order_status = parse<int>(name);
  return fault.order_status.has_value();
}

bool read_range(std::string_view range, Fault& fault) {
  const auto dash = range.find('-');
  const auto from = parse<std::uint64_t>(range.substr(0, dash));
  if (!from) return false;
  fault.from = *from;
  if (dash == std::string_view::npos) {
    fault.to = *from;
  } else if (dash + 1 < range.size()) {
    const auto to = parse<std::uint64_t>(range.substr(dash + 1));
    if (!to) return false;
    fault.to = *to;
  }
  return true;
}

bool read_parameter(std::string_view name, std::string_view parameter, Fault& fault) {
  if (name == "too-large") {
    const auto most = parse<std::size_t>(parameter);
    if (!most) return false;
    fault.least_orders = *most + 1;
    return true;
  }
  const auto chance = parse<double>(parameter);
  if (!chance || *chance < 0 || *chance > 1) return false;
  fault.chance = *chance;
  return true;
}

std::string all_names() {
  std::string names;
  for (const auto& kind : fault_kinds()) names += fmt::format("{}, ", kind.name);
  return names + "any HTTP status, statusN, statusN-applied, too-large:N";
}

/// splitmix64: well-mixed bits of a counter.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31U);
}

constexpr std::string_view kJson = "application/json;charset=utf-8";
constexpr std::string_view kHtml = "text/html;charset=utf-8";
constexpr std::string_view kPage =
    "<html><head><title>Maintenance</title></head><body><h1>Back soon</h1></body></html>";

// Texts of the framework whose envelope the API bears (docs/api.md, Wire messages).
constexpr std::array kKinds{
    FaultKind{"401", false, Act::replace, 401, kJson, "", R"({"msg":"认证失败，无法访问系统资源","code":401})",
              "unauthorized, as HTTP"},
    FaultKind{"body401", false, Act::replace, 200, kJson, "", R"({"msg":"登录状态已过期","code":401})",
              "unauthorized, in the body of a 200"},
    FaultKind{"403", false, Act::replace, 403, kJson, "", R"({"msg":"没有权限，请联系管理员授权","code":403})",
              "forbidden, as HTTP"},
    FaultKind{"body403", false, Act::replace, 200, kJson, "", R"({"msg":"没有权限，请联系管理员授权","code":403})",
              "forbidden, in the body of a 200"},
    FaultKind{"body500", false, Act::replace, 200, kJson, "", R"({"msg":"系统内部错误","code":500})",
              "an application error in the body of a 200"},
    FaultKind{"429", false, Act::replace, 429, kJson, "Retry-After: 1\r\n", R"({"msg":"Too many requests","code":429})",
              "throttled, Retry-After in seconds"},
    FaultKind{"throttle200", false, Act::replace, 200, kJson, "", R"({"msg":"请求过于频繁，请稍候再试","code":500})",
              "throttled, in the body of a 200"},
    FaultKind{"503-retry-after", false, Act::replace, 503, kHtml, "Retry-After: 2\r\n", kPage,
              "throttled, as 503 with Retry-After"},
    FaultKind{"repeat", false, Act::replace, 200, kJson, "", R"({"msg":"不允许重复提交，请稍候再试","code":500})",
              "the repeat guard's answer"},
    FaultKind{"413", false, Act::replace, 413, kHtml, "", "<html><h1>413 Request Entity Too Large</h1></html>",
              "too large; too-large:N for more than N orders"},
    FaultKind{"redirect", false, Act::replace, 302, kHtml, "Location: /login\r\n", kPage, "302 to a login page"},
    FaultKind{"html", false, Act::replace, 200, kHtml, "", kPage, "200 with a page where JSON is due"},
    FaultKind{"garbage", true, Act::replace, 200, kJson, "", "\x81\x30{\"code\":200,\"da", "200 with no sense in it"},
    FaultKind{"empty201", true, Act::replace, 201, kJson, "", "{}", "201 {}, as in the API's pages"},
    FaultKind{"huge", true, Act::replace, 200, kJson, "", "", "more than 8 MiB"},
    FaultKind{"partial", true, Act::drop_row, 200, "", "", "", "a row is missing"},
    FaultKind{"shuffle", true, Act::shuffle, 200, "", "", "", "rows in another order (create)"},
    FaultKind{"gbk", true, Act::gbk, 200, "", "", "", "answer in GBK"},
    FaultKind{"bare", true, Act::bare, 200, "", "", "",
              "data is an object where an array is due, and the other way round"},
    FaultKind{"truncate", true, Act::truncate, 200, "", "", "", "half an answer, then the end"},
    FaultKind{"slow", true, Act::slow, 200, "", "", "", "in small pieces over three seconds"},
    FaultKind{"say-close", true, Act::say_close, 200, "", "", "", "with Connection: close"},
    FaultKind{"drop-after", true, Act::drop_after, 200, "", "", "",
              "answers, then closes the connection without a word"},
    FaultKind{"reset-before", false, Act::reset, 0, "", "", "", "reset, not applied"},
    FaultKind{"reset-after", true, Act::reset, 0, "", "", "", "applied, then reset: the answer is lost"},
    FaultKind{"close", false, Act::close, 0, "", "", "", "the connection ends without an answer, not applied"},
    FaultKind{"hang", false, Act::hang, 0, "", "", "", "no answer, not applied"},
    FaultKind{"timeout-after", true, Act::hang, 0, "", "", "", "applied, never answered"},
};

}  // namespace

Result<Fault> parse_fault(std::string_view spec) {
  Fault fault{.spec = std::string(spec)};
  std::string_view name = spec;
  const auto range = take_tail(name, '@');
  const auto parameter = take_tail(name, ':');
  const bool known = [&] {
    if (read_order_status(name, fault)) return true;
    const auto kind = find_kind(name == "too-large" ? "413" : name);
    if (kind) fault.kind = *kind;
    return kind.has_value();
  }();
  if (!known) return fail(ErrorKind::usage, fmt::format("no fault is named '{}'; there are: {}", name, all_names()));
  if ((parameter && !read_parameter(name, *parameter, fault)) || (!parameter && name == "too-large") ||
      (range && !read_range(*range, fault))) {
    return fail(ErrorKind::usage, fmt::format("'{}' does not read as KIND[:CHANCE][@FROM[-[TO]]], e.g. 502:0.1@5-10; "
                                              "too-large takes a number of orders: too-large:20",
                                              spec));
  }
  return fault;
}

FaultPlan::FaultPlan(std::vector<Fault> faults, std::uint64_t seed, std::uint64_t first)
    : faults_(std::move(faults)), seed_(seed), first_(first) {}

bool FaultPlan::strikes(std::size_t fault, std::uint64_t number, std::uint64_t salt) const {
  const Fault& f = faults_[fault];
  const std::uint64_t since = number - first_ + 1;
  if (since < f.from || since > f.to) return false;
  if (f.chance >= 1) return true;
  const auto bits = mixed(mixed(mixed(seed_ + fault) + number) + salt);
  return static_cast<double>(bits >> 11U) < f.chance * 9007199254740992.0;  // 53 bits against 2^53
}

const Fault* FaultPlan::for_request(std::uint64_t number, std::size_t orders) const {
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    if (!faults_[i].order_status && orders >= faults_[i].least_orders && strikes(i, number, 0)) return &faults_[i];
  }
  return nullptr;
}

const Fault* FaultPlan::for_order(std::uint64_t number, std::size_t index) const {
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    if (faults_[i].order_status && strikes(i, number, index + 1)) return &faults_[i];
  }
  return nullptr;
}

std::span<const FaultKind> fault_kinds() {
  return kKinds;
}

}  // namespace sluice::sandbox
