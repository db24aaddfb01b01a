#include "postgresql/questions.hpp"

#include <pthread.h>

namespace sluice::adapters::postgresql {

Questions::Questions(Server server) : link_(std::move(server)), thread_([this] { work(); }) {}

Questions::~Questions() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

void Questions::put(Question question) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(question));
  }
  arrived_.notify_one();
}

void Questions::work() {
  ::pthread_setname_np(::pthread_self(), "hosts");
  for (;;) {
    Question next;
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    next(link_.get());
  }
}

}  // namespace sluice::adapters::postgresql
