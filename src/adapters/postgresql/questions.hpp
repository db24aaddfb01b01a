#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "postgresql/connection.hpp"
#include "postgresql/link.hpp"
#include "queue/delivery.hpp"
#include "sluice/ports/clock.hpp"

namespace sluice::adapters::postgresql {

/// A thread with a connection, that answers one question after the other.
class Questions {
 public:
  explicit Questions(Server server);
  /// Answers what was asked, then joins.
  ~Questions();
  Questions(const Questions&) = delete;
  Questions& operator=(const Questions&) = delete;

  /// `query` is called on the thread; what it captures is its own.
  template <class T, class Query>
  ports::Task<Result<T>> ask(Query query) {
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Result<T>)>(
        [this](auto handler, Query queued) {
          put([queued = std::move(queued), deliver = queue::Delivery<decltype(handler), T>(std::move(handler))](
                  Result<Connection*> connection) mutable {
            if (connection)
              deliver(queued(**connection));
            else
              deliver(std::unexpected(connection.error()));
          });
        },
        boost::asio::use_awaitable, std::move(query));
  }

 private:
  using Question = std::move_only_function<void(Result<Connection*>)>;
  void put(Question question);
  void work();

  Link link_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Question> waiting_;
  bool stopping_ = false;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace sluice::adapters::postgresql
