#include "claimed_file_contract.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <fstream>
#include <optional>

#include "adapters/set_clock.hpp"
#include "adapters/temp_folder.hpp"
#include "spool/claimed_file.hpp"
#include "spool/folders.hpp"
#include "spool/offload.hpp"
#include "spool/state_files.hpp"

namespace sluice {
namespace {

/// A claimed file in a spool of its own.
class PosixFileMaker {
 public:
  PosixFileMaker() { write(kClaimedBytes); }
  ports::ClaimedFile& file() {
    if (!file_) file_.emplace(offload_, adapters::spool::ClaimedBytes::open(folders_, kJob).value());
    return *file_;
  }
  void change(const std::string& bytes) { write(bytes); }
  template <class T>
  T wait(ports::Task<T> task) {
    std::optional<T> result;
    boost::asio::co_spawn(io_, std::move(task), [&](const std::exception_ptr& thrown, T value) {
      if (!thrown) result.emplace(std::move(value));
    });
    io_.restart();
    io_.run();
    return std::move(result).value();
  }

 private:
  static constexpr JobId kJob{.day = 20240115, .n = 3};
  void write(const std::string& bytes) {
    std::ofstream(spool_ + "/state/" + adapters::spool::state_name(kJob, adapters::spool::StateFile::claimed),
                  std::ios::binary)
        << bytes;
  }

  adapters::TempFolder folder_;
  std::string spool_ = folder_ / "spool";
  adapters::spool::Folders folders_ = adapters::spool::Folders::make(spool_).value();
  boost::asio::io_context io_;
  adapters::spool::Offload offload_;
  std::optional<adapters::spool::PosixClaimedFile> file_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Posix, ClaimedFileContract, PosixFileMaker);

}  // namespace
}  // namespace sluice
