#pragma once

#include <string>
#include <vector>

namespace sluice::house {

/// A function with a body, outside of other functions.
struct Function {
  std::string name;  ///< as far as it can be told
  std::size_t line = 0;
  std::size_t lines = 0;  ///< of its body, from brace to brace, as clang-tidy's readability-function-size counts them
  bool coroutine = false;
};

/// The functions of a source that clang-format has formatted. Not a parser of C++: good enough for this code, whose
/// macros hide no braces.
std::vector<Function> functions_of(const std::string& source);

}  // namespace sluice::house
