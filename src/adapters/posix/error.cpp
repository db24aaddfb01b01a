#include "posix/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include "sluice/text/system_words.hpp"

namespace sluice::adapters::posix {
namespace {

namespace words = text::words;

/// What a caller may do about an error of the system, and what a person can.
struct Row {
  int error;
  ErrorKind kind;
  text::Sentence<0> advice;
};

constexpr auto kKnown = std::to_array<Row>({
    {ENOSPC, ErrorKind::no_space, words::make_room},          {EDQUOT, ErrorKind::no_space, words::raise_quota},
    {EFBIG, ErrorKind::no_space, words::raise_file_size},     {EMFILE, ErrorKind::no_handles, words::raise_handles},
    {ENFILE, ErrorKind::no_handles, words::system_handles},   {ENOMEM, ErrorKind::no_handles, words::system_memory},
    {EACCES, ErrorKind::permission, words::see_rights},       {EPERM, ErrorKind::permission, words::see_rights},
    {EROFS, ErrorKind::permission, words::is_read_only},      {ENOENT, ErrorKind::missing, words::see_the_name},
    {ESTALE, ErrorKind::missing, words::share_is_stale},      {EEXIST, ErrorKind::exists, words::never_overwritten},
    {ENOTEMPTY, ErrorKind::exists, words::never_overwritten}, {EISDIR, ErrorKind::exists, words::folder_has_name},
    {ENOTDIR, ErrorKind::changed, words::was_swapped},        {ELOOP, ErrorKind::changed, words::was_swapped},
    {ENXIO, ErrorKind::changed, words::was_swapped},          {EAGAIN, ErrorKind::busy, words::held_by_another},
    {ETXTBSY, ErrorKind::busy, words::held_by_another},       {EXDEV, ErrorKind::config, words::one_file_system},
    {EUCLEAN, ErrorKind::io, words::see_the_kernel},          {EIO, ErrorKind::io, words::see_the_kernel},
});

constexpr Row kOther = {0, ErrorKind::io, words::see_the_kernel};

const Row& known(int error) {
  const auto* row = std::ranges::find(kKnown, error, &Row::error);
  return row == kKnown.end() ? kOther : *row;
}

}  // namespace

ErrorKind kind_of(int error) {
  return known(error).kind;
}

Error system_error(int error, std::string_view doing, std::string_view where) {
  const Row& row = known(error);
  return {row.kind, words::cannot(doing, where, text::system_words(error), row.advice())};
}

Error unusable(Error error) {
  if (error.kind != ErrorKind::no_space) error.kind = ErrorKind::config;
  return error;
}

}  // namespace sluice::adapters::posix
