#include "sluice/text/system_words.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "sluice/text/words/spool.hpp"

namespace sluice::text {
namespace {

struct Row {
  int error;
  Sentence<0> said;
};

constexpr auto kSaid = std::to_array<Row>({
    {ENOSPC, words::os_no_room},
    {EDQUOT, words::os_quota},
    {EFBIG, words::os_too_large},
    {EMFILE, words::os_files},
    {ENOMEM, words::os_memory},
    {EACCES, words::os_access},
    {EPERM, words::os_not_permitted},
    {EROFS, words::os_read_only},
    {ENOENT, words::os_missing},
    {EEXIST, words::os_exists},
    {EISDIR, words::os_is_folder},
    {ENOTDIR, words::os_no_folder},
    {EIO, words::os_io},
    {EADDRINUSE, words::os_in_use},
    {EADDRNOTAVAIL, words::os_no_address},
    {ECONNREFUSED, words::os_refused},
    {ENAMETOOLONG, words::os_long_name},
    {ETIMEDOUT, words::os_timed_out},
});

}  // namespace

std::string system_words(int error) {
  const auto* row = std::ranges::find(kSaid, error, &Row::error);
  if (row != kSaid.end()) return row->said();
  const char* own = ::strerrordesc_np(error);
  return words::os_other(own == nullptr ? "" : own, error);
}

}  // namespace sluice::text
