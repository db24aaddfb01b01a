#include <gmock/gmock.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <sstream>

#include "adapters/upstream/fixture.hpp"

namespace sluice::adapters::upstream {
namespace {

using testing::HasSubstr;
using testing::Not;
using From = config::CredentialSource::From;

class UpstreamCredential : public UpstreamTest {
 protected:
  UpstreamCredential() {
    spdlog::set_default_logger(
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log_)));
  }
  ~UpstreamCredential() override { spdlog::set_default_logger(before_); }

  config::Settings::Upstream from(From where, const std::string& name) {
    auto with = settings(peer_.url());
    with.authorization = {where, name};
    return with;
  }
  Result<std::unique_ptr<BeastUpstream>> try_open(const config::Settings::Upstream& with) {
    return BeastUpstream::open(context_.get_executor(), with, clock_);
  }
  Result<bool> refresh() { return finish(upstream_->refresh_credential()); }
  std::string sent() {
    EXPECT_TRUE(post());
    const std::string& request = peer_.requests().back();
    const auto at = request.find("Authorization: ") + 15;
    return request.substr(at, request.find("\r\n", at) - at);
  }

  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  std::ostringstream log_;
  ScriptedPeer peer_{context_, {{kReadRequest, send(answer("{}", "200 OK", "Connection: close\r\n"))}}};
};

TEST_F(UpstreamCredential, AChangedFileIsTakenOverAndSaidSo) {
  open(settings(peer_.url()));
  EXPECT_EQ(sent(), kCredential);
  EXPECT_FALSE(refresh().value());
  put_credential("\xEF\xBB\xBF  token-2 \r\n");
  EXPECT_TRUE(refresh().value());
  EXPECT_FALSE(refresh().value());
  EXPECT_EQ(sent(), "token-2");
}

TEST_F(UpstreamCredential, AFileThatIsEmptyGoneOrUnfitIsNoChangeAndTheErrorDoesNotTellTheValue) {
  open(settings(peer_.url()));
  for (const std::string& bad : std::initializer_list<std::string>{"", " \n", "s3cret\r\nX-Evil: 1", "s3cret\x01",
                                                                   "s3cret\xE2\x80\x9D", "Authorization: s3cret"}) {
    put_credential(bad);
    const auto refreshed = refresh();
    ASSERT_FALSE(refreshed) << bad;
    EXPECT_EQ(refreshed.error().kind, ErrorKind::config);
    EXPECT_THAT(refreshed.error().words, HasSubstr(credential_));
    EXPECT_THAT(refreshed.error().words, Not(HasSubstr("s3cret")));
  }
  std::filesystem::remove(credential_);
  EXPECT_FALSE(refresh());
  EXPECT_EQ(sent(), kCredential);
}

TEST_F(UpstreamCredential, AFileSwappedByRenameIsNoticed) {
  open(settings(peer_.url()));
  std::ofstream(folder_ / "next") << "token-2";
  std::filesystem::rename(folder_ / "next", credential_);
  EXPECT_TRUE(refresh().value());
}

TEST_F(UpstreamCredential, AFileThatEverybodyCanReadIsWarnedAboutOnceAndWithoutItsValue) {
  ::chmod(credential_.c_str(), 0644);
  open(settings(peer_.url()));
  EXPECT_THAT(log_.str(), HasSubstr(credential_));
  EXPECT_THAT(log_.str(), Not(HasSubstr("s3cret")));
  const auto said = log_.str();
  ASSERT_TRUE(refresh());
  EXPECT_EQ(log_.str(), said);
}

TEST_F(UpstreamCredential, APrivateFileIsNotWarnedAbout) {
  open(settings(peer_.url()));
  EXPECT_EQ(log_.str(), "");
}

TEST_F(UpstreamCredential, TheEnvironmentIsReadOnce) {
  ::setenv("SLUICE_TEST_AUTHORIZATION", "token-env", 1);
  open(from(From::env, "SLUICE_TEST_AUTHORIZATION"));
  EXPECT_EQ(sent(), "token-env");
  ::setenv("SLUICE_TEST_AUTHORIZATION", "token-new", 1);
  EXPECT_FALSE(refresh().value());
  ::unsetenv("SLUICE_TEST_AUTHORIZATION");
  const auto refused = try_open(from(From::env, "SLUICE_TEST_AUTHORIZATION"));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().words, HasSubstr("SLUICE_TEST_AUTHORIZATION"));
}

TEST_F(UpstreamCredential, ASystemdCredentialIsFoundInItsFolder) {
  ::setenv("CREDENTIALS_DIRECTORY", std::filesystem::path(credential_).parent_path().c_str(), 1);
  open(from(From::credential, "authorization"));
  EXPECT_EQ(sent(), kCredential);
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_THAT(try_open(from(From::credential, "authorization")).error().words, HasSubstr("LoadCredential="));
}

TEST_F(UpstreamCredential, WhatIsNoFileIsRefusedAtOnce) {
  ASSERT_EQ(::mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  for (const std::string& path : {folder_ / "fifo", folder_ / "missing", folder_ / "."}) {
    const auto refused = try_open(from(From::file, path));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::config);
  }
}

TEST_F(UpstreamCredential, AnotherSourceIsTakenOverByReconfiguring) {
  open(settings(peer_.url()));
  std::ofstream(folder_ / "other") << "token-3";
  ASSERT_TRUE(upstream_->reconfigure(from(From::file, folder_ / "other")));
  EXPECT_EQ(sent(), "token-3");
  EXPECT_FALSE(upstream_->reconfigure(from(From::file, folder_ / "missing")));
  EXPECT_EQ(sent(), "token-3");
}

}  // namespace
}  // namespace sluice::adapters::upstream
