#include "tests/support/pg_test_database.hpp"

#include "shared/base/env.hpp"
#include "shared/base/random.hpp"
#include "shared/storage/conninfo.hpp"
#include "shared/storage/migrations.hpp"

#include <pqxx/connection>
#include <pqxx/nontransaction>
#include <pqxx/result>

#include <cstdio>
#include <stdexcept>
#include <vector>

namespace libra::testing {

namespace {

std::string server_url()
{
    Environment environment;
    std::string url = environment.required_text("LIBRA_TEST_POSTGRES_URL");
    if (!environment.problems().empty()) {
        throw std::runtime_error{environment.problems().front()};
    }
    return url;
}

pqxx::result execute(const std::string& url, const std::string& sql)
{
    pqxx::connection connection{url};
    pqxx::nontransaction statement{connection};
    return statement.exec(sql);
}

std::string create_database()
{
    SystemRandom random;
    std::string name = "libra_test_" + new_id(random);
    // template0, because nobody can be connected to it at this moment.
    execute(server_url(), "create database " + name + " template template0");
    return name;
}

/// Not `with (force)`, which an ordinary role is refused while autovacuum is at work.
void end_connections_to(const std::string& name)
{
    execute(
        server_url(),
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name +
            "' and backend_type = 'client backend'"
    );
}

void drop_database(const std::string& name) noexcept
{
    try {
        end_connections_to(name);
        execute(server_url(), "drop database " + name);
    } catch (const std::exception& exception) {
        std::fputs(exception.what(), stderr);
    }
}

/// Databases with the schema and no rows, for the next test case: making one takes far longer than
/// emptying one.
class SpareDatabases {
public:
    /// libpqxx keeps static tables of its own, made at first use. They have to be older than this
    /// object, whose destructor needs them.
    SpareDatabases() { execute(server_url(), "select 1"); }

    ~SpareDatabases()
    {
        for (const std::string& name : names_) {
            drop_database(name);
        }
    }

    SpareDatabases(const SpareDatabases&) = delete;
    SpareDatabases& operator=(const SpareDatabases&) = delete;

    void put(const std::string& name) { names_.push_back(name); }

    std::string take()
    {
        if (names_.empty()) {
            return {};
        }
        std::string name = names_.back();
        names_.pop_back();
        return name;
    }

private:
    std::vector<std::string> names_;
};

SpareDatabases& spare_databases()
{
    static SpareDatabases spares;
    return spares;
}

std::string url_of(const std::string& name)
{
    return with_parameters(server_url(), {{"dbname", name}});
}

}  // namespace

PgTestDatabase::PgTestDatabase(Schema schema) : schema_{schema}
{
    name_ = schema == Schema::applied ? spare_databases().take() : "";
    if (!name_.empty()) {
        url_ = url_of(name_);
        return;
    }
    name_ = create_database();
    url_ = url_of(name_);
    if (schema == Schema::applied) {
        const Result<int> applied = apply_migrations(settings(), embedded_migrations());
        if (applied.has_error()) {
            throw std::runtime_error{applied.error().detail};
        }
    }
}

PgTestDatabase::~PgTestDatabase()
{
    if (schema_ == Schema::none) {
        drop_database(name_);
        return;
    }
    try {
        end_connections();
        run(R"(
            do $$
            begin
                execute (
                    select 'truncate ' || string_agg(quote_ident(tablename), ', ')
                    from pg_tables
                    where schemaname = 'public' and tablename <> 'schema_migrations'
                );
            end
            $$
        )");
        spare_databases().put(name_);
    } catch (const std::exception& exception) {
        std::fputs(exception.what(), stderr);
        drop_database(name_);
    }
}

PgSettings PgTestDatabase::settings() const
{
    PgSettings settings;
    settings.url = Secret{url_};
    settings.application_name = "libra-test";
    return settings;
}

void PgTestDatabase::run(const std::string& sql) const
{
    execute(url_, sql);
}

std::string PgTestDatabase::text(const std::string& sql) const
{
    return execute(url_, sql).at(0).at(0).as<std::string>("");
}

std::int64_t PgTestDatabase::number(const std::string& sql) const
{
    return execute(url_, sql).at(0).at(0).as<std::int64_t>();
}

void PgTestDatabase::end_connections() const
{
    end_connections_to(name_);
}

}  // namespace libra::testing
