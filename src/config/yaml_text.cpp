#include "yaml_text.hpp"

#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "sluice/text/normal.hpp"
#include "sluice/text/words/settings.hpp"

namespace sluice::config {
namespace {

namespace words = text::words;

constexpr std::string_view kWideColon = "：";

struct Advice {
  std::string_view library_words;
  text::Sentence<0> advice;
};

constexpr auto kAdvice = std::to_array<Advice>({
    {"end of map not found", words::indented_unlike},
    {"illegal map value", words::key_where_none},
    {"end of map flow not found", words::brace_open},
    {"end of sequence flow not found", words::bracket_open},
});

std::optional<Slip> slip_in(std::string_view text, std::size_t line) {
  const std::size_t indent = std::min(text.find_first_not_of(" \t"), text.size());
  if (const std::size_t tab = text.substr(0, indent).find('\t'); tab != text.npos && indent < text.size())
    return Slip{.line = line, .column = tab + 1, .words = words::tab_indents()};
  const std::size_t wide = text.find(kWideColon);
  if (wide == text.npos || text.find_first_of(":#\"'") < wide) return std::nullopt;
  return Slip{
      .line = line, .column = text::code_points(text.substr(0, wide)) + 1, .words = words::wide_colon(kWideColon)};
}

/// Notes where the last document began, and is deaf to what is in it.
class Beginning : public YAML::EventHandler {
 public:
  YAML::Mark mark;

  void OnDocumentStart(const YAML::Mark& at) override { mark = at; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

}  // namespace

std::optional<YAML::Mark> second_document(const std::string& yaml) {
  std::istringstream stream(yaml);
  YAML::Parser parser(stream);
  Beginning beginning;
  const bool two = parser.HandleNextDocument(beginning) && parser.HandleNextDocument(beginning);
  return two ? std::optional(beginning.mark) : std::nullopt;
}

std::optional<Slip> find_slip(std::string_view yaml) {
  for (std::size_t line = 1; !yaml.empty(); ++line) {
    const std::size_t end = std::min(yaml.find('\n'), yaml.size());
    if (auto slip = slip_in(yaml.substr(0, end), line)) return slip;
    yaml.remove_prefix(std::min(end + 1, yaml.size()));
  }
  return std::nullopt;
}

std::string words_for(std::string_view library_words) {
  const auto found = std::ranges::find(kAdvice, library_words, &Advice::library_words);
  return found == kAdvice.end() ? words::yaml_otherwise(library_words)
                                : words::yaml_because(library_words, found->advice());
}

std::string advice_for_colon(std::string_view text) {
  if (text.contains(kWideColon)) return words::wide_colon_advice();
  return text.contains(':') ? words::blank_advice() : "";
}

}  // namespace sluice::config
