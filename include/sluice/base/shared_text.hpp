#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sluice {

/// A text that is made once and then only read, by however many hold it, on any thread: to copy it costs a count and no
/// allocation.
class SharedText {
 public:
  SharedText() = default;
  SharedText(std::string text)  // NOLINT(google-explicit-constructor): it is a text like any other
      : text_(text.empty() ? nullptr : std::make_shared<const std::string>(std::move(text))) {}
  SharedText(std::string_view text) : SharedText(std::string(text)) {}  // NOLINT(google-explicit-constructor): the same
  SharedText(const char* text) : SharedText(std::string(text)) {}       // NOLINT(google-explicit-constructor): the same

  operator std::string_view() const {  // NOLINT(google-explicit-constructor): whoever reads it needs no more
    return text_ ? std::string_view(*text_) : std::string_view();
  }
  bool empty() const { return !text_; }
  std::size_t size() const { return std::string_view(*this).size(); }

  friend bool operator==(const SharedText& a, const SharedText& b) {
    return a.text_ == b.text_ || std::string_view(a) == std::string_view(b);
  }
  template <std::convertible_to<std::string_view> Text>
  friend bool operator==(const SharedText& a, const Text& b) {
    return std::string_view(a) == std::string_view(b);
  }

 private:
  std::shared_ptr<const std::string> text_;  ///< nullptr: empty
};

}  // namespace sluice
