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

std::string fresh_name()
{
    SystemRandom random;
    return "libra_test_" + new_id(random);
}

}  // namespace

PgTestDatabase::PgTestDatabase(Schema schema)
    : server_url_{server_url()},
      name_{fresh_name()},
      url_{with_parameters(server_url_, {{"dbname", name_}})}
{
    // template0, because nobody can be connected to it at this moment.
    execute(server_url_, "create database " + name_ + " template template0");
    if (schema == Schema::applied) {
        const Result<int> applied = apply_migrations(settings(), embedded_migrations());
        if (applied.has_error()) {
            throw std::runtime_error{applied.error().detail};
        }
    }
}

PgTestDatabase::~PgTestDatabase()
{
    try {
        execute(server_url_, "drop database " + name_ + " with (force)");
    } catch (const std::exception& exception) {
        std::fputs(exception.what(), stderr);
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
    run("select pg_terminate_backend(pid) from pg_stat_activity "
        "where datname = current_database() and pid <> pg_backend_pid()");
}

}  // namespace libra::testing
