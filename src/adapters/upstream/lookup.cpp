#include "upstream/lookup.hpp"
#include "upstream/spoken.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::adapters::upstream {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

std::string in_words(const Endpoint& endpoint) {
  return endpoint.address().to_string();
}

}  // namespace

std::vector<Endpoint> loopback_of(std::vector<Endpoint> found) {
  std::erase_if(found, [](const Endpoint& endpoint) { return !endpoint.address().is_loopback(); });
  return found;
}

struct Lookup::Question {
  std::string host;
  std::string port;
  bool answered = false;
  Answer answer;
  std::vector<asio::steady_timer*> askers;

  void settle(boost::system::error_code error, const tcp::resolver::results_type& results) {
    answered = true;
    answer.error = error;
    for (const auto& result : results) answer.endpoints.push_back(result.endpoint());
    for (asio::steady_timer* asker : askers) asker->cancel();
  }
};

Lookup::Lookup(asio::any_io_executor executor) : resolver_(std::move(executor)) {}

std::shared_ptr<Lookup::Question> Lookup::ask_system(const std::string& host, const std::string& port) {
  if (last_ && !last_->answered && last_->host == host && last_->port == port) return last_;
  last_ = std::make_shared<Question>(Question{.host = host, .port = port, .answer = {}, .askers = {}});
  resolver_.async_resolve(
      host, port, tcp::resolver::numeric_service,
      [question = last_](boost::system::error_code error, const tcp::resolver::results_type& results) {
        question->settle(error, results);
      });
  return last_;
}

ports::Task<Lookup::Answer> Lookup::ask(std::string host, std::string port, asio::steady_timer& patience) {
  boost::system::error_code not_literal;
  const auto literal = asio::ip::make_address(host, not_literal);
  if (!not_literal) co_return Answer{{}, {{literal, static_cast<std::uint16_t>(std::stoul(port))}}};

  struct Asking {  // left however the wait ends
    std::shared_ptr<Question> question;
    asio::steady_timer* asker;
    ~Asking() { std::erase(question->askers, asker); }
  } asking{ask_system(host, port), &patience};
  asking.question->askers.push_back(&patience);
  co_await patience.async_wait(asio::as_tuple(asio::use_awaitable));
  if (!asking.question->answered) co_return Answer{asio::error::operation_aborted, {}};
  co_return asking.question->answer;
}

std::vector<Endpoint> KnownAddresses::in_order(std::vector<Endpoint> found) const {
  std::vector<Endpoint> order;
  if (const auto worked = worked_ ? std::ranges::find(found, *worked_) : found.end(); worked != found.end()) {
    order.push_back(*worked);
    found.erase(worked);
  }
  const bool first_is_v6 = !found.empty() && found.front().address().is_v6();
  std::array<std::vector<Endpoint>, 2> families;  // the first one's, the other
  for (const auto& endpoint : found) families[endpoint.address().is_v6() == first_is_v6 ? 0 : 1].push_back(endpoint);
  for (std::size_t i = 0; i < std::max(families[0].size(), families[1].size()); ++i) {
    for (const auto& family : families) {
      if (i < family.size()) order.push_back(family[i]);
    }
  }
  return order;
}

std::vector<std::string> KnownAddresses::learn(const Endpoint& winner, const std::vector<Race::Passed>& passed) {
  worked_ = winner;
  dead_.erase(winner);
  std::vector<std::string> words;
  for (const auto& [endpoint, error] : passed) {
    if (!dead_.insert(endpoint).second) continue;
    words.push_back(text::words::address_is_dead(
        in_words(endpoint), error ? spoken(error) : text::words::it_is_silent(), in_words(winner)));
  }
  return words;
}

}  // namespace sluice::adapters::upstream
