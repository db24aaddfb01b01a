// What the program says of itself, before and after a command's own work.
#pragma once

#include "sluice/text/sentence.hpp"

// clang-format off: a row a sentence, both languages side by side
namespace sluice::text::words {

inline constexpr Sentence<0> out_of_memory{"sluice: out of memory; nothing was begun that the next start does not take up. Raise MemoryMax= (or ulimit -v), or free some", "sluice：内存不足；已开始的工作下次启动都会接着做。请调高 MemoryMax=（或 ulimit -v），或释放一些内存"};
inline constexpr Sentence<1> log_lines_lost{"{0} {0:line|lines} of this log {0:is|are} missing here: whoever reads it did not keep up", "此处缺少 {0} 行日志：读取方没有跟上"};
inline constexpr Sentence<0> output_lost{"sluice: the output could not be written: see where it goes, and whether there is room", "sluice：输出无法写出：请查看输出到哪里、是否还有空间"};

}  // namespace sluice::text::words
