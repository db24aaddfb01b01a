#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/pipeline/placed_before.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/text/sentence.hpp"

namespace sluice::control {

/// What `find` asks: {"id": a uid, an orderId or a douyinId}.
std::string find_json(const std::string& id);
/// Kind usage: it is not that.
Result<std::string> parse_find(std::string_view json);

/// Every order of this id that is remembered (keep.orders), the last ones first, at most a thousand, as JSON: what POST
/// /find answers.
ports::Task<Result<std::string>> find_answer(ports::Ledger& ledger, std::string id, WallTime now);
/// The same for people. Kind bad_input: it is no such JSON.
Result<std::string> find_text(std::string_view json, text::Lang lang = text::Lang::en);

/// What `check` asks about orders that it would send, and what POST /placed answers. Kinds usage, bad_input: it is not
/// that.
std::string elements_json(const std::vector<std::string>& elements);
Result<std::vector<std::string>> parse_elements(std::string_view json);
std::string placed_json(const pipeline::PlacedBefore& placed);
Result<pipeline::PlacedBefore> parse_placed(std::string_view json);

}  // namespace sluice::control
