// What became of a row, in a word: the column result_text beside the fixed `result`.
#pragma once

#include "sluice/text/sentence.hpp"

// clang-format off: a row a sentence, both languages side by side
namespace sluice::text::words {

inline constexpr Sentence<0> row_accepted{"accepted", "已接受"};
inline constexpr Sentence<0> row_accepted_earlier{"accepted earlier", "此前已成功"};
inline constexpr Sentence<0> row_refused{"refused", "被拒绝"};
inline constexpr Sentence<0> row_invalid{"invalid", "无效"};
inline constexpr Sentence<0> row_failed{"failed", "未成功"};
inline constexpr Sentence<0> row_not_sent{"not sent", "未发送"};
inline constexpr Sentence<0> row_duplicate{"duplicate", "重复"};
inline constexpr Sentence<0> row_in_doubt{"in doubt", "存疑"};

}  // namespace sluice::text::words
