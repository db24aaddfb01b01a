#include "sluice/records/format.hpp"

#include <boost/json.hpp>

#include "sluice/base/check.hpp"

namespace sluice::records {
namespace {

namespace json = boost::json;

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

Format format_from_ledger(std::string_view text) {
  json::error_code error;
  const json::value value = json::parse({text.data(), text.size()}, error);
  SLUICE_CHECK(!error && value.is_array() && value.get_array().size() == 10, "the ledger's own form of a format");
  const json::array& fields = value.get_array();
  const auto text_at = [&](std::size_t i) { return std::string(fields.at(i).as_string()); };
  const auto number_at = [&](std::size_t i) { return fields.at(i).to_number<std::uint64_t>(); };
  Format format;
  format.shape = static_cast<Shape>(number_at(0));
  format.encoding = static_cast<text::Encoding>(number_at(1));
  format.bom = fields.at(2).as_bool();
  format.delimiter = text_at(3).at(0);
  format.newline = text_at(4);
  for (const json::value& name : fields.at(5).as_array()) format.header.emplace_back(name.as_string());
  format.wrapper = text_at(6);
  format.header_offset = number_at(7);
  format.data_offset = number_at(8);
  format.data_line = number_at(9);
  return format;
}

}  // namespace sluice::records
