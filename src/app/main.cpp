#include <cstdlib>

#include "program.hpp"

int main(int argc, char** argv) {
  return sluice::app::run_program({argv + 1, argv + argc}, std::getenv("SLUICE_CONFIG"));
}
