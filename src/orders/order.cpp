#include "sluice/orders/order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <forward_list>

#include "field_rules.hpp"
#include "sluice/base/check.hpp"
#include "sluice/base/stable_hash.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::orders {

namespace {

/// Of several values: the same on every machine, and (murmur's finaliser) no short value's hash is near another's.
class ValuesHash {
 public:
  void add(std::string_view bytes) {
    constexpr std::uint64_t kEnd = 0xFF;  // no byte of UTF-8: keeps "ab"+"c" from "a"+"bc"
    state_ = fnv_step(fnv(bytes, state_), kEnd);
  }
  std::uint64_t value() const {
    std::uint64_t h = state_;
    h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdULL;
    h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return h ^ (h >> 33);
  }

 private:
  std::uint64_t state_ = kFnvStart;
};

constexpr std::size_t kMostOpening = 24;

/// What stands before a value, its opening quote included.
struct Opening {
  std::array<char, kMostOpening> text{};
  std::size_t size = 0;
  std::size_t closing = 0;  ///< quotes behind it
};
using Openings = std::array<Opening, kMaxFields>;

Openings openings_of(const Service& table) {
  Openings openings;
  for (std::size_t f = 0; f < table.fields.size(); ++f) {
    const auto text = fmt::format(",\"{}\":{}", table.fields[f].name, rule_of(table.fields[f].kind).quoted ? "\"" : "");
    SLUICE_CHECK(text.size() <= kMostOpening, "a field's name is too long");
    openings[f].size = text.copy(openings[f].text.data(), text.size());
    openings[f].closing = rule_of(table.fields[f].kind).quoted ? 1 : 0;
  }
  return openings;
}

const Openings& openings(const Service& table) {
  static const auto kAll = [] {
    std::vector<Openings> all;
    for (const Service& each : services()) all.push_back(openings_of(each));
    return all;
  }();
  return kAll[static_cast<std::size_t>(&table - services().data())];
}

/// Eight bytes and more at once, or four: nearly all values are short, and their sizes not known before.
char* put(std::string_view text, char* at) {
  const char* from = text.data();
  const std::size_t size = text.size();
  const auto both_ends = [=](auto word) {
    std::memcpy(&word, from, sizeof word);
    std::memcpy(at, &word, sizeof word);
    std::memcpy(&word, from + size - sizeof word, sizeof word);
    std::memcpy(at + size - sizeof word, &word, sizeof word);
  };
  if (size > 16) {
    std::memcpy(at, from, size);
  } else if (size >= 8) {
    both_ends(std::uint64_t{});
  } else if (size >= 4) {
    both_ends(std::uint32_t{});
  } else {
    for (std::size_t i = 0; i < size; ++i) at[i] = from[i];
  }
  return at + size;
}

/// All of it, since a size that is known costs nothing; the caller has room for that.
char* put(const Opening& opening, char* at) {
  std::memcpy(at, opening.text.data(), kMostOpening);
  return at + opening.size;
}

}  // namespace

std::shared_ptr<std::string> OrderTexts::room(std::size_t bytes) {
  if (text_ && text_.use_count() == 1) text_->clear();
  if (!text_ || text_->capacity() - text_->size() < bytes) {
    text_ = std::make_shared<std::string>();
    text_->reserve(std::max(at_once_, bytes));
  }
  return text_;
}

Order::Order(ServiceId service, const Values& values) {
  OrderTexts own(0);
  *this = Order(service, values, {}, own);
}

