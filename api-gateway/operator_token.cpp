#include "api-gateway/operator_token.hpp"

#include "api-gateway/accounts/new_credential.hpp"
#include "api-gateway/config.hpp"
#include "shared/base/clock.hpp"
#include "shared/domain/rules.hpp"
#include "shared/storage/pg_account_store.hpp"

#include <cstdio>

namespace libra {

namespace {

int complain(const std::string& problem)
{
    std::fputs(("operator-token: " + problem + '\n').c_str(), stderr);
    return 1;
}

}  // namespace

int make_operator_token(const std::string& user_id)
{
    if (const auto problem = id_problem(user_id)) {
        return complain("USER " + *problem);
    }
    Environment environment;
    const PgSettings settings = read_postgres_settings(environment);
    if (!environment.problems().empty()) {
        return complain(environment.problems().front());
    }
    SystemClock clock;
    SystemRandom random;
    PgPool pool{settings, clock};
    const NewCredential made = new_credential(random);
    const auto record = PgAccountStore{pool}.create_token(
        {.digest = made.digest,
         .id = new_id(random),
         .name = "operator",
         .user_id = user_id,
         .service = true,
         .scopes = {"admin"}},
        {},
        {.user_id = user_id, .request_id = "operator-token"}
    );
    if (!record) {
        return complain(record.error().detail);
    }
    std::puts(made.secret.reveal().c_str());
    return 0;
}

}  // namespace libra
