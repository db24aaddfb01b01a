#include "sim_spool_handles.hpp"

#include <algorithm>

namespace sluice::simulation {

using ports::Task;

Task<Result<void>> SimCandidate::take(JobId job) {
  if (auto entered = co_await spool_.enter("take", true); !entered) co_return entered;
  Disk& disk = spool_.disk();
  const File there = disk.find(Folder::inbox, name_);
  if (!there) co_return fail(ErrorKind::missing, "gone from the inbox");
  // The lease of a real spool: a file that is being written, or is another one by now, stays in the inbox.
  if (there != file_ || Disk::identity(*there) != identity_ || there->being_written) {
    co_return fail(ErrorKind::changed, "not the file that was found");
  }
  if (disk.find(Folder::state, claimed_name(job))) co_return fail(ErrorKind::exists, "the job has a file already");
  if (file_->hard_linked) co_return co_await copy(job);
  disk.rename(Folder::inbox, name_, Folder::state, claimed_name(job), spool_.now_ns());
  if (auto synced = co_await spool_.enter("take: sync", true); !synced) co_return synced;
  disk.sync(Folder::inbox);
  disk.sync(Folder::state);
  co_return co_await spool_.enter("taken", false);
}

Task<Result<void>> SimCandidate::copy(JobId job) {
  Disk& disk = spool_.disk();
  // Complete and durable under another name before it is a claim.
  const std::string temporary = copied_name(job);
  if (disk.find(Folder::state, temporary)) disk.remove(Folder::state, temporary);
  const File copy = disk.create(Folder::state, temporary, spool_.now_ns());
  disk.append(copy, file_->data, spool_.now_ns());
  disk.sync(copy);
  if (auto entered = co_await spool_.enter("take: copied", true); !entered) co_return entered;
  // Another host may have taken the job over meanwhile, and found no claim.
  if (disk.find(Folder::state, temporary) != copy) co_return fail(ErrorKind::missing, "the copy is gone");
  if (disk.find(Folder::state, claimed_name(job))) co_return fail(ErrorKind::exists, "the job has a file already");
  disk.rename(Folder::state, temporary, Folder::state, claimed_name(job), spool_.now_ns());
  disk.sync(Folder::state);
  if (auto entered = co_await spool_.enter("take: unlink", true); !entered) co_return entered;
  if (disk.find(Folder::inbox, name_) == file_) disk.remove(Folder::inbox, name_);
  disk.sync(Folder::inbox);
  co_return Result<void>{};
}

Task<Result<ports::FileIdentity>> SimClaimedFile::identity() {
  if (auto entered = co_await spool_.enter("identity", false); !entered) co_return std::unexpected(entered.error());
  if (!in_place()) co_return fail(ErrorKind::changed, "the path leads elsewhere");
  co_return Disk::identity(*file_);
}

Task<Result<std::string>> SimClaimedFile::content_hash(std::function<bool()>) {
  if (auto entered = co_await spool_.enter("content_hash", false); !entered) co_return std::unexpected(entered.error());
  // Not SHA-256, but as long: nobody here tries to find a second file with the same.
  Trace hash(false);
  for (const char c : file_->data) hash.stamp(static_cast<unsigned char>(c));
  co_return fmt::format("{0:016x}{0:016x}{0:016x}{0:016x}", hash.fingerprint());
}

Task<Result<std::string>> SimClaimedFile::read_at(std::uint64_t offset, std::size_t size) {
  if (auto entered = co_await spool_.enter("read_at", false); !entered) co_return std::unexpected(entered.error());
  co_return offset >= file_->data.size() ? std::string{} : file_->data.substr(offset, size);
}

Task<Result<std::string>> SimClaimedFile::read_rows(std::vector<records::RowRef> rows, ports::FileIdentity expected) {
  if (auto entered = co_await spool_.enter("read_rows", false); !entered) co_return std::unexpected(entered.error());
  if (!in_place() || Disk::identity(*file_) != expected) co_return fail(ErrorKind::changed, "not what was surveyed");
  std::string bytes;
  for (const auto& row : rows) bytes += file_->data.substr(row.offset, row.length);
  co_return bytes;
}

Task<Result<void>> SimOutput::append(std::string bytes) {
  if (auto entered = co_await spool_.enter("append", true); !entered) co_return entered;
  spool_.disk().append(file_, bytes, spool_.now_ns());
  co_return Result<void>{};
}

Task<Result<void>> SimOutput::finish() {
  if (auto entered = co_await spool_.enter("finish", true); !entered) co_return entered;
  const Mistake mistake = spool_.witness().mistake;
  if (mistake != Mistake::lazy_fsync && mistake != Mistake::rename_before_fsync) spool_.disk().sync(file_);
  // The names of all must be durable with the last: a missing temporary reads as "published already".
  const bool last = kind_ == ports::OutputKind::summary;
  if (last && mistake != Mistake::rename_before_fsync) spool_.disk().sync(Folder::state);
  const auto [first, fresh] = spool_.witness().first_finished.try_emplace({job_.n, kind_}, file_->data);
  if (!fresh && kind_ != ports::OutputKind::summary && first->second != file_->data) {
    spool_.witness().violations.push_back(
        fmt::format("I7: {} of job {} came out differently the second time", static_cast<int>(kind_), to_string(job_)));
  }
  co_return co_await spool_.enter("finished", false);
}

}  // namespace sluice::simulation
