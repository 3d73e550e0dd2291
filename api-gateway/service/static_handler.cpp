#include "api-gateway/service/static_handler.hpp"

#include "shared/base/digest.hpp"
#include "shared/http/gzip.hpp"

namespace libra {

namespace {

constexpr std::size_t k_etag_digits = 32;

/// `q=0`, `q=0.0` and so on: not acceptable.
bool is_refusal(std::string_view parameter)
{
    return parameter.size() >= 3 && equal_without_case(parameter.substr(0, 2), "q=") &&
           parameter.find_first_not_of("0.", 2) == std::string_view::npos;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding)
{
    while (!accept_encoding.empty()) {
        const std::size_t comma = accept_encoding.find(',');
        const std::string_view item = accept_encoding.substr(0, comma);
        const std::size_t semicolon = item.find(';');
        const std::string_view coding = trimmed(item.substr(0, semicolon));
        if (equal_without_case(coding, "gzip") || coding == "*") {
            return semicolon == std::string_view::npos ||
                   !is_refusal(trimmed(item.substr(semicolon + 1)));
        }
        accept_encoding = comma == std::string_view::npos ? std::string_view{}
                                                          : accept_encoding.substr(comma + 1);
    }
    return false;
}

StaticHandler::StaticHandler(StaticContent content)
    : content_{content},
      compressed_{content.gzipped ? std::string{} : gzip(content.bytes)},
      // Weak, because the compressed form goes by the same tag.
      etag_{"W/\"" + sha256(content.bytes).hex().substr(0, k_etag_digits) + '"'}
{
}

HttpResponse StaticHandler::handle(const HttpRequest& request)
{
    HttpResponse response;
    response.headers.emplace_back("ETag", etag_);
    response.headers.emplace_back("Cache-Control", "no-cache");
    response.headers.emplace_back("Vary", "Accept-Encoding");
    const std::string_view known = request.header("If-None-Match").value_or("");
    if (known.find(etag_) != std::string_view::npos) {
        response.status = 304;
        return response;
    }
    response.headers.emplace_back("Content-Type", content_.content_type);
    if (!content_.security_policy.empty()) {
        response.headers.emplace_back("Content-Security-Policy", content_.security_policy);
    }
    response.static_body = content_.bytes;
    if (content_.gzipped) {
        response.headers.emplace_back("Content-Encoding", "gzip");
    } else if (accepts_gzip(request.header("Accept-Encoding").value_or(""))) {
        response.headers.emplace_back("Content-Encoding", "gzip");
        response.static_body = compressed_;
    }
    return response;
}

}  // namespace libra
