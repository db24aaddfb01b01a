#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "sluice/base/error.hpp"
#include "sluice/pacing/gate.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/gate_store.hpp"

namespace sluice::adapters::gate {

/// The id of this boot, from the kernel or the unit; empty: nobody says.
std::string this_boot();

struct FileOptions {
  std::string path;
  pacing::Rate rate;
  mode_t mode = 0600;  ///< of a new file, whatever the umask; 0660 for one that other users' spools share
  std::string boot_id = this_boot();  ///< empty is refused (config): slots of another boot must not pass for ours
};

/// The pacing state in a file that processes of one machine may share: read, changed and written under an
/// open-file-description lock (fcntl(2), F_OFD_SETLK), and never synced, because the page cache outlives a killed
/// process and another boot is recognised by its id. A state that can't be read, is torn or is of another boot is
/// replaced and waits one window. A file that is removed or replaced while in use is noticed within 100 ms.
///
/// Each process holds a lock of its own on one byte behind the state for as long as it lives; that is its participant
/// number, and how the others notice its death.
///
/// Errors of opening, for people: config (another live participant has a different rate; all participant numbers
/// taken; a file that is there and no gate's, another user's or writable by everybody), io (a network filesystem, no
/// regular file), permission, missing, no_space, no_handles, busy (the lock was held for a whole second). Errors of
/// update(): the same, and then nothing was changed; io also when another process has kept the lock for 2 s. `clock`
/// outlives the store.
Result<std::unique_ptr<ports::GateStore>> open_file(FileOptions options, const ports::Clock& clock);

/// The same refusals for a file that is there already, for `config --check`: nothing is made, locked or changed.
Result<void> judge_file(const std::string& path);

}  // namespace sluice::adapters::gate
