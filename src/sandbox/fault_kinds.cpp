#include <array>

#include "fault.hpp"

namespace sluice::sandbox {
namespace {

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

std::span<const FaultKind> fault_kinds() {
  return kKinds;
}

}  // namespace sluice::sandbox
