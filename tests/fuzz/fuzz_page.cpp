// What a browser, or somebody else, sends to the page's port: requests one behind the other on one connection.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "property.hpp"
#include "web/exchange.hpp"
#include "web/query.hpp"
#include "web/upload_desk.hpp"

namespace {

using namespace sluice;
using namespace sluice::control::web;
namespace asio = boost::asio;

constexpr std::size_t kMostBytes = 32 * 1024;  // fits a socket's buffer
constexpr std::size_t kMostBody = 512;
constexpr auto kPatience = std::chrono::seconds(2);

void look_at(const Exchange& exchange) {
  FUZZ_PROPERTY(exchange.path().size() <= exchange.target().size());
  FUZZ_PROPERTY(exchange.parameter("name").size() <= exchange.target().size());
  const auto name = exchange.parameter("name");
  if (why_no_name(name).empty()) {
    FUZZ_PROPERTY(!name.empty() && name.front() != '.' &&
                  name.find_first_of(std::string_view("/\0\n", 3)) == std::string::npos);
  }
  (void)exchange.header("Cookie");
}

/// By its first byte: a body in one, in pieces, or left where it is.
ports::Task<bool> serve(Exchange& exchange, std::uint8_t how) {
  if (how % 3 == 0) {
    const auto body = co_await exchange.body(kMostBody);
    FUZZ_PROPERTY(!body || body->size() <= kMostBody);
  } else if (how % 3 == 1) {
    std::size_t all = 0;
    for (auto piece = co_await exchange.piece(); piece && !piece->empty(); piece = co_await exchange.piece())
      all += piece->size();
    FUZZ_PROPERTY(all <= kMostBytes);
  }
  co_await exchange.answer({.body = "{}"});
  co_return exchange.may_go_on();
}

ports::Task<void> serve_all(Stream& stream, std::uint8_t how, std::size_t bytes) {
  boost::beast::flat_buffer buffer;
  for (std::size_t exchanges = 0;; ++exchanges) {
    FUZZ_PROPERTY(exchanges <= bytes);
    Exchange exchange(stream, buffer, kPatience);
    if (!co_await exchange.read_head()) break;
    look_at(exchange);
    if (!co_await serve(exchange, how)) break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1 || size > kMostBytes) return 0;
  asio::io_context context;
  asio::local::stream_protocol::socket theirs(context);
  asio::local::stream_protocol::socket ours(context);
  asio::local::connect_pair(theirs, ours);
  asio::write(theirs, asio::buffer(data + 1, size - 1));
  theirs.shutdown(asio::socket_base::shutdown_send);
  Stream stream{asio::generic::stream_protocol::socket(std::move(ours))};
  asio::co_spawn(context, serve_all(stream, data[0], size), [](const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);
  });
  context.run();
  return 0;
}
