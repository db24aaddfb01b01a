#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fault.hpp"
#include "order_memory.hpp"

namespace sluice::sandbox {

/// The create page's schema says string, its example shows an integer: a client must take both.
enum class StatusAs : std::uint8_t { integer, string };

/// How `data` looks: as in the pages (create: array, modify: object), or the other way round.
enum class DataShape : std::uint8_t { as_documented, swapped };

/// A row of a create answer; order and placed belong together. Views into the request.
struct CreateRow {
  const CreateOrder* order;
  Placed placed;
};

/// `{"msg":…,"code":200,"data":[…]}` as in the create page's example.
std::string create_answer(std::span<const CreateRow> rows, StatusAs status_as, DataShape shape);
/// `{"msg":…,"code":200,"data":{"modifyOrders":[{"status":1}…]}}` as in the modify page's.
std::string modify_answer(std::span<const int> statuses, StatusAs status_as, DataShape shape);

/// Appends a JSON string, quotes and escapes included; `<` escaped too, or RequestBody would take it for a tag.
void append_quoted(std::string& out, std::string_view utf8);

/// UTF-8 to GB18030; what can't be converted is left as it is.
std::string to_gb18030(const std::string& utf8);

/// What goes back, and how. The HTTP text is written by hand, so that a fault can break it.
struct Reply {
  int status = 200;
  std::string_view content_type = "application/json;charset=utf-8";  ///< static storage
  std::string headers;                                               ///< whole lines
  std::string body;
  Act act = Act::replace;    ///< replace and the row acts: sent whole
  std::uint64_t number = 0;  ///< in the request log; 0: not a request for the API
};

/// Status line, headers and body.
std::string http_text(const Reply& reply, bool keep_alive);

}  // namespace sluice::sandbox
