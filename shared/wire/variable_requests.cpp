#include "shared/wire/variable_requests.hpp"

#include "shared/domain/variable_rules.hpp"
#include "shared/wire/schemas.hpp"
#include "shared/wire/text_members.hpp"

#include <fmt/format.h>

#include <utility>

namespace libra {

std::variant<VariableRequest, Problems, Unreadable> parse_variable(std::string_view body)
{
    const Result<JsonDocument> document = JsonDocument::parse(body);
    if (!document) {
        return Unreadable{document.error().detail};
    }
    const JsonValue& request = document->root();
    Findings findings;
    new_variable_schema().check(request, Place{}, findings);
    const FoundMember value = locate(request, "value");
    if (value.value != nullptr && value.value->IsString() &&
        value.value->GetStringLength() > k_max_variable_bytes) {
        findings.add(
            Place{}.member("value", value.position),
            fmt::format("must have at most {} bytes", k_max_variable_bytes)
        );
    }
    if (!findings.empty()) {
        return std::move(findings).sorted();
    }
    VariableRequest variable{.value = std::string{text_of(*value.value)}};
    if (const JsonValue* const secret = locate(request, "secret").value) {
        variable.secret = secret->GetBool();
    }
    return variable;
}

}  // namespace libra
