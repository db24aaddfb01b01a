#include "row_results.hpp"

#include <utility>

namespace sluice::pipeline {

SharedText RowResults::in_words(records::Outcome outcome, const text::Message& message) const {
  auto words = text::say(context_.lang, message);
  if (!records::belongs_in_failures(outcome)) return words;
  return text::with(context_.lang, std::move(words), {context_.undone, {}});
}

records::RowResult& RowResults::add(std::size_t i, records::Outcome outcome, const text::Message& message,
                                    std::vector<records::RowResult>& to) {
  if (!last_ || last_->outcome != outcome || last_->message.word != message.word || last_->message.args != message.args)
    last_ = Said{.outcome = outcome, .message = message, .words = in_words(outcome, message)};
  auto& result = to.emplace_back();
  result.row = batch_.rows[i].row;
  result.outcome = outcome;
  result.message = last_->words;
  result.attempts = batch_.past.sends;
  result.request = request_;
  result.at = context_.now;
  return result;
}

}  // namespace sluice::pipeline
