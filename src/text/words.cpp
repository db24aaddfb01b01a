#include "sluice/text/words.hpp"

#include <array>
#include <string_view>

namespace sluice::text {
namespace {

struct Row {
  std::string_view english;
  std::string_view chinese;
};

constexpr auto kRows = std::to_array<Row>({
#define WORD(name, english, chinese) {english, chinese},
#include "sluice/text/words.def"
#undef WORD
});

}  // namespace

std::string say(Lang lang, const Message& message) {
  const Row& row = kRows[static_cast<std::size_t>(message.word)];
  return fill(lang, lang == Lang::zh ? row.chinese : row.english, message.args);
}

std::string say_all(Lang lang, std::span<const Message> messages) {
  std::string all;
  for (const Message& message : messages) {
    if (!all.empty()) all += lang == Lang::zh ? "；" : "; ";
    all += say(lang, message);
  }
  return all;
}

std::string both(const Message& message) {
  return both(say(Lang::en, message), say(Lang::zh, message));
}

std::string with(Lang lang, std::string said, const Message& next) {
  const bool ended = said.ends_with('.') || said.ends_with('!') || said.ends_with('?') || said.ends_with("。");
  if (!ended && !said.empty()) said += lang == Lang::zh ? "。" : ".";
  if (lang == Lang::en && !said.empty()) said += ' ';
  return said += say(lang, next);
}

}  // namespace sluice::text
