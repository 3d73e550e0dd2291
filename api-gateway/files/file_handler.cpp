#include "api-gateway/files/file_handler.hpp"

#include "api-gateway/api/query_reader.hpp"
#include "api-gateway/files/errors.hpp"
#include "shared/wire/answers.hpp"

#include <utility>

namespace libra {

FileHandler::FileHandler(const Parts& parts, std::string_view scope, Log log)
    : PrincipalHandler{{parts.admissions, parts.clock}, scope, std::move(log)}, parts_{parts}
{
}

std::variant<FileHandler::Address, HttpResponse> FileHandler::address_of(const HttpRequest& request
) const
{
    const std::optional<Digest> digest = Digest::parse(request.segment(1));
    if (!digest) {
        return error(k_invalid_digest);
    }
    QueryReader reader{request};
    Address address{.digest = *digest, .org_id = reader.required_id("orgId")};
    if (const Problems problems = std::move(reader).finish(); !problems.empty()) {
        return error_response(
            k_validation_failed, now(), k_invalid_query, encode_problems(problems)
        );
    }
    return address;
}

}  // namespace libra
