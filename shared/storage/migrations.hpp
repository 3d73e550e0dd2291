#pragma once

#include "shared/base/result.hpp"
#include "shared/storage/pg_settings.hpp"

#include <span>
#include <string_view>
#include <vector>

/// @file The database schema, brought up to what this binary was written for.

namespace libra {

struct Migration {
    int version{};
    std::string_view name{};
    std::string_view sql{};
    /// The digest of its text before it was corrected, by which all databases go on to know it.
    /// Only for what one version of PostgreSQL refuses: the outcome has to stay what it was.
    std::string_view known_as{};
};

/// Those compiled into this binary, in the order of their versions.
std::vector<Migration> embedded_migrations();

/// Applies what the database does not have yet, all of it in one transaction. Any number of
/// processes may do this at once: one works, the others wait, for a minute at most.
///
/// A database that is newer than `migrations` is left as it is, so that an older binary still
/// starts during a rolling update.
/// @return how many were applied; `unavailable`; `conflict`, naming the migration, when one that
/// was applied has changed since: restore it and put the change into a new one.
Result<int> apply_migrations(const PgSettings& settings, std::span<const Migration> migrations);

}  // namespace libra
