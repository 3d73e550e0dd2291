#pragma once

#include "shared/base/log.hpp"
#include "shared/http/application.hpp"
#include "site-rules/guide/served_sites.hpp"

#include <string_view>

/// @file Tells the static host what a site's own rules make of a request.
///
/// The host asks `GET /` with `Libra-Site` (the host name) and `Libra-Uri` (the path and query as
/// the client sent them) and acts upon the answer; the files are its own business. Answers:
///
/// - 301, 302, 303, 307, 308 with `Location`: the redirect itself;
/// - 200: `Libra-Release` is the release to serve from; the headers to add are headers of the
///   answer; `Libra-Rules` has ` content-type` where they set that, ` -cache-control` and
///   ` -x-content-type-options` where the host's own is not wanted either;
///   `Libra-Path`, where another page is shown, is that page, and `Libra-Status` its status;
/// - 404: there is no such site.

namespace libra {

/// Thread-safe.
class Guide final : public Application {
public:
    /// `sites` must outlive it.
    Guide(ServedSites& sites, Log log);

    std::optional<HttpResponse> answer_at_once(const HttpRequest& head) override;
    HttpResponse answer(const HttpRequest& request) override;
    HttpResponse refuse(const ErrorKind& error) override;
    void finish(const HttpRequest& request, HttpResponse& response) override;
    void served(const ServedRequest& served) override;

private:
    ServedSites& sites_;
    Log log_;
};

}  // namespace libra
