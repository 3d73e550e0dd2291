#pragma once

#include "shared/storage/attempt_record.hpp"

#include <string>
#include <vector>

namespace pqxx {
class transaction_base;
}

namespace libra {

/// Oldest first, those before a redrive included.
std::vector<AttemptRecord>
attempts_of(pqxx::transaction_base& transaction, const std::string& deployment_id);

}  // namespace libra
