#pragma once

#include <memory>
#include <string>
#include <vector>

#include "spool/folders.hpp"
#include "spool/state_files.hpp"
#include "spool/sync_rounds.hpp"

namespace sluice::adapters::spool {

struct FileToClaim {
  std::string name;  ///< in the inbox
  OpenedFile opened;
  bool leased = false;  ///< the descriptor holds a read lease
};

/// The two folders of a claim, open, and the moves between them. Whatever doesn't come to a good end leaves in the
/// inbox what was in the inbox.
class ClaimStep {
 public:
  static Result<ClaimStep> open(const Folders& folders, JobId job, std::string name);

  const posix::Fd& inbox() const { return *inbox_; }
  const posix::Fd& state() const { return *state_; }
  std::string in_state(StateFile file) const { return state_name(job_, file); }
  ports::FileIdentity identity(const struct stat& about) const { return folders_.identity(about); }
  std::string shown_inbox() const;
  std::string shown_state(StateFile file) const;

  /// The inbox's name into state/, by renaming.
  Result<void> take_away(StateFile as) const;
  /// Back under its old name, or, if that is taken by now, as NAME.JOB.EXT.
  Result<void> put_back(StateFile as) const;
  /// Puts it back and says why; where even that fails, the words say where the file lies.
  std::unexpected<Error> undo(StateFile as, Error why) const;
  /// What was moved is what was opened, unwritten and unleased by nobody else: else kind `changed`.
  Result<void> verify(const FileToClaim& file, StateFile as) const;
  Error changed() const;

  /// For `recover`: where there are symbolic links, state/ says how the dropped file was called.
  void note_name() const;
  void remove(StateFile file) const;
  void remove_marker(const std::string& ready_suffix) const;
  /// What is to be fsynced after a move between them.
  std::vector<Unsynced> both() const;
  /// The same, at once.
  Result<void> sync_both() const;

 private:
  ClaimStep(const Folders& folders, OpenFolder inbox, OpenFolder state, JobId job, std::string name)
      : folders_(folders), inbox_(std::move(inbox)), state_(std::move(state)), job_(job), name_(std::move(name)) {}
  const Folders& folders_;
  OpenFolder inbox_;
  OpenFolder state_;
  JobId job_;
  std::string name_;
};

}  // namespace sluice::adapters::spool
