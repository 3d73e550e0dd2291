#include "api-gateway/api/attempt.hpp"

namespace libra {

AttemptAnswer to_answer(const AttemptRecord& attempt)
{
    return {
        .number = attempt.number,
        .worker = attempt.worker,
        .started_at = attempt.started_at,
        .ended_at = attempt.ended_at,
        .outcome = attempt.outcome,
        .step = attempt.step,
        .failure_class = attempt.failure_class,
        .error_code = attempt.error_code,
        .error = attempt.error,
    };
}

}  // namespace libra
