#include "web/listener.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

namespace sluice::control::web {
namespace {

Result<void> listens_on(const std::string& address) {
  config::Settings settings;
  settings.control.web = address;
  boost::asio::io_context io;
  Acceptor acceptor(io);
  Entrance entrance;
  return listen_on(settings, acceptor, entrance);
}

TEST(Listener, OpensNoAddressThatOthersCouldReachWhateverTheSettingsLetThrough) {
  EXPECT_TRUE(listens_on("127.0.0.1:0"));
  for (const auto* address : {"0.0.0.0:0", "[::]:0"}) {
    const auto done = listens_on(address);
    ASSERT_FALSE(done) << address;
    EXPECT_EQ(done.error().kind, ErrorKind::config);
  }
}

}  // namespace
}  // namespace sluice::control::web
