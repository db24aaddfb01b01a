#include "order_rows.hpp"

#include <fmt/format.h>

#include <array>
#include <span>
#include <utility>

namespace sluice::simulation {

namespace {

/// A value as a file spells it, and what it must be on the wire. Spelled only in ways that docs/api.md names.
struct Spelling {
  std::string_view written;
  std::string_view wire;
};
constexpr Spelling kIsps[] = {{"联通", "联通"},         {"China Unicom", "联通"}, {"CMCC", "移动"},
                              {"China Mobile", "移动"}, {"电信", "电信"},         {"China Telecom", "电信"}};
constexpr Spelling kProvinces[] = {{"", ""}, {"粤", "粤"}, {"广东", "粤"}, {"GD", "粤"}, {"北京市", "京"}};
constexpr Spelling kRenewals[] = {{"true", "true"}, {"false", "false"}, {"是", "true"}, {"0", "false"}, {"N", "false"}};
constexpr Spelling kMonths[] = {{"2031-12", "2031-12"}, {"2031-2", "2031-02"}, {"2031-07-09", "2031-07-09"}};
constexpr Spelling kDates[] = {{"2031-11-05", "2031-11-05"}, {"2031-11-5", "2031-11-05"}};
constexpr Spelling kNicknames[] = {
    {"", ""}, {"Zhong Yong", "Zhong Yong"}, {"a<b>&c", "a<b>&c"}, {"say \"hi\", you", "say \"hi\", you"}};

const Spelling& one_of(std::span<const Spelling> table, Random& random) {
  return table[random.below(table.size())];
}

void add(WrittenRow& row, std::string_view written, std::string_view wire) {
  row.cells.emplace_back(written);
  row.plan.wire.append(wire).append("|");
}
void add(WrittenRow& row, const Spelling& spelling) {
  add(row, spelling.written, spelling.wire);
}
void add(WrittenRow& row, const std::string& both) {
  add(row, both, both);
}

/// Breaks one required cell, so that the row must fail its local check.
void spoil(WrittenRow& row, orders::ServiceId service, Random& random) {
  const bool create = service == orders::ServiceId::create;
  constexpr std::string_view bad_ids[] = {"", "12a4", "1.78723E+16", "123456789012345678901"};
  const std::size_t date = 5;  // endMonthTime, executeTime
  switch (random.below(3)) {
    case 0:
      row.cells[0] = bad_ids[random.below(std::size(bad_ids))];
      break;
    case 1:
      row.cells[date] = random.per_mille(500) ? "2019-01-01" : "soon";
      break;
    default:
      row.cells[create ? 3 : 2] = create ? "广电" : "x";
  }
  row.plan.invalid = true;
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n\t;") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

std::string json_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::span<const std::string_view> chinese_headers(orders::ServiceId service) {
  static constexpr std::string_view create[] = {"用户ID", "抖音号", "昵称", "运营商", "省份", "结束时间", "是否续费"};
  static constexpr std::string_view modify[] = {"订单号", "原UID", "新UID", "新抖音号", "新昵称", "执行时间"};
  return service == orders::ServiceId::create ? std::span<const std::string_view>(create)
                                              : std::span<const std::string_view>(modify);
}

std::string write_csv(orders::ServiceId service, const std::vector<WrittenRow>& rows, Random& random) {
  const auto headers = random.per_mille(300) ? chinese_headers(service) : wire_fields(service);
  const char delimiter = random.per_mille(200) ? '\t' : ',';
  const std::string newline = random.per_mille(300) ? "\r\n" : "\n";
  const bool remark = random.per_mille(300);
  std::string out = random.per_mille(200) ? "\xEF\xBB\xBF" : "";
  const auto line = [&](const auto& cells, std::string_view extra) {
    bool first = true;
    for (const auto& cell : cells) {
      if (!std::exchange(first, false)) out += delimiter;
      out += csv_cell(std::string(cell));
    }
    if (remark) out.append(1, delimiter).append(extra);
    out += newline;
  };
  line(headers, "备注");
  for (const auto& row : rows) line(row.cells, "kept as it is");
  if (random.per_mille(300)) out.resize(out.size() - newline.size());
  return out;
}

std::string json_object(orders::ServiceId service, const WrittenRow& row) {
  std::string out = "{";
  const auto fields = wire_fields(service);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const bool optional = fields[i] == "nickname" || fields[i] == "province" || fields[i] == "newNickname";
    if (row.cells[i].empty() && optional) continue;
    if (out.size() > 1) out += ", ";
    const bool literal = row.cells[i] == "true" || row.cells[i] == "false";
    out += fmt::format("\"{}\": {}", fields[i], literal ? row.cells[i] : json_text(row.cells[i]));
  }
  return out + "}";
}

std::string write_json(orders::ServiceId service, const std::vector<WrittenRow>& rows, Random& random) {
  const auto shape = random.below(3);
  const bool create = service == orders::ServiceId::create;
  std::string out = shape == 0 ? "[" : shape == 1 ? (create ? "{\"packOrder\": [" : "{\"modifyOrders\": [") : "";
  bool first = true;
  for (const auto& row : rows) {
    if (!std::exchange(first, false)) out += shape == 2 ? "\n" : ",\n ";
    out += json_object(service, row);
  }
  return out + (shape == 0 ? "]\n" : shape == 1 ? "]}\n" : "\n");
}

}  // namespace

WrittenRow write_row(orders::ServiceId service, std::uint64_t keys, Random& random) {
  WrittenRow row;
  const auto number = random.between(1, keys);
  if (service == orders::ServiceId::create) {
    row.plan.key = std::to_string(72'000'000'000 + number);
    add(row, row.plan.key);
    add(row, fmt::format("dy{}", number));
    add(row, random.per_mille(700) ? kNicknames[0] : one_of(kNicknames, random));
    add(row, one_of(kIsps, random));
    add(row, one_of(kProvinces, random));
    add(row, one_of(kMonths, random));
    add(row, one_of(kRenewals, random));
  } else {
    // None ends in zeros: beside a 1.78723E+16 such a one is rightly taken for rounded too.
    row.plan.key = std::to_string(17'872'308'245'000'007 + number * 10);
    add(row, row.plan.key);
    add(row, std::to_string(62'000'000'000 + number));
    add(row, std::to_string(63'000'000'000 + random.between(1, 3)));
    add(row, fmt::format("ndy{}", number));
    add(row, random.per_mille(700) ? kNicknames[0] : one_of(kNicknames, random));
    add(row, one_of(kDates, random));
  }
  if (random.per_mille(60)) spoil(row, service, random);
  return row;
}

std::string write_file(orders::ServiceId service, const std::vector<WrittenRow>& rows, Random& random) {
  return random.per_mille(650) ? write_csv(service, rows, random) : write_json(service, rows, random);
}

}  // namespace sluice::simulation
