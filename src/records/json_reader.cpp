#include "json_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

#include "fault.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::records {
namespace {

using text::Word;
using Phase = JsonReader::Phase;

/// One character that may come next, and what is expected after it.
struct Rule {
  Phase phase;
  char c;
  Phase next;
};

constexpr auto kRules = std::to_array<Rule>({
    {Phase::list, '[', Phase::first_order},
    {Phase::first_order, '{', Phase::in_order},
    {Phase::order, '{', Phase::in_order},
    {Phase::comma_or_bracket, ',', Phase::order},
    {Phase::comma_or_bracket, ']', Phase::nothing},  // or, in a wrapper, comma_or_brace
    {Phase::wrapper, '{', Phase::first_name},
    {Phase::first_name, '"', Phase::in_name},
    {Phase::name, '"', Phase::in_name},
    {Phase::colon, ':', Phase::value},  // or, after the wrapper's name, list
    {Phase::comma_or_brace, ',', Phase::name},
    {Phase::comma_or_brace, '}', Phase::nothing},
    {Phase::line, '{', Phase::in_order},
});

/// What to say where no rule fits; by phase.
constexpr std::array kExpected = {
    Word::json_list_expected,  Word::json_order_or_end,   Word::json_order_expected, Word::json_comma_or_bracket,
    Word::json_order_expected, Word::json_name_or_brace,  Word::json_name_expected,  Word::json_colon_expected,
    Word::json_value_expected, Word::json_comma_or_brace, Word::json_order_expected, Word::json_line_expected,
    Word::json_more_after_end,
};

std::string in_quotes(std::string_view name) {
  return '"' + text::shown(name) + '"';
}

Phase first_phase(Shape shape) {
  if (shape == Shape::json_array) return Phase::list;
  return shape == Shape::json_wrapped ? Phase::wrapper : Phase::line;
}

}  // namespace

JsonReader::JsonReader(const Format& format, Limits limits)
    : wrapper_(format.wrapper),
      wrappers_(format.wrappers),
      limits_(limits),
      phase_(first_phase(format.shape)),
      after_order_(format.shape == Shape::json_lines ? Phase::line_break : Phase::comma_or_bracket),
      after_list_(format.shape == Shape::json_wrapped ? Phase::comma_or_brace : Phase::nothing) {
  guessed_ = !wrappers_.empty() && format.shape == Shape::json_wrapped && !is_wrapper(wrapper_);
}

bool JsonReader::is_wrapper(std::string_view name) const {
  return std::ranges::find(wrappers_, name) != wrappers_.end();
}

std::expected<Reader::Step, Fault> JsonReader::next(DecodedStream& stream, Record& out) {
  while (true) {
    if (phase_ == Phase::in_order) return in_order(stream, out);
    if (phase_ == Phase::in_name || phase_ == Phase::in_value) {
      const auto done = phase_ == Phase::in_name ? in_name(stream) : in_value(stream);
      if (!done) return std::unexpected(done.error());
      if (!*done) return Reader::Step::need_more;
      continue;
    }
    const std::string_view text = stream.text();
    const std::size_t token = skip_json_space(text, 0);
    line_broke_ = line_broke_ || text.substr(0, token).find_first_of("\r\n") != text.npos;
    stream.take(token);
    // 0x1A: how DOS marked a file's end.
    const bool ended = stream.text().find_first_not_of("\x1A \t\r\n") == text.npos;
    if (!ended) {
      const auto gone_on = between(stream, line_broke_);
      if (!gone_on) return std::unexpected(gone_on.error());
      if (!*gone_on) return Reader::Step::need_more;
    } else if (!stream.last()) {
      return Reader::Step::need_more;
    } else if (!may_end()) {
      return std::unexpected(json_fault(Word::json_ends_early, stream.position(), {}));
    } else {
      return Reader::Step::end;
    }
  }
}

/// The character that begins the stream's text, outside of orders, names and values. False: more text is needed.
std::expected<bool, Fault> JsonReader::between(DecodedStream& stream, bool broke) {
  const std::string_view text = stream.text();
  const auto refuse = [&](Word word) { return std::unexpected(json_fault(word, stream.position(), text)); };
  if (phase_ == Phase::line_break && broke) phase_ = Phase::line;
  if (phase_ == Phase::value) return begin_value(stream);
  if (phase_ == Phase::first_order && text.front() == ']') return refuse(Word::no_orders);
  if (phase_ == Phase::order && text.front() == ']') return refuse(Word::json_trailing_comma);
  const auto rule = std::ranges::find_if(kRules, [&](Rule r) { return r.phase == phase_ && r.c == text.front(); });
  if (rule == kRules.end()) return refuse(kExpected[static_cast<std::size_t>(phase_)]);
  const Phase before = std::exchange(phase_, rule->next);
  if (phase_ == Phase::in_order || phase_ == Phase::in_name) return true;
  if (before == Phase::comma_or_bracket && text.front() == ']') phase_ = after_list_;
  if (before == Phase::colon && std::exchange(list_next_, false)) phase_ = Phase::list;
  stream.take(1);
  return true;
}

