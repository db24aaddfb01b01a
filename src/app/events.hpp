#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sluice/base/ids.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/pipeline/status.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::app {

/// Something that people may want to be told of.
struct Event {
  config::Event kind = config::Event::finished;
  std::string job;    ///< its id; empty: it is about the whole line, or about a file that is no job yet
  std::string name;   ///< the file's, as shown to people
  std::string words;  ///< what happened and what to do, in one line and both languages
  std::optional<ports::Counts> counts;
};
std::string_view name(config::Event kind);
/// {"event","at","job","name","words","words_zh","counts"}, in one line.
std::string event_json(const Event& event, WallTime at);

/// What became of a job that ended: one event, and one more where orders are in doubt.
std::vector<Event> events_of(const ports::JobHeader& ended);

/// Tells from one picture to the next what happened on the line: pauses, holds, files that nobody takes.
class LineWatch {
 public:
  /// What is new since the picture before. The first one is compared with a line at rest.
  std::vector<Event> look(const pipeline::Status& status);

 private:
  void look_at_pause(const pipeline::Status& status, std::vector<Event>& events);
  void look_at_holds(const pipeline::Status& status, std::vector<Event>& events);
  void look_at_waiting(const pipeline::Status& status, std::vector<Event>& events);

  struct Waiting {
    WallTime since{};
    bool told = false;
  };
  pipeline::Pause pause_ = pipeline::Pause::none;
  std::map<JobId, std::string> held_;
  std::map<std::string, Waiting> waiting_;  ///< by the file's name
};

}  // namespace sluice::app
