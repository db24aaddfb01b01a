#include "fault.hpp"

#include <array>
#include <numeric>

#include "sluice/base/check.hpp"

namespace sluice::simulation {

namespace {

constexpr std::string_view kJson = "application/json;charset=utf-8";
constexpr std::string_view kHtml = "text/html";

// Bodies as the framework, its gateways and proxies write them (docs/api.md, What each answer means).
constexpr Lie kLies[] = {
    {"401", 401, kJson, "", R"({"msg":"Unauthorized","code":401})", false, true, 2},
    {"401 in 200", 200, kJson, "", R"({"msg":"登录状态已过期","code":401})", false, true, 2},
    {"auth words", 200, kJson, "", R"({"msg":"令牌验证失败","code":500})", false, true, 1},
    {"403", 403, kHtml, "", "<html>403 Forbidden</html>", false, true, 1},
    {"403 in 200", 200, kJson, "", R"({"msg":"没有访问权限，请联系管理员授权","code":403})", false, true, 1},
    {"404", 404, kHtml, "", "<html>404 Not Found</html>", false, true, 1},
    {"302", 302, kHtml, "", "", false, true, 1},
    {"html in 200", 200, kHtml, "", "<html>Welcome</html>", true, true, 1},
    {"429", 429, kJson, "", R"({"msg":"too many requests","code":429})", false, false, 6},
    {"429, Retry-After", 429, kJson, "3", "", false, false, 4},
    {"429, Retry-After of minutes", 429, kJson, "150", "", false, false, 1},
    {"429, untrue", 429, kJson, "1", "", false, false, 4, false, true},
    {"401, untrue", 401, kJson, "", R"({"msg":"Unauthorized","code":401})", false, true, 1, false, true},
    {"403, untrue", 403, kHtml, "", "<html>403 Forbidden</html>", false, true, 1, false, true},
    {"400, untrue", 400, kJson, "", R"({"msg":"bad request","code":400})", false, false, 2, false, true},
    {"503, Retry-After", 503, kHtml, "2", "<html>busy</html>", true, false, 4},
    {"408", 408, kHtml, "", "<html>408 Request Timeout</html>", true, false, 2},
    {"409", 409, kJson, "", R"({"msg":"conflict","code":409})", true, false, 2},
    {"418", 418, kHtml, "", "<html>418</html>", true, false, 2},
    {"421", 421, kHtml, "", "<html>421 Misdirected Request</html>", false, false, 2},
    {"460", 460, "", "", "", true, false, 2},
    {"499", 499, "", "", "", true, false, 2},
    {"limit from within", 200, kJson, "", R"({"msg":"调用厂商接口失败：请求过于频繁，请稍候再试","code":500})", true,
     false, 4},
    {"auth from within", 200, kJson, "", R"({"msg":"调用厂商接口失败：令牌验证失败","code":500})", true, true, 1},
    {"408, commits later", 408, kHtml, "", "<html>408 Request Timeout</html>", true, false, 2, true},
    {"504, commits later", 504, kHtml, "", "<html>504 Gateway Time-out</html>", true, false, 6, true},
    {"limit in 200", 200, kJson, "", R"({"msg":"访问过于频繁，请稍候再试","code":500})", false, false, 6},
    {"413", 413, kHtml, "", "<html>413 Request Entity Too Large</html>", false, false, 4},
    {"400", 400, kJson, "", R"({"msg":"bad request","code":400})", false, false, 2},
    {"repeat", 200, kJson, "", R"({"msg":"不允许重复提交，请稍候再试","code":500})", true, false, 4},
    {"500 in 200", 200, kJson, "", R"({"msg":"系统异常","code":500})", true, false, 8},
    {"500", 500, kHtml, "", "<html>500</html>", true, false, 6},
    {"502", 502, kHtml, "", "<html>502 Bad Gateway</html>", true, false, 10},
    {"503", 503, kHtml, "", "<html>503 Service Unavailable</html>", true, false, 6},
    {"504", 504, kHtml, "", "<html>504 Gateway Time-out</html>", true, false, 6},
    {"201 {}", 201, kJson, "", "{}", true, false, 6},
    {"empty 200", 200, kJson, "", "", true, false, 4},
    {"no rows", 200, kJson, "", R"({"msg":"操作成功","code":200,"data":[]})", true, false, 4},
    {"null data", 200, kJson, "", R"({"msg":"操作成功","code":200,"data":null})", true, false, 4},
};

struct Weighted {
  Fault fault;
  std::string_view name;
  std::uint32_t weight;
};
constexpr Weighted kFaults[] = {
    {Fault::none, "none", 0},
    {Fault::no_byte_out, "no byte out", 6},
    {Fault::request_lost, "request lost", 8},
    {Fault::request_late, "request late", 6},
    {Fault::request_duplicated, "request duplicated", 6},
    {Fault::answer_lost, "answer lost", 8},
    {Fault::answer_late, "answer late", 6},
    {Fault::slow, "slow", 8},
    {Fault::reset_before, "reset before arrival", 8},
    {Fault::reset_after, "reset after arrival", 8},
    {Fault::rows_missing, "rows missing", 8},
    {Fault::answer_cut, "answer cut", 6},
    {Fault::answer_garbled, "answer garbled", 6},
    {Fault::cached, "a cache answers", 1},
    {Fault::spoken, "a lie", 60},
};

template <class Table>
const auto& draw(const Table& table, Random& random) {
  const auto add = [](std::uint64_t sum, const auto& row) { return sum + row.weight; };
  auto left = random.below(std::accumulate(std::begin(table), std::end(table), std::uint64_t{0}, add));
  for (const auto& row : table) {
    if (left < row.weight) return row;
    left -= row.weight;
  }
  SLUICE_CHECK(false, "a draw beyond its table");
}

const Lie& named(std::string_view wanted) {
  for (const auto& lie : kLies) {
    if (lie.name == wanted) return lie;
  }
  SLUICE_CHECK(false, "no such lie");
}

}  // namespace

std::span<const Lie> lies() {
  return kLies;
}
const Lie& unauthorized_lie(bool in_envelope) {
  return named(in_envelope ? "401 in 200" : "401");
}
const Lie& throttled_lie() {
  return named("429");
}
const Lie& too_large_lie() {
  return named("413");
}
const Lie& closed_lie() {
  return named("429");
}
const Lie& bad_gateway_lie() {
  return named("502");
}
const Lie& repeat_lie() {
  return named("repeat");
}

Fault draw_fault(Random& random) {
  return draw(kFaults, random).fault;
}
const Lie& draw_lie(Random& random) {
  return draw(kLies, random);
}
std::string_view name(Fault fault) {
  return kFaults[static_cast<std::size_t>(fault)].name;
}

}  // namespace sluice::simulation
