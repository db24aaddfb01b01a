#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <cstdio>
#include <fstream>

#include "server.hpp"

namespace {

using namespace sluice;

constexpr int kFailed = 1;
constexpr int kUsage = 64;

int complain(const Error& error) {
  fmt::print(stderr, "sluice-sandbox: {}\n", error.words);
  return error.kind == ErrorKind::usage ? kUsage : kFailed;
}

/// The port is the last number of the URL. Renamed into place: whoever waits for the file finds all of it.
void write_port(const std::string& file, const std::string& url) {
  if (file.empty()) return;
  const auto colon = url.rfind(':');
  const std::string half = file + ".tmp";
  std::ofstream(half) << url.substr(colon + 1, url.find('/', colon) - colon - 1) << '\n';
  std::rename(half.c_str(), file.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  const auto parsed = sandbox::parse_options(argc, argv);
  if (!parsed.options) return parsed.exit_code;
  sandbox::Api api(*parsed.options);
  if (const auto loaded = api.load(); !loaded) return complain(loaded.error());

  boost::asio::io_context context(1);
  sandbox::Server server(context, api, *parsed.options);
  const auto url = server.listen();
  if (!url) return complain(url.error());
  write_port(parsed.options->port_file, *url);
  fmt::print("listening on {}\n", *url);
  std::fflush(stdout);

  boost::asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code&, int) { server.stop(); });
  context.run();
  return 0;
}
