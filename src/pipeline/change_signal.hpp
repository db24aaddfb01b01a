#pragma once

#include <functional>
#include <utility>

namespace sluice::pipeline {

/// Says that the live picture is another one, to whoever looks at it now. While nobody does it costs a comparison.
class ChangeSignal {
 public:
  /// Null: nobody looks any more.
  void tell(std::function<void()> listener) { listener_ = std::move(listener); }
  void changed() const {
    if (listener_) listener_();
  }

 private:
  std::function<void()> listener_;
};

}  // namespace sluice::pipeline
