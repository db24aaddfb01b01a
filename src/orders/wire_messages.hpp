#pragma once

#include <array>
#include <string_view>

namespace sluice::orders::wire_messages {

using namespace std::string_view_literals;

/// What the API's framework, and the limiters in front of it, write into the body's msg. Source: docs/api.md,
/// Wire messages. Substrings; ASCII ones in any case and not in the middle of a word.
inline constexpr std::array kThrottle{"访问过于频繁"sv,
                                      "请求过于频繁"sv,
                                      "过于频繁"sv,
                                      "操作频繁"sv,
                                      "请求超过最大数"sv,
                                      "限流"sv,
                                      "请求太快"sv,
                                      "too frequent"sv,
                                      "too many requests"sv,
                                      "rate limit"sv,
                                      "Blocked by Sentinel"sv,
                                      "FlowLimitExceeded"sv,
                                      "RequestLimitExceeded"sv};
inline constexpr std::array kRepeat{"不允许重复提交"sv, "重复提交"sv, "repeat submit"sv};
inline constexpr std::array kAuth{"认证失败"sv,       "令牌不能为空"sv, "令牌已过期"sv,      "令牌验证失败"sv,
                                  "登录状态已过期"sv, "请重新登录"sv,   "无法访问系统资源"sv};
inline constexpr std::array kForbidden{"没有权限"sv, "没有访问权限"sv, "请联系管理员授权"sv, "演示模式"sv};

/// Whole messages of what stands before the service (docs/api.md, Front doors), and what politeness may add to them.
inline constexpr std::array kDoorThrottle{"访问过于频繁"sv, "请求过于频繁"sv, "请求超过最大数"sv,
                                          "Blocked by Sentinel (flow limiting)"sv};
inline constexpr std::array kDoorAuth{"认证失败"sv,       "认证失败无法访问系统资源"sv, "令牌不能为空"sv,
                                      "令牌已过期"sv,     "令牌已过期或验证不正确"sv,   "令牌验证失败"sv,
                                      "登录状态已过期"sv, "登录状态已过期请重新登录"sv};
inline constexpr std::array kDoorForbidden{"没有权限请联系管理员授权"sv, "没有访问权限请联系管理员授权"sv,
                                           "演示模式不允许操作"sv};
inline constexpr std::array kPoliteness{"请稍候再试"sv, "请稍后再试"sv, "try again later"sv};

}  // namespace sluice::orders::wire_messages
