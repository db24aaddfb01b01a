#include "field_rules.hpp"

#include "sluice/text/shown.hpp"

namespace sluice::orders {

text::Message about(text::Word word, const FieldInput& in, std::vector<std::string> more) {
  text::Message message{word, {text::shown(in.column), text::shown(in.text)}};
  message.args.insert(message.args.end(), more.begin(), more.end());
  return message;
}

}  // namespace sluice::orders
