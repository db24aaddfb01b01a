#include "sluice/text/words.hpp"

#include <array>
#include <string_view>

namespace sluice::text {
namespace {

struct Sentence {
  std::string_view english;
  std::string_view chinese;
};

constexpr auto kSentences = std::to_array<Sentence>({
#define WORD(name, english, chinese) {english, chinese},
#include "sluice/text/words.def"
#undef WORD
});

}  // namespace

std::string say(Lang lang, const Message& message) {
  const Sentence& sentence = kSentences[static_cast<std::size_t>(message.word)];
  std::string_view rest = lang == Lang::zh ? sentence.chinese : sentence.english;
  std::string out;
  out.reserve(rest.size() + 64);
  for (auto brace = rest.find('{'); brace != rest.npos; brace = rest.find('{')) {
    out += rest.substr(0, brace);
    rest.remove_prefix(brace);
    const bool is_place = rest.size() >= 3 && rest[1] >= '0' && rest[1] <= '9' && rest[2] == '}';
    const auto index = is_place ? static_cast<std::size_t>(rest[1] - '0') : message.args.size();
    if (index < message.args.size()) {
      out += message.args[index];
      rest.remove_prefix(3);
    } else {
      out += '{';
      rest.remove_prefix(1);
    }
  }
  return out += rest;
}

std::string say_all(Lang lang, std::span<const Message> messages) {
  std::string all;
  for (const Message& message : messages) {
    if (!all.empty()) all += lang == Lang::zh ? "；" : "; ";
    all += say(lang, message);
  }
  return all;
}

std::string say_in_both(const Message& message) {
  return say(Lang::en, message) + '\n' + say(Lang::zh, message);
}

}  // namespace sluice::text
