#pragma once

#include "api-gateway/api/route.hpp"

#include <string>
#include <string_view>

/// @file Pages and documents compiled into the program: GET /docs, its script, GET /openapi.json.

namespace libra {

struct StaticContent {
    std::string_view bytes{};  // must never go away
    std::string_view content_type{};
    bool gzipped{};                      // `bytes` are; they are sent so to every client
    std::string_view security_policy{};  // Content-Security-Policy; empty for the API's own
};

/// Answers with an ETag, and compressed to clients that take gzip.
class StaticHandler final : public Handler {
public:
    /// Compresses the content, which may take some milliseconds.
    explicit StaticHandler(StaticContent content);

    HttpResponse handle(const HttpRequest& request) override;

private:
    StaticContent content_;
    std::string compressed_;
    std::string etag_;
};

/// Whether an Accept-Encoding header allows gzip.
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace libra
