#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "sluice/config/settings.hpp"
#include "sluice/text/sentence.hpp"

namespace sluice::config {

/// What is wrong with a value, as "expected ..."; nullopt: nothing.
using Complaint = std::optional<std::string>;

template <class T>
struct Whole {
  T& (*at)(Settings&);
  T least;
  T most;
};
struct Duration {
  Millis& (*at)(Settings&);
  Millis least;
  Millis most;
};
struct Size {
  std::uint64_t& (*at)(Settings&);
  std::uint64_t least;
  std::uint64_t most;
};
struct Percent {
  std::uint32_t& (*at)(Settings&);
};
struct Choice {
  std::span<const std::string_view> names;  ///< in the enumeration's order
  std::size_t (*get)(const Settings&);
  void (*set)(Settings&, std::size_t);
};
/// A list of names, each at most once; the set is kept as bits in the names' order.
struct Several {
  std::span<const std::string_view> names;
  std::uint32_t& (*at)(Settings&);
};
struct Text {
  std::string& (*at)(Settings&);
  /// Judges a value and may put it into its normal form.
  Complaint (*judge)(std::string& value);
  text::Sentence<0> type;  ///< for the reference: "absolute path", ...
};
struct Credential {
  CredentialSource& (*at)(Settings&);
};
/// A file that holds a secret, written {file: /PATH}; "": there is none.
struct SecretFile {
  std::string& (*at)(Settings&);
};

/// How one key's value is read, bounded, kept and written; all but Several, Credential and SecretFile are YAML scalars.
using Field = std::variant<Whole<std::uint32_t>, Whole<std::uint64_t>, Duration, Size, Percent, Choice, Several, Text,
                           Credential, SecretFile>;

/// Reads a scalar into its place. Not for Several and Credential; a SecretFile takes only the empty one.
Complaint read(const Field& field, std::string_view scalar, Settings& into);
/// Reads the items of a list.
Complaint read_several(const Several& field, std::span<const std::string> items, Settings& into);

/// The value in force, as it would be written in the file.
std::string written(const Field& field, const Settings& settings);

/// Type and bounds, for people: "a duration from 10ms to 5m, such as 30s".
std::string type_words(const Field& field);

}  // namespace sluice::config
