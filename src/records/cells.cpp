#include "sluice/records/cell.hpp"

namespace sluice::records {

Cells& Cells::operator=(const Cells& others) {
  if (this == &others) return *this;
  renew(others.size());
  for (std::size_t i = 0; i < size(); ++i) cells_[i] = {keep(std::string(others[i].text)), others[i].kind};
  return *this;
}

}  // namespace sluice::records
