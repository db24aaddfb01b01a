#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::orders {

/// Reads JSON (RFC 8259) in well-formed UTF-8 front to back, by views. Each function takes what it names off the front,
/// blanks before it included; false: something else is there, and the document is none.
class JsonScan {
 public:
  explicit JsonScan(std::string_view utf8) : rest_(utf8) {}

  /// What comes next, not yet taken; 0: nothing.
  char next() {
    while (!rest_.empty() && rest_[0] <= ' ' && is_blank(rest_[0])) rest_.remove_prefix(1);
    return rest_.empty() ? '\0' : rest_[0];
  }
  /// What is left from next() on; only to say with since() how far it was then.
  const char* at() {
    next();
    return rest_.data();
  }
  /// What was taken from there on.
  std::string_view since(const char* at_then) const { return {at_then, rest_.data()}; }
  bool at_end() { return next() == '\0' && rest_.empty(); }
  /// This very character, if it comes next.
  bool take(char c) {
    if (next() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  struct String {
    std::string_view text;  ///< as it stands between its quotes
    bool escaped = false;   ///< not what it means: unescaped() says that
  };
  bool string(String& out);
  /// How much of `text` stands here, byte for byte; nothing is taken.
  std::size_t same(std::string_view text) const;
  void skip(std::size_t bytes) { rest_.remove_prefix(bytes); }
  /// A value of any kind, as it stands there.
  bool value(std::string_view& out);

  /// Of an array or object: `item` is called with its bracket or a comma taken, and takes what comes up to the next
  /// one.
  template <class Item>
  bool items(char open, char close, Item item);

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
  bool skip_value();
  bool number();
  bool word(std::string_view word);

  std::string_view rest_;
  int depth_ = 0;
};

/// What a string means. Half a character (\ud800 without its other half) is U+FFFD.
std::string unescaped(std::string_view between_quotes);

template <class Item>
bool JsonScan::items(char open, char close, Item item) {
  constexpr int kDeepest = 32;
  if (!take(open) || ++depth_ > kDeepest) return false;
  if (!take(close)) {
    do {
      if (!item()) return false;
    } while (take(','));
    if (!take(close)) return false;
  }
  --depth_;
  return true;
}

}  // namespace sluice::orders
