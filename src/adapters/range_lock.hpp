#pragma once

#include <sys/types.h>

namespace sluice::adapters {

/// Exclusive open-file-description locks on a range of bytes (fcntl(2)): they belong to the open file, so two openings
/// in one process exclude each other like two processes do, and the kernel drops them when the last descriptor goes.
struct Range {
  off_t start;
  off_t length;
};

/// Takes it if it is free this moment. False, with errno EAGAIN or EACCES: somebody else has it.
bool try_lock(int fd, Range range);
void unlock(int fd, Range range);
/// Whether an opening other than this one holds any of it. Errors count as held: nobody is declared dead on a guess.
bool locked_elsewhere(int fd, Range range);

}  // namespace sluice::adapters
