#pragma once

#include <string>
#include <string_view>

#include "upstream/address.hpp"

namespace sluice::adapters::upstream {

/// One POST under the address's path as it goes over the wire (RFC 9112), head and body.
std::string compose_request(const Address& address, std::string_view credential, std::string_view path,
                            std::string_view body, std::string_view request_id);

}  // namespace sluice::adapters::upstream
