// What came of one job: what `show` says besides its header.
#pragma once

#include "sluice/text/sentence.hpp"

// clang-format off: a row a sentence, both languages side by side
namespace sluice::text::words {

inline constexpr Sentence<3> fault_of_rows{"{0} × {1} (rows {2})", "{0} × {1}（第 {2} 个订单）"};
inline constexpr Sentence<2> requests_with_results{"the last {0} of {1} requests with results:", "有结果的 {1} 次请求中的最后 {0} 次："};

}  // namespace sluice::text::words
