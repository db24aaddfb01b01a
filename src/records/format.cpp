#include "sluice/records/format.hpp"
#include "sluice/text/words/state.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace sluice::records {
namespace {

namespace json = boost::json;

/// Takes a stored format's fields one after the other. What cannot be a value of its type makes it unsound.
class Taker {
 public:
  explicit Taker(const json::array& fields) : fields_(fields) {}

  bool sound() const { return sound_ && at_ == fields_.size(); }

  std::string text() {
    const auto* string = next().if_string();
    sound_ = sound_ && string;
    return string ? std::string(*string) : std::string();
  }
  bool boolean() {
    const bool* value = next().if_bool();
    sound_ = sound_ && value;
    return value && *value;
  }
  std::uint64_t number() {
    json::error_code error;
    const auto value = next().to_number<std::uint64_t>(error);
    sound_ = sound_ && !error;
    return value;
  }
  template <class E>
  E one_of(std::initializer_list<E> all) {
    const auto stored = number();
    const auto* found = std::ranges::find(all, stored, [](E e) { return std::uint64_t{std::to_underlying(e)}; });
    sound_ = sound_ && found != all.end();
    return sound_ ? *found : *all.begin();
  }
  char character() {
    const auto stored = text();
    sound_ = sound_ && stored.size() == 1;
    return sound_ ? stored.front() : ',';
  }
  std::vector<std::string> texts() {
    std::vector<std::string> texts;
    const auto* array = next().if_array();
    sound_ = sound_ && array && std::ranges::all_of(*array, &json::value::is_string);
    if (sound_)
      for (const json::value& each : *array) texts.emplace_back(each.get_string());
    return texts;
  }

 private:
  const json::value& next() {
    static const json::value kNone;
    return at_ < fields_.size() ? fields_[at_++] : kNone;
  }

  const json::array& fields_;
  std::size_t at_ = 0;
  bool sound_ = true;
};

std::unexpected<Error> unreadable() {
  return fail(ErrorKind::corrupt, text::words::format_unreadable());
}

}  // namespace

std::string to_ledger(const Format& format) {
  json::array header;
  for (const auto& name : format.header) header.emplace_back(name);
  const json::array fields = {static_cast<unsigned>(format.shape),
                              static_cast<unsigned>(format.encoding),
                              format.bom,
                              std::string(1, format.delimiter),
                              format.newline,
                              std::move(header),
                              format.wrapper,
                              format.header_offset,
                              format.data_offset,
                              format.data_line};
  return json::serialize(fields);
}

Result<Format> format_from_ledger(std::string_view text) {
  json::error_code error;
  const json::value value = json::parse({text.data(), text.size()}, error);
  if (error || !value.is_array()) return unreadable();
  using enum Shape;
  using enum text::Encoding;
  Taker take(value.get_array());
  Format format;
  format.shape = take.one_of({delimited, json_array, json_wrapped, json_lines});
  format.encoding = take.one_of({utf8, utf16le, utf16be, gb18030});
  format.bom = take.boolean();
  format.delimiter = take.character();
  format.newline = take.text();
  format.header = take.texts();
  format.wrapper = take.text();
  format.header_offset = take.number();
  format.data_offset = take.number();
  format.data_line = take.number();
  if (!take.sound()) return unreadable();
  return format;
}

}  // namespace sluice::records
