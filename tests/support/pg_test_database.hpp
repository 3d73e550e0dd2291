#pragma once

#include "shared/storage/pg_settings.hpp"

#include <cstdint>
#include <string>

/// @file A PostgreSQL database of its own for one test case.
///
/// Link `libra_test_postgres`.

namespace libra::testing {

/// Made, with the schema, on the server that LIBRA_TEST_POSTGRES_URL names (a role that may create
/// databases), and dropped at the end of the process; until then an emptied one serves the next
/// test case. Without the variable every test fails rather than be skipped. Methods throw when the
/// server refuses. One thread.
class PgTestDatabase {
public:
    enum class Schema { applied, none };

    explicit PgTestDatabase(Schema schema = Schema::applied);
    ~PgTestDatabase();
    PgTestDatabase(const PgTestDatabase&) = delete;
    PgTestDatabase& operator=(const PgTestDatabase&) = delete;

    const std::string& url() const { return url_; }

    const std::string& name() const { return name_; }

    PgSettings settings() const;

    /// Statements without parameters, on a connection of their own.
    void run(const std::string& sql) const;

    /// The first column of the only row; empty for null.
    std::string text(const std::string& sql) const;
    std::int64_t number(const std::string& sql) const;

    /// Ends every connection to this database.
    void end_connections() const;

private:
    Schema schema_;
    std::string name_;
    std::string url_;
};

}  // namespace libra::testing
