#include "shared/storage/admission_store.hpp"

#include <algorithm>

namespace libra {

bool Principal::has_scope(std::string_view scope) const
{
    return std::any_of(scopes.begin(), scopes.end(), [scope](const std::string& held) {
        return held == scope || held == "admin";
    });
}

}  // namespace libra
