#pragma once

#include <exception>
#include <optional>

/// @file What an exception of libpqxx 6 asks of us.

namespace libra {

enum class PgFault {
    lost,       // the connection broke, and a commit under way may have happened or not
    collision,  // deadlock or failed serialization: nothing was written, run it again
    no_answer,  // a timeout or a shortage of the server
    bad_data,   // a value that a column cannot take
};

/// @return nothing for an exception that is a bug of ours.
std::optional<PgFault> pg_fault(const std::exception& exception);

}  // namespace libra
