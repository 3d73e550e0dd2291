#include "api-gateway/reseal_secrets.hpp"

#include "api-gateway/config.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/secrets_key.hpp"
#include "shared/domain/variable_rules.hpp"
#include "shared/storage/pg_sealed_variables.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <string>

namespace libra {

namespace {

constexpr int k_page = 200;

void complain(const std::string& problem)
{
    std::fputs(("reseal-secrets: " + problem + '\n').c_str(), stderr);
}

class Resealing {
public:
    Resealing(PgPool& pool, const SecretBox& box, bool only_count)
        : variables_{pool}, box_{box}, only_count_{only_count}
    {
    }

    Result<void> run()
    {
        SealedVariable last;
        while (true) {
            const auto page = variables_.after(last, k_page);
            if (page.has_error()) {
                return page.error();
            }
            if (page->empty()) {
                return {};
            }
            for (const SealedVariable& variable : *page) {
                if (Result<void> looked = look_at(variable); looked.has_error()) {
                    return looked;
                }
            }
            last = page->back();
        }
    }

    int report() const
    {
        const std::string counts = fmt::format(
            "under the first key: {}\nunder an older key: {}\nthat no key opens: {}",
            current_,
            older_,
            closed_
        );
        std::puts(counts.c_str());
        return closed_ == 0 ? 0 : 1;
    }

private:
    Result<void> look_at(const SealedVariable& variable)
    {
        const std::string bound_to = variable_binding(variable.project_id, variable.name);
        if (box_.is_current(variable.sealed, bound_to)) {
            ++current_;
            return {};
        }
        const Result<std::string> value = box_.open(variable.sealed, bound_to);
        if (value.has_error()) {
            ++closed_;
            complain(variable.project_id + ": " + variable.name + ' ' + value.error().detail);
            return {};
        }
        if (only_count_) {
            ++older_;
            return {};
        }
        const auto done = variables_.replace(variable, box_.seal(*value, bound_to, random_));
        if (done.has_error()) {
            return done.error();
        }
        current_ += *done ? 1 : 0;  // else it was set anew, or is gone
        return {};
    }

    PgSealedVariables variables_;
    const SecretBox& box_;
    bool only_count_;
    SystemRandom random_;
    int current_{0};
    int older_{0};
    int closed_{0};
};

}  // namespace

int reseal_secrets(bool only_count)
{
    Environment environment;
    const PgSettings settings = read_postgres_settings(environment);
    const std::optional<SecretBox> box = read_secret_box(environment);
    if (!environment.problems().empty() || !box) {
        complain(box ? environment.problems().front() : "SECRETS_KEY is not set, or not a key");
        return 1;
    }
    SystemClock clock;
    PgPool pool{settings, clock};
    Resealing resealing{pool, *box, only_count};
    if (const Result<void> done = resealing.run(); done.has_error()) {
        complain(done.error().detail);
        return 1;
    }
    return resealing.report();
}

}  // namespace libra
