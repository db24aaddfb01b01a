#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/text/sentence.hpp"

namespace sluice::app {

/// Whether stdout is a terminal that colour may go to: not where NO_COLOR is set to anything (no-color.org), nor where
/// TERM is dumb.
bool wants_color();

struct Window {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// What is written to show a text in a window whose content it replaces in place: long lines are wrapped, and what
/// finds no room below is counted in the last line.
std::string frame(std::string_view text, Window window, text::Lang language);

/// Stdout, while a picture is kept up on it. A terminal shows it on its second screen without a cursor, and has its own
/// content and cursor back at the end, whichever end that is: also when a signal ends the process or puts it into the
/// background. Anything else gets one picture after the other, as they are. One of these at a time.
class Screen {
 public:
  enum class Kind : std::uint8_t { in_place, one_after_the_other };
  Screen(text::Lang language, Kind kind);
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  /// Whether it got out.
  bool draw(std::string_view text) const;
  /// Returns early when the terminal has another size.
  void wait(std::chrono::seconds longest) const;

 private:
  text::Lang language_;
  bool in_place_;
};

}  // namespace sluice::app
