#pragma once

#include <string>

#include "sluice/ports/file_names.hpp"
#include "spool/folders.hpp"

namespace sluice::adapters::spool {

// The Spool operations of the same names, on a file thread: from state/ to where people look.
Result<void> publish(const Folders& folders, JobId job, ports::OutputKind kind, const std::string& dropped);
Result<void> archive(const Folders& folders, JobId job, const std::string& dropped);
Result<void> reject(const Folders& folders, JobId job, const std::string& dropped, const std::string& reason);
Result<void> show_progress(const Folders& folders, JobId job, const std::string& dropped, const std::string& line);
Result<void> discard(const Folders& folders, JobId job, ports::OutputKind kind);

}  // namespace sluice::adapters::spool