/// A wrapper's other member. Where the wrapper was recognised as the only list of objects, it must stay the only one:
/// else the orders of the other would be passed by.
std::expected<bool, Fault> JsonReader::begin_value(DecodedStream& stream) {
  const std::string_view text = stream.text();
  if (guessed_ && text.front() == '[') {
    const std::size_t first = skip_json_space(text, 1);
    if (first == text.size() && !stream.last()) return false;
    if (text.substr(first).starts_with('{'))
      return std::unexpected(
          row_fault(Word::json_several_lists, stream.position().line, {in_quotes(wrapper_), in_quotes(name_)}));
  }
  phase_ = Phase::in_value;
  return true;
}

/// Goes on with the value that begins the stream's text; true when it is complete.
std::expected<bool, Fault> JsonReader::scan(DecodedStream& stream) {
  const std::string_view text = stream.text();
  const auto status = scanner_.run(text, scanned_);
  if (status == JsonScanner::Status::done) {
    scanner_.reset();
    return true;
  }
  if (status == JsonScanner::Status::more && !stream.last()) return false;
  const Position where = stream.position_at(scanned_);
  if (status == JsonScanner::Status::fault) {
    const bool half = scanner_.fault() == Word::json_lone_surrogate;
    Fault fault = json_fault(scanner_.fault(), where, text.substr(scanned_), {fmt::to_string(kMaxJsonDepth)});
    if (half) fault.message.args[2] = fmt::format("\\u{:04x}", scanner_.half());
    return std::unexpected(std::move(fault));
  }
  return std::unexpected(json_fault(Word::json_ends_early, where, {}));
}

std::expected<Reader::Step, Fault> JsonReader::in_order(DecodedStream& stream, Record& out) {
  const auto complete = scan(stream);
  if (!complete) return std::unexpected(complete.error());
  const std::uint64_t offset = stream.offset_at(0);
  const std::uint64_t length = stream.offset_at(scanned_) - offset;
  if (length > limits_.record_bytes) {
    return std::unexpected(
        row_fault(Word::row_too_long, stream.position().line, {text::size_words(limits_.record_bytes)}));
  }
  if (!*complete) return Reader::Step::need_more;
  const std::string_view object = stream.text().substr(0, scanned_);
  find_members(object, members_);
  if (members_.size() > limits_.cells)
    return std::unexpected(row_fault(Word::too_many_cells, stream.position().line, {fmt::to_string(limits_.cells)}));
  fill_record(object, members_, out);
  out.ref = {.row = ++rows_, .offset = offset, .length = static_cast<std::uint32_t>(length)};
  out.line = rows_;
  stream.take(std::exchange(scanned_, 0));
  phase_ = after_order_;
  line_broke_ = false;
  return Reader::Step::record;
}

std::expected<bool, Fault> JsonReader::in_name(DecodedStream& stream) {
  const Position begin = stream.position();
  const auto complete = scan(stream);
  if (!complete) return complete;
  if (scanned_ > limits_.record_bytes)
    return std::unexpected(row_fault(Word::row_too_long, begin.line, {text::size_words(limits_.record_bytes)}));
  if (!*complete) return false;
  name_ = unescaped(stream.text().substr(0, scanned_));
  list_next_ = name_ == wrapper_;
  if (list_next_ ? list_seen_ : is_wrapper(name_))
    return std::unexpected(
        Fault{.message = {.word = Word::json_second_list,
                          .args = {fmt::to_string(begin.line), fmt::to_string(begin.column), text::shown(name_),
                                   fmt::to_string(fmt::join(wrappers_, ", "))}}});
  list_seen_ = list_seen_ || list_next_;
  stream.take(std::exchange(scanned_, 0));
  phase_ = Phase::colon;
  return true;
}

/// A wrapper's other member: judged and passed by, piece by piece.
std::expected<bool, Fault> JsonReader::in_value(DecodedStream& stream) {
  const auto complete = scan(stream);
  if (!complete) return complete;
  stream.take(std::exchange(scanned_, 0));
  if (*complete) phase_ = Phase::comma_or_brace;
  return complete;
}

}  // namespace sluice::records
