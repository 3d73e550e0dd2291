#include "api-gateway/letters/letter_endpoints.hpp"

namespace libra {

LetterEndpoints::LetterEndpoints(const LetterHandler::Parts& parts, const Log& log)
    : list_{parts, log},
      detail_{parts, log},
      requeue_{parts, log},
      requeue_matching_{parts, log},
      discard_{parts, log}
{
}

Routes LetterEndpoints::routes()
{
    using enum Runs;
    using enum Access;
    using enum Takes;
    // clang-format off
    return {
        {"GET",    "/dlq",              on_worker, credential, nothing, &list_},
        {"POST",   "/dlq/requeue",      on_worker, credential, json,    &requeue_matching_},
        {"GET",    "/dlq/{id}",         on_worker, credential, nothing, &detail_},
        {"DELETE", "/dlq/{id}",         on_worker, credential, json,    &discard_},
        {"POST",   "/dlq/{id}/requeue", on_worker, credential, nothing, &requeue_},
    };
    // clang-format on
}

}  // namespace libra
