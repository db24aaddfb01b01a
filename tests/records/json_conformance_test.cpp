#include <fmt/format.h>

#include "json_cases.hpp"
#include "reading.hpp"

namespace sluice::records {
namespace {

/// A case as an order's member: what the Reader says of the file that holds it, in chunks of two sizes.
bool accepted_as_member(std::string_view value) {
  const std::string file = fmt::format("[{{\"v\":{}}}]", value);
  const bool whole = !read_file(file).fault;
  EXPECT_EQ(!read_file(file, 1).fault, whole) << file;
  return whole;
}

class JsonMustAccept : public testing::TestWithParam<JsonCase> {};
class JsonMustReject : public testing::TestWithParam<JsonCase> {};

TEST_P(JsonMustAccept, AsAMember) {
  EXPECT_TRUE(accepted_as_member(GetParam().value)) << GetParam().value;
}

TEST_P(JsonMustReject, AsAMember) {
  EXPECT_FALSE(accepted_as_member(GetParam().value)) << GetParam().value;
}

const auto kName = [](const auto& instance) { return std::string(instance.param.name); };
INSTANTIATE_TEST_SUITE_P(Suite, JsonMustAccept, testing::ValuesIn(kMustAccept), kName);
INSTANTIATE_TEST_SUITE_P(Suite, JsonMustReject, testing::ValuesIn(kMustReject), kName);

/// Bytes that are no UTF-8 are no JSON either; the file may be GB18030, so the judge here is the UTF-8 reader alone.
TEST(JsonConformance, BytesThatAreNoUtf8AreRejected) {
  for (const std::string_view bytes :
       {"\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xE0\xFF", "\x81", "\xF4\xBF\xBF\xBF", "\xE9"}) {
    const ReadFile read = read_as(fmt::format("[{{\"v\":\"{}\"}}]", bytes), text::Encoding::utf8, 1000);
    EXPECT_TRUE(read.fault && read.fault->undecodable) << read.said();
  }
}

TEST(JsonConformance, PrintsTheTable) {
  const auto passed = [](const auto& cases, bool accept) {
    for (const JsonCase& c : cases) {
      fmt::print("{:<62} {}\n", c.name, accepted_as_member(c.value) == accept ? "passes" : "FAILS");
    }
    return std::ranges::count_if(cases, [&](const JsonCase& c) { return accepted_as_member(c.value) == accept; });
  };
  const auto accepts = passed(kMustAccept, true);
  const auto rejects = passed(kMustReject, false);
  fmt::print("must accept: {} of {} pass; must reject: {} of {} pass\n", accepts, kMustAccept.size(), rejects,
             kMustReject.size());
  EXPECT_EQ(static_cast<std::size_t>(accepts + rejects), kMustAccept.size() + kMustReject.size());
}

}  // namespace
}  // namespace sluice::records
