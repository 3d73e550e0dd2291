#include "api-gateway/api/body_refused.hpp"

#include "api-gateway/api/errors.hpp"
#include "shared/wire/answers.hpp"

namespace libra {

HttpResponse body_refused(const Unreadable& body, UtcTime now)
{
    return error_response(k_invalid_json, now, "The body cannot be read as JSON: " + body.reason);
}

HttpResponse body_refused(const Problems& problems, UtcTime now)
{
    return error_response(k_validation_failed, now, {}, encode_problems(problems));
}

}  // namespace libra
