#pragma once

#include <boost/asio/compose.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <cstdint>
#include <utility>

namespace sluice::adapters::upstream {

/// A TCP stream that counts the bytes the kernel took. Under TLS this is the only place that knows: the layers above
/// report nothing of a write that failed halfway.
class CountedStream {
 public:
  using next_layer_type = boost::beast::tcp_stream;
  using lowest_layer_type = next_layer_type::socket_type::lowest_layer_type;
  using executor_type = next_layer_type::executor_type;

  explicit CountedStream(const executor_type& executor) : next_(executor) {}

  next_layer_type& next_layer() { return next_; }
  lowest_layer_type& lowest_layer() { return next_.socket().lowest_layer(); }
  executor_type get_executor() { return next_.get_executor(); }
  std::uint64_t written() const { return written_; }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
        [this, buffers, begun = false](auto& self, boost::system::error_code error = {},
                                       std::size_t bytes = 0) mutable {
          if (!std::exchange(begun, true)) {
            const Buffers mine = buffers;  // self takes this very lambda with it
            next_.async_write_some(mine, std::move(self));
            return;
          }
          written_ += bytes;
          self.complete(error, bytes);
        },
        token, next_);
  }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return next_.async_read_some(buffers, std::forward<Token>(token));
  }

  // For a look that must not block: the socket is non-blocking.
  template <class Buffers>
  std::size_t read_some(const Buffers& buffers, boost::system::error_code& error) {
    return next_.socket().read_some(buffers, error);
  }
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers, boost::system::error_code& error) {
    const std::size_t bytes = next_.socket().write_some(buffers, error);
    written_ += bytes;
    return bytes;
  }

 private:
  next_layer_type next_;
  std::uint64_t written_ = 0;
};

}  // namespace sluice::adapters::upstream