Order::Order(ServiceId service, const Values& values, Fields plain, OrderTexts& texts) : service_(service) {
  const Service& table = orders::service(service);
  std::forward_list<std::string> escaped;
  Written written;
  std::size_t bytes = 2 + (table.fields.size() + 1) * (kMostOpening + 1);
  for (std::size_t f = 0; f < table.fields.size(); ++f) {
    if (!values[f]) continue;
    written[f] = *values[f];
    if (!plain[f] && !text::stands_in_json(*values[f])) {
      // `<`, `>` and `&` as \uXXXX: a gateway filter in front of the API strips HTML out of bodies.
      written[f] = escaped.emplace_front(text::json_escaped(*values[f], "<>&"));
      bytes += values[f]->size();
    }
    bytes += written[f].size();
  }
  const auto text = texts.room(bytes);
  begin_ = static_cast<std::uint32_t>(text->size());
  text->resize_and_overwrite(begin_ + bytes, [&](char* all, std::size_t) {
    char* end = put_text(table, values, written, all + begin_);
    if (!escaped.empty()) end = put_escaped_values(values, written, all + begin_, end);
    return static_cast<std::size_t>(end - all);
  });
  texts_ = text;
}

char* Order::put_text(const Service& table, const Values& values, const Written& written, char* begin) {
  const Openings& before = openings(table);
  char* at = begin;
  for (std::size_t f = 0; f < table.fields.size(); ++f) {
    if (!values[f]) continue;
    at = put(before[f], at);
    spans_[f] = {.begin = static_cast<std::uint32_t>(at - begin),
                 .size = static_cast<std::uint32_t>(written[f].size())};
    at = put(written[f], at);
    *at = '"';
    at += before[f].closing;
  }
  *begin = '{';
  *at++ = '}';
  element_bytes_ = static_cast<std::uint32_t>(at - begin);
  return at;
}

/// As they are meant, behind the element.
char* Order::put_escaped_values(const Values& values, const Written& written, char* begin, char* at) {
  for (std::size_t f = 0; f < values.size(); ++f) {
    if (!values[f] || written[f].data() == values[f]->data()) continue;
    spans_[f] = {.begin = static_cast<std::uint32_t>(at - begin),
                 .size = static_cast<std::uint32_t>(values[f]->size())};
    at = put(*values[f], at);
  }
  return at;
}

std::optional<std::string_view> Order::value(std::size_t field) const {
  const auto [begin, size] = spans_[field];
  return begin == 0 ? std::nullopt : std::optional(std::string_view(text() + begin, size));
}

Order::Values Order::values() const {
  Values values;
  for (std::size_t f = 0; f < values.size(); ++f) values[f] = value(f);
  return values;
}

std::string_view Order::key() const {
  const auto key = value(orders::service(service_).key_field);
  SLUICE_CHECK(key.has_value(), "an order without its key");
  return *key;
}

std::uint64_t Order::key_hash() const {
  // Of two pieces, as hash() is; that of the subject is always the same.
  static const auto kSubjects = [] {
    std::vector<ValuesHash> all;
    for (const Service& each : services()) all.emplace_back().add(each.subject);
    return all;
  }();
  const Service& table = orders::service(service_);
  auto hash = kSubjects[static_cast<std::size_t>(&table - services().data())];
  hash.add(key());
  return hash.value();
}

std::uint64_t Order::hash() const {
  const Service& table = orders::service(service_);
  ValuesHash hash;
  hash.add(table.name);
  for (std::size_t f = 0; f < table.fields.size(); ++f) {
    const auto each = value(f);
    if (!each) continue;
    hash.add(table.fields[f].name);
    hash.add(*each);
  }
  return hash.value();
}

std::string body(std::span<const Order> orders) {
  SLUICE_CHECK(!orders.empty(), "a body without an order");
  const auto service_of_all = orders.front().service();
  const auto wrapper = service(service_of_all).wrapper;
  std::size_t bytes = sizeof(R"({"":[]})") + wrapper.size();
  for (const Order& order : orders) bytes += order.element().size() + 1;
  std::string text;
  text.reserve(bytes);
  text.append("{\"").append(wrapper).append("\":[");
  for (const Order& order : orders) {
    SLUICE_CHECK(order.service() == service_of_all, "a body of two services");
    text.append(order.element()) += ',';
  }
  text.back() = ']';
  return text += '}';
}

}  // namespace sluice::orders
