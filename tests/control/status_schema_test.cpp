#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "sluice/control/views.hpp"

namespace sluice::control {
namespace {

namespace json = boost::json;

std::string type_of(const json::value& value) {
  return value.is_string()   ? "string"
         : value.is_null()   ? "null"
         : value.is_object() ? "object"
         : value.is_array()  ? "array"
         : value.is_bool()   ? "boolean"
         : value.is_double() ? "number"
                             : "integer";
}

/// What of JSON Schema docs/status.schema.json uses.
class Schema {
 public:
  explicit Schema(const std::string& path) {
    std::ifstream file(path);
    whole_ = json::parse(std::string(std::istreambuf_iterator<char>(file), {})).as_object();
  }
  void judge(const json::value& value) { judge(value, whole_, "status"); }
  const std::vector<std::string>& faults() const { return faults_; }

 private:
  static bool fits(const json::value& value, const json::value& types) {
    const auto is = [&](const json::value& one) {
      return one == json::value(type_of(value)) || (one == json::value("number") && type_of(value) == "integer");
    };
    return types.is_array() ? std::ranges::any_of(types.as_array(), is) : is(types);
  }
  void judge(const json::value& value, const json::object& schema, const std::string& where) {
    if (schema.contains("$ref")) return judge(value, whole_.at("$defs").at("counts").as_object(), where);
    if (!fits(value, schema.at("type"))) faults_.push_back(where + " is " + type_of(value));
    if (value.is_array()) {
      for (const auto& item : value.as_array()) judge(item, schema.at("items").as_object(), where + "[]");
    }
    if (!value.is_object()) return;
    const auto& properties = schema.at("properties").as_object();
    for (const auto& [key, member] : value.as_object()) {
      const auto* its = properties.if_contains(key);
      if (its == nullptr) {
        faults_.push_back(where + "." + std::string(key) + " is not in the schema");
      } else {
        judge(member, its->as_object(), where + "." + std::string(key));
      }
    }
    for (const auto& [key, its] : properties) {
      if (!value.as_object().contains(key)) faults_.push_back(where + "." + std::string(key) + " is missing");
    }
  }

  json::object whole_;
  std::vector<std::string> faults_;
};

TEST(StatusSchema, IsWhatStatusSaysKeyByKeyWithSomethingInEachAndWithNothing) {
  pipeline::Status full;
  full.paused_since = full.closed_until = WallTime{};
  full.jobs = {{.id = {.day = 20240115, .n = 3}, .eta = WallTime{}}, {}};
  full.ended = {{.finished = WallTime{}}, {}};
  full.in_doubt = {{}};
  full.waiting = {"a.csv: why"};
  full.hosts = {{.name = "one", .seen = WallTime{}}, {}};
  full.elsewhere = {{.id = {.day = 20240115, .n = 4}, .host = "two"}};
  for (const auto& status : {full, pipeline::Status{}}) {
    Schema schema(SLUICE_SOURCE_DIR "/docs/status.schema.json");
    schema.judge(json::parse(status_json(status)));
    EXPECT_EQ(schema.faults(), std::vector<std::string>{});
  }
}

TEST(StatusSchema, StatusNamesItsVersionFirst) {
  EXPECT_TRUE(status_json({}).starts_with(R"({"version":1,)"));
}

}  // namespace
}  // namespace sluice::control
