#pragma once

#include "decoded_stream.hpp"
#include "json_members.hpp"
#include "json_scanner.hpp"

namespace sluice::records {

/// The orders of a JSON array, of a wrapper's array, or of JSON Lines. It walks what stands around the orders (white
/// space, brackets, a wrapper's other members) without holding it.
class JsonReader {
 public:
  JsonReader(const Format& format, Limits limits);

  std::expected<Reader::Step, Fault> next(DecodedStream& stream, Record& out);

  /// What is expected next.
  enum class Phase : std::uint8_t {
    list,
    first_order,
    order,
    comma_or_bracket,
    wrapper,
    first_name,
    name,
    colon,
    value,
    comma_or_brace,
    line,
    line_break,
    nothing,
    in_order,
    in_name,
    in_value,
  };

 private:
  std::expected<Reader::Step, Fault> in_order(DecodedStream& stream, Record& out);
  std::expected<bool, Fault> scan(DecodedStream& stream);
  std::expected<bool, Fault> in_name(DecodedStream& stream);
  std::expected<bool, Fault> in_value(DecodedStream& stream);
  std::expected<bool, Fault> begin_value(DecodedStream& stream);
  bool is_wrapper(std::string_view name) const;
  std::expected<bool, Fault> between(DecodedStream& stream, bool broke);
  bool may_end() const { return phase_ == Phase::nothing || phase_ == Phase::line || phase_ == Phase::line_break; }

  std::string wrapper_;
  std::span<const std::string_view> wrappers_;  ///< of these no second one may be there
  bool guessed_ = false;                        ///< wrapper_ is none of them: it is the only list of objects
  Limits limits_;
  Phase phase_;
  Phase after_order_;
  Phase after_list_;
  bool list_next_ = false;  ///< the name just read is the wrapper's
  bool list_seen_ = false;
  bool line_broke_ = false;
  std::string name_;  ///< of the wrapper's member at hand
  JsonScanner scanner_;
  std::size_t scanned_ = 0;  ///< of the stream's text: the order or name that begins it
  std::vector<JsonMember> members_;
  std::uint64_t rows_ = 0;
};

}  // namespace sluice::records
