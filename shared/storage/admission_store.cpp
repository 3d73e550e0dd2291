#include "shared/storage/admission_store.hpp"

#include <algorithm>
#include <array>

namespace libra {

// Each scope includes those before it.
bool Principal::has_scope(std::string_view scope) const
{
    static constexpr std::array<std::string_view, 3> k_scopes{"read", "deploy", "admin"};
    const auto* const needed = std::find(k_scopes.begin(), k_scopes.end(), scope);
    return std::any_of(needed, k_scopes.end(), [this](std::string_view enough) {
        return std::find(scopes.begin(), scopes.end(), enough) != scopes.end();
    });
}

}  // namespace libra
