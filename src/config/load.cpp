#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "judges.hpp"
#include "keys.hpp"
#include "sluice/config/load.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/config/spool_host.hpp"
#include "sluice/text/encoding.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/settings.hpp"
#include "yaml_text.hpp"

namespace sluice::config {

namespace {

namespace words = text::words;

constexpr int kFurthestUp = 50;  // lines above the place where YAML gives up: the mistake may be there

constexpr std::size_t kMostBytes = 256 * 1024;

const Key* find_key(std::string_view name) {
  const auto found = std::ranges::find(keys(), name, &Key::name);
  return found == keys().end() ? nullptr : &*found;
}

/// The names of a group's keys, or all first names for the top ("").
std::vector<std::string_view> names_in(std::string_view group) {
  std::vector<std::string_view> names;
  for (const Key& key : keys()) {
    if (!key.name.starts_with(group)) continue;
    const std::string_view rest = key.name.substr(group.size());
    const std::string_view name = rest.substr(0, rest.find('.'));
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  return names;
}

/// Without what stands behind a colon that nobody saw as one: a value, and perhaps a secret.
std::string_view name_of(std::string_view key) {
  return key.substr(0, std::min(key.find(':'), key.find("：")));
}

std::string kind_of(const YAML::Node& node) {
  if (node.IsMap()) return words::found_mapping();
  if (node.IsSequence()) return words::found_list();
  return node.IsScalar() ? words::found_value() : words::found_nothing_there();
}

std::string joined(const std::vector<std::string_view>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Walks one document against the table and keeps every complaint, so that a file can be fixed in one go.
class Reading {
 public:
  explicit Reading(const std::string& file) : file_(file) {}

  void read_group(const YAML::Node& node, const std::string& prefix);
  void check_whole();

  Loaded take() {
    for (const Key& key : keys()) {
      const auto source = sources_.find(key.name);
      loaded_.shown.push_back(
          {.key = std::string(key.name),
           .value = written(key.field, loaded_.settings),
           .source = source == sources_.end() ? "default" : fmt::format("{}:{}", file_, source->second.line + 1)});
    }
    return std::move(loaded_);
  }
  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  void read_member(const YAML::Node& name, const YAML::Node& value, const std::string& prefix);
  void read_key(const Key& key, const YAML::Mark& mark, const YAML::Node& value);
  void read_credential(const Key& key, const YAML::Mark& mark, const YAML::Node& value);
  Complaint take_source(const Field& field, const std::string& from, const std::string& name);
  void check_database();
  void complain(const YAML::Mark& mark, std::string_view key, std::string_view what) {
    complaints_.push_back(fmt::format("{}:{}:{}: {}: {}", file_, mark.line + 1, mark.column + 1, key, what));
  }
  void complain(std::string_view key, std::string_view what) {
    const auto source = sources_.find(key);
    if (source != sources_.end()) return complain(source->second, key, what);
    complaints_.push_back(fmt::format("{}: {}: {}", file_, key, what));
  }

  const std::string& file_;
  Loaded loaded_;
  std::set<std::string> seen_;
  std::map<std::string_view, YAML::Mark> sources_;  ///< of keys that were read
  std::vector<std::string> complaints_;
};

void Reading::read_group(const YAML::Node& node, const std::string& prefix) {
  for (const auto& member : node) read_member(member.first, member.second, prefix);
}

void Reading::read_member(const YAML::Node& name, const YAML::Node& value, const std::string& prefix) {
  const YAML::Mark mark = name.Mark();
  const std::string in = prefix.empty() ? words::the_file() : prefix.substr(0, prefix.size() - 1);
  if (!name.IsScalar()) return complain(mark, in, words::key_name_expected(kind_of(name)));
  const std::string& leaf = name.Scalar();
  const std::string dotted = prefix + leaf;
  const std::vector<std::string_view> names = names_in(prefix);
  if (leaf.contains('.') && find_key(dotted)) {
    return complain(mark, dotted,
                    words::dot_makes_no_group(leaf.substr(0, leaf.find('.')), leaf.substr(leaf.find('.') + 1)));
  }
  if (std::ranges::find(names, leaf) == names.end()) {
    return complain(mark, text::shown(name_of(dotted), 80),
                    words::unknown_key(nearest_key(name_of(dotted)), advice_for_colon(leaf), joined(names)));
  }
  if (!seen_.insert(dotted).second) return complain(mark, dotted, words::key_twice());
  if (const Key* key = find_key(dotted)) return read_key(*key, value.IsNull() ? mark : value.Mark(), value);
  // All of a group's keys may be commented out.
  if (value.IsNull()) return;
  if (value.IsMap()) return read_group(value, dotted + '.');
  complain(value.Mark(), dotted,
           words::keys_expected(joined(names_in(dotted + '.')), kind_of(value),
                                value.IsScalar() ? advice_for_colon(value.Scalar()) : ""));
}

void Reading::read_key(const Key& key, const YAML::Mark& mark, const YAML::Node& value) {
  sources_[key.name] = mark;
  const bool secret = std::holds_alternative<SecretFile>(key.field) && !value.IsScalar();
  if (secret || std::holds_alternative<Credential>(key.field)) return read_credential(key, mark, value);
  if (const auto* several = std::get_if<Several>(&key.field); several != nullptr && value.IsSequence()) {
    std::vector<std::string> items;
    for (const auto& item : value)
      items.push_back(item.IsScalar() ? item.Scalar() : text::in(text::Lang::en, kind_of(item)));
    if (const Complaint complaint = read_several(*several, items, loaded_.settings))
      complain(mark, key.name, *complaint);
    return;
  }
  if (!value.IsScalar() || std::holds_alternative<Several>(key.field)) {
    const auto advice = value.IsNull() ? words::none_advice() : "";
    return complain(mark, key.name, words::value_of_kind(type_words(key.field), kind_of(value), advice));
  }
  if (const Complaint complaint = read(key.field, value.Scalar(), loaded_.settings)) {
    complain(mark, key.name, key.silent ? *complaint : words::value_found(*complaint, text::shown(value.Scalar())));
  }
}

/// Nothing below it is ever repeated but a source's own name, for it may be the credential itself in the wrong place.
void Reading::read_credential(const Key& key, const YAML::Mark& mark, const YAML::Node& value) {
  if (value.IsScalar()) {
    return complain(mark, key.name, words::no_value_here(type_words(key.field)));
  }
  const YAML::Node* const map = &value;
  if (!map->IsMap() || map->size() != 1 || !map->begin()->first.IsScalar() || !map->begin()->second.IsScalar()) {
    return complain(mark, key.name, words::value_expected(type_words(key.field)));
  }
  const std::string from = map->begin()->first.Scalar();
  const std::string name = map->begin()->second.Scalar();
  if (const Complaint complaint = take_source(key.field, from, name)) complain(mark, key.name, *complaint);
}

Complaint Reading::take_source(const Field& field, const std::string& from, const std::string& name) {
  if (const auto* credential = std::get_if<Credential>(&field))
    return read_source(from, name, credential->at(loaded_.settings));
  CredentialSource source;
  if (from != "file") return words::value_expected(type_words(field));
  if (Complaint complaint = read_source(from, name, source)) return complaint;
  std::get<SecretFile>(field).at(loaded_.settings) = source.name;
  return std::nullopt;
}

void Reading::check_database() {
  const Settings& settings = loaded_.settings;
  if (settings.ledger.postgresql.empty()) {
    if (settings.ledger.shared_spool) complain("ledger.shared_spool", words::needs_database());
    if (!settings.ledger.password_file.empty()) complain("ledger.password", words::needs_database());
    return;
  }
  if (settings.rate.gate.empty() && requests_a_second(settings) > kMostSlotsOfDatabase)
    complain("rate.requests", words::rate_above_database(kMostSlotsOfDatabase));
}

void Reading::check_whole() {
  for (const Key& key : keys()) {
    if (key.required && !sources_.contains(key.name)) {
      complain(key.name, words::key_missing(type_words(key.field)));
    }
  }
  if (!complaints_.empty()) return;
  const Settings& settings = loaded_.settings;
  const auto per = static_cast<std::uint64_t>(settings.rate.per.count());
  const std::uint64_t requests = settings.rate.requests;
  if (requests * 1'000 < per || requests * 1'000 > per * 100'000) {
    complain("rate.requests", words::rate_bounds(requests, written(find_key("rate.per")->field, settings)));
  }
  if (settings.retry.max_delay < settings.retry.first_delay) {
    complain("retry.max_delay", words::first_delay_or_more(written(find_key("retry.first_delay")->field, settings)));
  }
  const std::size_t socket_bytes = socket_path(settings).size();
  if (settings.control.socket.empty() && socket_bytes > kSocketPathBytes) {
    complain("control.socket", words::socket_too_long(kSocketPathBytes, socket_bytes));
  }
  check_database();
}

Result<Loaded> read_document(const std::string& yaml, const std::string& file) {
  if (const std::optional<YAML::Mark> second = second_document(yaml)) {
    return fail(ErrorKind::config,
                fmt::format("{}:{}:{}: {}", file, second->line + 1, second->column + 1, words::one_document()));
  }
  Reading reading(file);
  const YAML::Node root = YAML::Load(yaml);
  if (!root.IsNull() && !root.IsMap()) {
    return fail(ErrorKind::config,
                fmt::format("{}:1:1: {}", file, words::top_keys_expected(joined(names_in("")), kind_of(root))));
  }
  if (root.IsMap()) reading.read_group(root, "");
  reading.check_whole();
  if (!reading.complaints().empty()) {
    return fail(ErrorKind::config, fmt::format("{}", fmt::join(reading.complaints(), "\n")));
  }
  return reading.take();
}

/// The first lines of the text.
std::string beginning(const std::string& yaml, int lines) {
  std::size_t end = 0;
  for (int line = 0; line < lines && end < yaml.size(); ++line) {
    const auto newline = yaml.find('\n', end);
    end = newline == std::string::npos ? yaml.size() : newline + 1;
  }
  return yaml.substr(0, end);
}

std::string text_of(const YAML::Node& node) {
  return node.IsDefined() && node.IsScalar() ? node.Scalar() : "";
}

void read(const YAML::Node& document, Reach& reach) {
  if (!document.IsMap()) return;
  if (auto spool = text_of(document["spool"]); spool.starts_with('/')) reach.spool = std::move(spool);
  const auto control = document["control"];
  if (!control.IsDefined() || !control.IsMap()) return;
  if (auto socket = text_of(control["socket"]); socket.starts_with('/')) reach.socket = std::move(socket);
}

/// The line where YAML gives up; nothing: it didn't.
std::optional<int> try_to_read(const std::string& yaml, Reach& reach) {
  try {
    read(YAML::Load(yaml), reach);
    return std::nullopt;
  } catch (const YAML::Exception& mistake) {
    return mistake.mark.line;
  }
}

}  // namespace

Result<Loaded> load(const std::string& yaml, const std::string& file) {
  if (yaml.size() > kMostBytes) return fail(ErrorKind::config, file + ": " + words::too_much_yaml());
  if (!text::is_utf8(yaml)) return fail(ErrorKind::config, file + ": " + words::expects_utf8());
  try {
    return read_document(yaml, file);
  } catch (const YAML::Exception& error) {
    // What follows a colon in the library's words may be the file's own, and a secret.
    const std::string said = error.msg.substr(0, error.msg.find(':'));
    if (const auto slip = find_slip(yaml))
      return fail(ErrorKind::config, fmt::format("{}:{}:{}: {}", file, slip->line, slip->column, slip->words));
    return fail(ErrorKind::config, fmt::format("{}:{}:{}: {}", file, error.mark.line + 1, error.mark.column + 1,
                                               words::expects_yaml(words_for(said))));
  }
}

std::vector<std::string> needs_restart(const Settings& before, const Settings& after) {
  std::vector<std::string> changed;
  for (const Key& key : keys()) {
    if (key.restart && written(key.field, before) != written(key.field, after)) changed.emplace_back(key.name);
  }
  return changed;
}

Reach reach_in_spite_of_mistakes(const std::string& yaml) {
  Reach reach{.spool = Settings{}.spool, .socket = {}};
  const auto gave_up = try_to_read(yaml, reach);
  if (!gave_up) return reach;
  for (int lines = *gave_up; lines > 0 && lines > *gave_up - kFurthestUp; --lines) {
    if (!try_to_read(beginning(yaml, lines), reach)) break;
  }
  return reach;
}

}  // namespace sluice::config
