#include "shared/storage/pg_fault.hpp"

#include <pqxx/except>

#include <string_view>

namespace libra {

namespace {

/// Source of the codes: PostgreSQL manual, appendix A.
std::optional<PgFault> fault_of_sqlstate(std::string_view code)
{
    const bool ended_by_server = code == "57P01" || code == "57P02" || code == "57P03" ||
                                 code == "57P04" || code == "57P05" || code == "25P03";
    const bool no_primary_any_more = code == "25006";  // its successor is found by connecting anew
    if (ended_by_server || no_primary_any_more || code.starts_with("08")) {
        return PgFault::lost;
    }
    if (code.starts_with("40")) {
        return PgFault::collision;
    }
    const bool timed_out = code == "57014" || code == "55P03";
    const bool short_of_something = code.starts_with("53");
    if (timed_out || short_of_something) {
        return PgFault::no_answer;
    }
    if (code.starts_with("22")) {
        return PgFault::bad_data;
    }
    return std::nullopt;
}

template <class Exception>
bool is(const std::exception& exception)
{
    return dynamic_cast<const Exception*>(&exception) != nullptr;
}

}  // namespace

std::optional<PgFault> pg_fault(const std::exception& exception)
{
    if (const auto* error = dynamic_cast<const pqxx::sql_error*>(&exception)) {
        return fault_of_sqlstate(error->sqlstate());
    }
    if (is<pqxx::broken_connection>(exception) || is<pqxx::in_doubt_error>(exception) ||
        is<pqxx::statement_completion_unknown>(exception)) {
        return PgFault::lost;
    }
    if (is<pqxx::transaction_rollback>(exception)) {
        return PgFault::collision;
    }
    return std::nullopt;
}

}  // namespace libra
