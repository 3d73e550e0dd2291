#include "shared/storage/organization_store.hpp"

#include <array>
#include <utility>

namespace libra {

namespace {

constexpr std::array k_periods{
    std::pair{PlanPeriod::day, std::string_view{"day"}},
    std::pair{PlanPeriod::week, std::string_view{"week"}},
    std::pair{PlanPeriod::month, std::string_view{"month"}},
    std::pair{PlanPeriod::year, std::string_view{"year"}},
};

}  // namespace

std::optional<PlanPeriod> parse_plan_period(std::string_view word)
{
    for (const auto& [period, known] : k_periods) {
        if (word == known) {
            return period;
        }
    }
    return std::nullopt;
}

std::string_view to_string(PlanPeriod period)
{
    return k_periods.at(static_cast<std::size_t>(period)).second;
}

}  // namespace libra
