#include "field.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "sluice/base/check.hpp"
#include "sluice/config/units.hpp"
#include "sluice/text/sentence.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/settings.hpp"

namespace sluice::config {
namespace {

namespace words = text::words;

template <class... Cases>
struct Overload : Cases... {
  using Cases::operator()...;
};

/// Takes a value that was understood and lies within the field's bounds.
template <class F, class V>
bool take(const F& field, const std::optional<V>& value, Settings& into) {
  if (!value || *value < static_cast<V>(field.least) || *value > static_cast<V>(field.most)) return false;
  auto& place = field.at(into);
  place = static_cast<std::remove_reference_t<decltype(place)>>(*value);
  return true;
}

/// A number without its unit, or with a space before it, names what was most likely meant.
Complaint read_duration(const Duration& field, std::string_view scalar, Settings& into) {
  if (take(field, duration(scalar), into)) return std::nullopt;
  std::string meant(scalar);
  std::erase(meant, ' ');
  if (whole_number(meant)) meant += 's';
  const bool good = take(field, duration(meant), into);
  const auto expected = words::value_expected(type_words(field));
  return good ? words::value_perhaps(expected, meant) : expected;
}

bool take_choice(const Choice& field, std::string_view scalar, Settings& into) {
  const auto found = std::ranges::find(field.names, scalar);
  if (found == field.names.end()) return false;
  field.set(into, static_cast<std::size_t>(found - field.names.begin()));
  return true;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

Complaint read_text(const Text& field, std::string_view scalar, Settings& into) {
  if (std::ranges::any_of(scalar, is_control)) return words::no_control();
  // yaml-cpp 0.7 lets a quote stay open until the file ends; the last line end then becomes a space.
  if (scalar.ends_with(' ')) return words::no_last_blank();
  std::string value(scalar);
  if (Complaint complaint = field.judge(value)) return complaint;
  field.at(into) = std::move(value);
  return std::nullopt;
}

std::string quoted(const std::string& value) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-:+";
  const bool plain = !value.empty() && value.find_first_not_of(kPlain) == std::string::npos &&
                     (value.front() == '/' || std::isalnum(static_cast<unsigned char>(value.front())) != 0);
  return plain ? value : fmt::format("\"{}\"", text::json_escaped(value));
}

constexpr std::string_view kSources[] = {"file", "env", "credential"};

}  // namespace

Complaint read(const Field& field, std::string_view scalar, Settings& into) {
  const auto of_type = [&](bool taken) -> Complaint {
    return taken ? Complaint{} : words::value_expected(type_words(field));
  };
  return std::visit(Overload{
                        [&](const Duration& f) { return read_duration(f, scalar, into); },
                        [&](const Size& f) { return of_type(take(f, size(scalar), into)); },
                        [&](const Percent& f) {
                          const auto value = percent(scalar);
                          if (value) f.at(into) = *value;
                          return of_type(value.has_value());
                        },
                        [&](const Choice& f) { return of_type(take_choice(f, scalar, into)); },
                        [&](const Text& f) { return read_text(f, scalar, into); },
                        [&](const Several&) -> Complaint {
                          SLUICE_CHECK(false, "a list is no scalar");
                          return {};
                        },
                        [&](const Credential&) -> Complaint {
                          SLUICE_CHECK(false, "a credential is no scalar");
                          return {};
                        },
                        [&](const SecretFile& f) {
                          if (scalar.empty()) f.at(into).clear();
                          return scalar.empty() ? Complaint{} : words::no_value_here(type_words(field));
                        },
                        [&](const auto& f) { return of_type(take(f, whole_number(scalar), into)); },
                    },
                    field);
}

Complaint read_several(const Several& field, std::span<const std::string> items, Settings& into) {
  std::uint32_t set = 0;
  for (const auto& item : items) {
    const auto found = std::ranges::find(field.names, item);
    if (found == field.names.end()) {
      return words::value_found(words::value_expected(type_words(field)), text::shown(item));
    }
    set |= 1U << static_cast<unsigned>(found - field.names.begin());
  }
  field.at(into) = set;
  return std::nullopt;
}

std::string written(const Field& field, const Settings& settings) {
  Settings copy = settings;  // the table knows places in a Settings that may be changed
  return std::visit(Overload{
                        [&](const Duration& f) { return duration_text(f.at(copy)); },
                        [&](const Size& f) { return size_text(f.at(copy)); },
                        [&](const Percent& f) { return fmt::format("{}%", f.at(copy)); },
                        [&](const Choice& f) { return std::string(f.names[f.get(settings)]); },
                        [&](const Several& f) {
                          std::vector<std::string_view> in;
                          for (std::size_t i = 0; i < f.names.size(); ++i) {
                            if ((f.at(copy) >> i & 1) != 0) in.push_back(f.names[i]);
                          }
                          return fmt::format("[{}]", fmt::join(in, ", "));
                        },
                        [&](const Text& f) { return quoted(f.at(copy)); },
                        [&](const Credential& f) {
                          const CredentialSource& source = f.at(copy);
                          return fmt::format("{{{}: {}}}", kSources[static_cast<std::size_t>(source.from)],
                                             quoted(source.name));
                        },
                        [&](const SecretFile& f) {
                          const std::string& path = f.at(copy);
                          return path.empty() ? quoted(path) : fmt::format("{{{}: {}}}", kSources[0], quoted(path));
                        },
                        [&](const auto& f) { return fmt::format("{}", f.at(copy)); },
                    },
                    field);
}

std::string type_words(const Field& field) {
  return std::visit(
      Overload{
          [](const Duration& f) { return words::type_duration(duration_text(f.least), duration_text(f.most)); },
          [](const Size& f) { return words::type_size(size_text(f.least), size_text(f.most)); },
          [](const Percent&) { return words::type_percent(); },
          [](const Choice& f) {
            return words::type_choice(
                text::both(fmt::format("{}", fmt::join(f.names, " or ")), fmt::format("{}", fmt::join(f.names, "、"))));
          },
          [](const Several& f) { return words::type_list(fmt::format("{}", fmt::join(f.names, ", "))); },
          [](const Text& f) { return f.type(); },
          [](const Credential&) { return words::type_credential(); },
          [](const SecretFile&) { return words::type_secret_file(); },
          [](const auto& f) { return words::type_whole(f.least, f.most); },
      },
      field);
}

}  // namespace sluice::config
