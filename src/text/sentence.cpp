#include "sluice/text/sentence.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "sluice/base/rfc3339.hpp"

namespace sluice::text {

namespace {

constexpr char kBegin = '\x1c';
constexpr char kBetween = '\x1d';
constexpr char kEnd = '\x1e';

/// The noun after the colon of {n:one|many}.
std::string_view noun(std::string_view choices, std::string_view number) {
  const auto bar = choices.find('|');
  if (bar == choices.npos) return choices;
  return number == "1" ? choices.substr(0, bar) : choices.substr(bar + 1);
}

/// Two decimals below ten, none above: as much as a comparison needs.
std::string with_unit(double value, std::string_view unit) {
  auto digits = std::to_string(value);
  digits.resize(digits.find('.') + (value < 10 ? 3 : 0));
  while (digits.contains('.') && (digits.back() == '0' || digits.back() == '.')) digits.pop_back();
  return digits + " " + std::string(unit);
}

void append_in(Lang lang, std::string_view words, std::string& out) {
  for (auto begin = words.find(kBegin); begin != words.npos; begin = words.find(kBegin)) {
    out += words.substr(0, begin);
    words.remove_prefix(begin + 1);
    const auto end = std::min(words.find(kEnd), words.size());
    const auto between = std::min(words.find(kBetween), end);
    out += lang == Lang::en || between == end ? words.substr(0, between) : words.substr(between + 1, end - between - 1);
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  out += words;
}

}  // namespace

std::string both(std::string_view english, std::string_view chinese) {
  std::string out;
  out.reserve(english.size() + chinese.size() + 3);
  out += kBegin;
  out += english;
  out += kBetween;
  out += chinese;
  out += kEnd;
  return out;
}

std::string in(Lang lang, std::string_view words) {
  std::string out;
  append_in(lang, words, out);
  return out;
}

std::string fill(Lang lang, std::string_view sentence, std::span<const std::string> args) {
  if (args.empty()) return std::string(sentence);
  std::string out;
  out.reserve(sentence.size() + 64);
  for (auto brace = sentence.find('{'); brace != sentence.npos; brace = sentence.find('{')) {
    out += sentence.substr(0, brace);
    sentence.remove_prefix(brace);
    const auto close = sentence.find('}');
    const bool is_place = close != sentence.npos && sentence[1] >= '0' && sentence[1] <= '9' &&
                          (close == 2 || (close > 2 && sentence[2] == ':'));
    const auto index = is_place ? static_cast<std::size_t>(sentence[1] - '0') : args.size();
    if (index >= args.size()) {
      out += '{';
      sentence.remove_prefix(1);
      continue;
    }
    if (close == 2)
      append_in(lang, args[index], out);
    else
      out += noun(sentence.substr(3, close - 3), args[index]);
    sentence.remove_prefix(close + 1);
  }
  return out += sentence;
}

std::string size_words(std::uint64_t bytes) {
  if (bytes < 1024)
    return both(std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes"), std::to_string(bytes) + " 字节");
  auto value = static_cast<double>(bytes);
  for (const auto* unit : {"KiB", "MiB", "GiB"}) {
    value /= 1024;
    if (value < 1024) return with_unit(value, unit);
  }
  return with_unit(value / 1024, "TiB");
}

std::string duration_words(Nanos duration) {
  struct Unit {
    std::int64_t seconds;
    std::string_view english;
    std::string_view chinese;
  };
  static constexpr Unit kUnits[] = {
      {86'400, " d", " 天"}, {3'600, " h", " 小时"}, {60, " min", " 分"}, {1, " s", " 秒"}};
  auto seconds = std::chrono::ceil<std::chrono::seconds>(duration).count();
  std::string english;
  std::string chinese;
  int units = 0;
  for (const auto& unit : kUnits) {
    const auto count = seconds / unit.seconds;
    seconds -= count * unit.seconds;
    if (units == 2 || (count == 0 && (units > 0 || unit.seconds > 1))) {
      if (units > 0) break;
      continue;
    }
    ++units;
    english += (english.empty() ? "" : " ") + std::to_string(count) + std::string(unit.english);
    chinese += (chinese.empty() ? "" : " ") + std::to_string(count) + std::string(unit.chinese);
  }
  return both(english, chinese);
}

std::string time_words(WallTime t) {
  const auto date_and_time = [](WallTime at) {
    const auto text = rfc3339(at);
    return text.substr(0, 10) + " " + text.substr(11, 8);
  };
  return both(date_and_time(t) + " UTC", date_and_time(t + kApiOffset) + "（UTC+8）");
}

std::string clock_words(WallTime t) {
  const auto words = time_words(t);
  return both(in(Lang::en, words).substr(11), in(Lang::zh, words).substr(11));
}

}  // namespace sluice::text
