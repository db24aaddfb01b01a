#include "posix/error.hpp"
#include "sluice/text/words/spool.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace sluice::adapters::posix {
namespace {

namespace words = text::words;

/// What is said of an error of the system, and what a person can do about it.
struct Row {
  int error;
  ErrorKind kind;
  text::Sentence<0> said;
  text::Sentence<0> advice;
};

constexpr std::array<Row, 13> kSaid = {{
    {ENOSPC, ErrorKind::no_space, words::os_no_room, words::make_room},
    {EDQUOT, ErrorKind::no_space, words::os_quota, words::raise_quota},
    {EFBIG, ErrorKind::no_space, words::os_too_large, words::raise_file_size},
    {EMFILE, ErrorKind::no_handles, words::os_files, words::raise_handles},
    {ENOMEM, ErrorKind::no_handles, words::os_memory, words::system_memory},
    {EACCES, ErrorKind::permission, words::os_access, words::see_rights},
    {EPERM, ErrorKind::permission, words::os_not_permitted, words::see_rights},
    {EROFS, ErrorKind::permission, words::os_read_only, words::is_read_only},
    {ENOENT, ErrorKind::missing, words::os_missing, words::see_the_name},
    {EEXIST, ErrorKind::exists, words::os_exists, words::never_overwritten},
    {EISDIR, ErrorKind::exists, words::os_is_folder, words::folder_has_name},
    {ENOTDIR, ErrorKind::changed, words::os_no_folder, words::was_swapped},
    {EIO, ErrorKind::io, words::os_io, words::see_the_kernel},
}};

/// The rarer ones, which keep the system's own words.
struct Rare {
  int error;
  ErrorKind kind;
  text::Sentence<0> advice;
};
constexpr std::array<Rare, 9> kRare = {{
    {ENFILE, ErrorKind::no_handles, words::system_handles},
    {ESTALE, ErrorKind::missing, words::share_is_stale},
    {ENOTEMPTY, ErrorKind::exists, words::never_overwritten},
    {ELOOP, ErrorKind::changed, words::was_swapped},
    {ENXIO, ErrorKind::changed, words::was_swapped},
    {EAGAIN, ErrorKind::busy, words::held_by_another},
    {ETXTBSY, ErrorKind::busy, words::held_by_another},
    {EXDEV, ErrorKind::config, words::one_file_system},
    {EUCLEAN, ErrorKind::io, words::see_the_kernel},
}};

constexpr text::Sentence<0> kDeeds[] = {
    words::do_look_at,        words::do_read,         words::do_write,       words::do_open,
    words::do_create,         words::do_remove,       words::do_make,        words::do_list,
    words::do_lock,           words::do_sync,         words::do_fsync,       words::do_sync_folder,
    words::do_sync_folder_of, words::do_set_mode,     words::do_open_folder, words::do_open_spool,
    words::do_make_spool,     words::do_make_private, words::do_take_out,    words::do_put_back,
    words::do_copy,           words::do_ask_room,     words::do_be_told,     words::do_read_gate,
    words::do_open_gate,      words::do_write_gate,   words::do_lock_gate,   words::do_draw,
    words::do_fsync_folder_of};

/// What was being done, in both languages; what has no row stays English.
std::string deed(std::string_view doing) {
  const auto* found = std::ranges::find(kDeeds, doing, &text::Sentence<0>::english);
  return found == std::end(kDeeds) ? std::string(doing) : (*found)();
}

/// What the system says, and the advice. `said` is empty where only the system has words for it.
struct Known {
  ErrorKind kind = ErrorKind::io;
  std::string said;
  std::string advice = words::see_the_kernel();
};

Known known(int error) {
  if (const auto* row = std::ranges::find(kSaid, error, &Row::error); row != kSaid.end())
    return {row->kind, row->said(), row->advice()};
  if (const auto* row = std::ranges::find(kRare, error, &Rare::error); row != kRare.end())
    return {row->kind, {}, row->advice()};
  return {};
}

}  // namespace

ErrorKind kind_of(int error) {
  return known(error).kind;
}

Error system_error(int error, std::string_view doing, std::string_view where) {
  const char* own = ::strerrordesc_np(error);
  auto [kind, said, advice] = known(error);
  if (said.empty()) said = words::os_other(own == nullptr ? "" : own, error);
  return {kind, words::cannot(deed(doing), where, said, advice)};
}

Error unusable(Error error) {
  if (error.kind != ErrorKind::no_space) error.kind = ErrorKind::config;
  return error;
}

}  // namespace sluice::adapters::posix
