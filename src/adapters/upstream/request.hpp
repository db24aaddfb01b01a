#pragma once

#include <string>
#include <string_view>

#include "sluice/config/base_url.hpp"

namespace sluice::adapters::upstream {

/// One POST under the base URL's path as it goes over the wire (RFC 9112), head and body.
std::string compose_request(const config::BaseUrl& url, std::string_view credential, std::string_view path,
                            std::string_view body, std::string_view request_id);

}  // namespace sluice::adapters::upstream
