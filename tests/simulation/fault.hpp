#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "random.hpp"

namespace sluice::simulation {

/// What the network, or whatever stands before the API, does with one request.
enum class Fault : std::uint8_t {
  none,
  no_byte_out,         ///< the connection turns out dead before the first byte
  request_lost,        ///< never arrives; no answer
  request_late,        ///< arrives long after it was written
  request_duplicated,  ///< arrives twice
  answer_lost,
  answer_late,
  slow,          ///< the API takes its time: it checks at once, and commits and answers within the response timeout
  reset_before,  ///< reset, the request never arrived
  reset_after,   ///< reset, after the API had done its part
  rows_missing,  ///< an honest answer without some of its rows
  answer_cut,    ///< an honest answer, its end missing
  answer_garbled,
  cached,  ///< never arrives: a cache gives the answer to somebody's earlier request, all accepted
  spoken,  ///< an answer out of the table of lies
};

/// What an attempt leaves known of its orders.
enum class Certainty : std::uint8_t {
  not_applied,
  maybe,
  rows,  ///< as its rows say
};

/// An answer that something before, in or behind the API gives instead of the honest one.
struct Lie {
  std::string_view name;
  int status;
  std::string_view content_type;
  std::string_view retry_after;
  std::string_view body;
  bool can_apply;    ///< the API may have done (part of) its work first
  bool closes_line;  ///< credential or address: nothing may start after it was read
  std::uint32_t weight;
  bool late = false;    ///< the API goes on working, and commits within the response timeout
  bool untrue = false;  ///< a no, though the work was done, or part of it
};

std::span<const Lie> lies();
const Lie& unauthorized_lie(bool in_envelope);
const Lie& throttled_lie();
const Lie& too_large_lie();
const Lie& closed_lie();
const Lie& bad_gateway_lie();
const Lie& repeat_lie();

Fault draw_fault(Random& random);
const Lie& draw_lie(Random& random);
std::string_view name(Fault fault);

}  // namespace sluice::simulation
