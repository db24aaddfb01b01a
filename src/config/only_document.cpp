#include "only_document.hpp"

#include <yaml-cpp/eventhandler.h>

#include <sstream>

namespace sluice::config {
namespace {

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

}  // namespace sluice::config
