#pragma once

#include "shared/net/http_client.hpp"

/// @file The HTTP client of the real services, over libcurl.

namespace libra {

/// One connection a call. Certificates are checked against the system's store. The proxy variables
/// of the environment (`http_proxy`, …) are not obeyed: what a service reaches is decided by its
/// own configuration.
class CurlHttpClient final : public HttpClient {
public:
    /// Throws where libcurl cannot be initialised. Make the first one before starting threads.
    CurlHttpClient();

    Result<HttpReply> send(const HttpCall& call, std::stop_token stop) override;
};

}  // namespace libra
