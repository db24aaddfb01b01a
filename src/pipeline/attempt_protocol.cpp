#include "attempt_protocol.hpp"

#include "sluice/base/check.hpp"

namespace sluice::pipeline {

/// Each step in turn; those that stand aside lead back to the end.
Step AttemptProtocol::after_done() {
  switch (step_) {
    case Step::fit:
      return Step::read;
    case Step::read:
      return Step::take_keys;
    case Step::take_keys:
      return Step::judge;
    case Step::judge:
      return Step::compare;
    case Step::compare:
      return Step::connect;
    case Step::connect:  // a second time, if the first connection had gone stale
      return fate_ == Fate::announced ? Step::take_slot : Step::announce;
    case Step::announce:
      fate_ = Fate::announced;
      return Step::take_slot;
    case Step::take_slot:
      return Step::post;
    case Step::post:
      fate_ = Fate::left;
      return Step::settle;
    case Step::withdraw:
      fate_ = Fate::withdrawn;
      return Step::put_back;
    case Step::give_up:
      fate_ = Fate::consumed;
      return Step::end;
    case Step::settle:
    case Step::put_back:
    case Step::end:
      break;
  }
  return Step::end;
}

/// What is announced must be withdrawn first.
Step AttemptProtocol::after_not_now() const {
  SLUICE_CHECK(step_ < Step::post, "an attempt turns back before its bytes leave");
  return fate_ == Fate::announced ? Step::withdraw : Step::put_back;
}

Step AttemptProtocol::next(Event event) {
  switch (event) {
    case Event::done:
      step_ = after_done();
      break;
    case Event::not_now:
      step_ = after_not_now();
      break;
    case Event::not_again:
      SLUICE_CHECK(step_ == Step::read, "whether it may go again is asked once its orders are known");
      step_ = Step::give_up;
      break;
    case Event::consumed:
      fate_ = Fate::consumed;
      step_ = Step::end;
      break;
    case Event::stale:
      SLUICE_CHECK(step_ == Step::take_slot, "a connection goes stale while its attempt waits for a slot");
      step_ = Step::connect;
      break;
    case Event::never_left:
      SLUICE_CHECK(step_ == Step::post, "what never left was about to");
      step_ = Step::withdraw;
      break;
  }
  return step_;
}

}  // namespace sluice::pipeline
