#pragma once

#include "shared/storage/attempt_record.hpp"
#include "shared/wire/attempt_answer.hpp"

namespace libra {

AttemptAnswer to_answer(const AttemptRecord& attempt);

}  // namespace libra
