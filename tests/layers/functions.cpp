#include "layers/functions.hpp"

#include <algorithm>
#include <cstdint>
#include <regex>
#include <utility>

namespace sluice::house {
namespace {

/// Overwrites [from, to) with blanks, but for its line ends.
void blank(std::string& text, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < std::min(to, text.size()); ++i) {
    if (text[i] != '\n') text[i] = ' ';
  }
}

/// Where the literal or comment that begins at `at` ends, or `at` if none begins there.
std::size_t end_of_quiet(const std::string& text, std::size_t at) {
  const auto behind = [&](std::string_view end, std::size_t from) {
    const std::size_t found = text.find(end, from);
    return found == std::string::npos ? text.size() : found + end.size();
  };
  const std::string_view rest = std::string_view(text).substr(at);
  if (rest.starts_with("//")) return std::min(text.find('\n', at), text.size());
  if (rest.starts_with("/*")) return behind("*/", at);
  if (rest.starts_with("R\"")) {
    const std::size_t open = text.find('(', at);
    return behind(")" + text.substr(at + 2, open - at - 2) + "\"", open);
  }
  // 1'000 is a number, not a character.
  const bool digit_before = at > 0 && std::isalnum(static_cast<unsigned char>(text[at - 1])) != 0;
  if (text[at] != '"' && (text[at] != '\'' || digit_before)) return at;
  std::size_t i = at + 1;
  while (i < text.size() && text[i] != text[at]) i += text[i] == '\\' ? 2 : 1;
  return i + 1;
}

/// Comments, literals and preprocessor lines become blanks.
std::string code_of(std::string text) {
  bool line_begins = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (line_begins && text[i] == '#') {
      std::size_t end = text.find('\n', i);
      while (end != std::string::npos && text[end - 1] == '\\') end = text.find('\n', end + 1);
      blank(text, i, end);
      i = std::min(end, text.size()) - 1;
      continue;
    }
    if (const std::size_t end = end_of_quiet(text, i); end != i) {
      blank(text, i, end);
      i = end - 1;
      line_begins = false;
      continue;
    }
    line_begins = text[i] == '\n' || (line_begins && text[i] == ' ');
  }
  return text;
}

enum class Scope : std::uint8_t {
  open,         ///< namespace, class: functions may stand in it
  function,     ///
  initializer,  ///< of a member, in front of a constructor's body
  other,        ///< a value, or anything within a function
};

Scope scope_of(std::string head) {
  static const std::regex templates(R"(^\s*template\s*<[^{]*?>\s)");
  static const std::regex type(R"(^\s*(\[\[\w+\]\]\s*)?(inline\s+)?(namespace|class|struct|union|enum|extern)\b)");
  static const std::regex member(R"(\).*[^:]:[^:].*[,:]?\s[\w:<>]+$|\)\s*(noexcept\s*)?:\s*[\w:<>]+$)");
  static const std::regex value(R"([^=!<>]=\s*(\[.*)?$|^[^(]*=[^=])");
  std::ranges::replace(head, '\n', ' ');
  head.erase(head.find_last_not_of(' ') + 1);
  head = std::regex_replace(head, templates, "");
  if (std::regex_search(head, type) || head.find_first_not_of(' ') == std::string::npos) return Scope::open;
  if (!head.contains(')') || (std::regex_search(head, value) && !head.contains("operator"))) return Scope::other;
  if (std::regex_search(head, member)) return Scope::initializer;
  return Scope::function;
}

std::string name_in(const std::string& head) {
  static const std::regex name(R"(([\w:~]+|operator\S+)\s*\()");
  std::smatch match;
  return std::regex_search(head, match, name) ? match[1].str() : head;
}

class Walk {
 public:
  explicit Walk(std::string code) : code_(std::move(code)) {}

  std::vector<Function> functions() {
    for (std::size_t i = 0; i < code_.size(); ++i) step(i);
    return std::move(found_);
  }

 private:
  bool in_function() const {
    return std::ranges::any_of(scopes_, [](Scope scope) { return scope == Scope::function || scope == Scope::other; });
  }

  void step(std::size_t at) {
    const char c = code_[at];
    line_ += c == '\n';
    if (c == '{') {
      const Scope scope = in_function() ? Scope::other : scope_of(code_.substr(head_, at - head_));
      if (scope == Scope::function) {
        found_.push_back({name_in(code_.substr(head_, at - head_)), line_, 0, false});
        body_ = at;
      }
      scopes_.push_back(scope);
      if (scope == Scope::open || scope == Scope::function) head_ = at + 1;
    } else if (c == '}' && !scopes_.empty()) {
      const Scope scope = std::exchange(scopes_.back(), Scope::other);
      scopes_.pop_back();
      if (scope == Scope::function) close(at);
      if (scope == Scope::open || scope == Scope::function) head_ = at + 1;
    } else if (c == ';' && !in_function()) {
      head_ = at + 1;
    }
  }

  void close(std::size_t at) {
    static const std::regex awaits(R"(\bco_(await|return|yield)\b)");
    Function& function = found_.back();
    function.lines = line_ - function.line;
    function.coroutine = std::regex_search(code_.substr(body_, at - body_), awaits);
  }

  std::string code_;
  std::vector<Function> found_;
  std::vector<Scope> scopes_;
  std::size_t head_ = 0;  ///< where the declaration under way begins
  std::size_t body_ = 0;
  std::size_t line_ = 1;
};

}  // namespace

std::vector<Function> functions_of(const std::string& source) {
  return Walk(code_of(source)).functions();
}

}  // namespace sluice::house
