#include "answer_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "answer_class.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/upstream.hpp"

namespace sluice::orders {

namespace {

namespace words = text::words;

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

struct StatusWords {
  int status;
  text::Sentence<0> words;
};
constexpr std::array<StatusWords, 15> kStatusWords{{
    {405, words::http_405},
    {407, words::http_407},
    {408, words::http_408},
    {409, words::http_409},
    {410, words::http_410},
    {415, words::http_415},
    {421, words::http_421},
    {423, words::http_423},
    {425, words::http_425},
    {426, words::http_426},
    {431, words::http_431},
    {451, words::http_451},
    {460, words::http_460},
    {499, words::http_499},
    {524, words::http_524},
}};

bool is_token_character(char c) {
  return is_lower(c) || is_upper(c) || is_digit(c) || std::string_view("-._~+/=").contains(c);
}

bool is_scheme(std::string_view run) {
  static constexpr std::array<std::string_view, 2> kSchemes = {"bearer", "basic"};
  return std::ranges::any_of(kSchemes, [&](std::string_view s) { return std::ranges::equal(run, s, {}, lower); });
}

/// SERVICE_UNAVAILABLE, 17872308245801546.
bool is_code(std::string_view run) {
  return std::ranges::all_of(run, [](char c) { return is_upper(c) || c == '_'; }) || std::ranges::all_of(run, is_digit);
}

/// NullPointerException, HttpMediaTypeNotSupportedException: words that each begin with a capital.
bool is_class_name(std::string_view run) {
  std::size_t letters = 0;
  for (const char c : run) {
    if (is_upper(c)) {
      if (letters == 1) return false;  // a token's letters come in any order; a name's words are longer than one
      letters = 1;
    } else if (is_lower(c) && letters > 0) {
      ++letters;
    } else {
      return false;
    }
  }
  return letters > 1;
}

/// org.springframework.web.HttpMediaTypeNotSupportedException: packages in lower case, and perhaps a class.
bool is_qualified_name(std::string_view run) {
  constexpr std::size_t kLongestPackage = 16;
  if (is_class_name(run)) return true;
  const auto dot = run.find('.');
  if (dot == run.npos || dot == 0 || dot > kLongestPackage) return false;
  const auto rest = run.substr(dot + 1);
  if (!std::ranges::all_of(run.substr(0, dot), is_lower)) return false;
  const bool last = rest.size() <= kLongestPackage && !rest.empty() && std::ranges::all_of(rest, is_lower);
  return last || is_qualified_name(rest);
}

bool may_be_a_credential(std::string_view run) {
  constexpr std::size_t kLong = 20;
  return run.size() >= kLong && !is_code(run) && !is_qualified_name(run);
}

/// What stands between <title> and </title>, shortened.
std::string title_of(std::string_view page) {
  constexpr std::size_t kShown = 60;
  const auto find = [&](std::string_view what, std::size_t from) {
    const auto found = std::ranges::search(page.substr(from), what, {}, lower, lower);
    return found.empty() ? page.npos : static_cast<std::size_t>(found.begin() - page.begin());
  };
  constexpr std::string_view kOpen = "<title>";
  const auto begin = find(kOpen, 0);
  if (begin == page.npos) return {};
  const auto end = find("</title", begin);
  if (end == page.npos) return {};
  return text::shown(redacted(page.substr(begin + kOpen.size(), end - begin - kOpen.size())), kShown);
}

/// What a body is that is no envelope.
std::string kind_of(const HttpReply& reply, const Envelope& envelope) {
  const std::string_view body = reply.body;
  if (body.empty()) return words::body_empty();
  if (body.starts_with("\x1F\x8B")) return words::body_gzip();
  if (body.starts_with("\xFF\xFE") || body.starts_with("\xFE\xFF")) return words::body_utf16();
  if (body.contains("<?xml") || reply.content_type.contains("xml")) return "XML";
  if (envelope.looks_like_html()) {
    const auto title = title_of(body);
    return title.empty() ? words::body_html() : words::body_page(title);
  }
  return envelope.is_text() ? words::body_no_json() : words::body_no_text();
}

}  // namespace

std::string words_of(const HttpReply& reply, const Envelope& envelope, const Paired& paired) {
  constexpr std::size_t kMessage = 160;
  constexpr std::size_t kDoubts = 3;
  std::string said = fmt::format("HTTP {}", reply.status);
  const auto known = std::ranges::find(kStatusWords, reply.status, &StatusWords::status);
  if (known != kStatusWords.end()) said += words::says_of_status(known->words());
  if (came_from_a_cache(reply)) said += words::from_a_cache();
  if (!reply.flaw.empty()) said += words::answer_also(reply.flaw);
  if (reply.truncated) said += words::answer_cut_off();
  if (envelope.code()) said += words::answer_code(*envelope.code());
  if (envelope.is_json() && !envelope.message().empty()) {
    said += words::answer_says(text::shown(redacted(envelope.message()), kMessage));
  } else if (!envelope.is_json() && is_whole(reply)) {
    said += words::answer_also(kind_of(reply, envelope));
  }
  for (std::size_t i = 0; i < std::min(kDoubts, paired.doubts.size()); ++i)
    said += words::answer_doubt(paired.doubts[i]);
  if (paired.doubts.size() > kDoubts) said += words::answer_doubts_more(paired.doubts.size() - kDoubts);
  return said;
}

std::string redacted(std::string_view words) {
  std::string out;
  bool after_scheme = false;
  for (std::size_t at = 0; at < words.size();) {
    if (!is_token_character(words[at])) {
      out += words[at++];
      continue;
    }
    const auto begin = words.begin() + static_cast<std::ptrdiff_t>(at);
    const std::string_view run(begin, std::find_if_not(begin, words.end(), is_token_character));
    out += after_scheme || may_be_a_credential(run) ? "[hidden]" : run;
    after_scheme = !after_scheme && is_scheme(run);
    at += run.size();
  }
  return out;
}

}  // namespace sluice::orders
