#pragma once

#include "shared/base/text.hpp"
#include "shared/wire/json.hpp"
#include "shared/wire/problem.hpp"
#include "tests/fuzz/target.hpp"

#include <rapidjson/pointer.h>

#include <set>
#include <string>
#include <string_view>
#include <variant>

/// @file What holds of the verdict about any request body.

namespace libra::fuzz {

inline bool fit_to_show(std::string_view reason)
{
    return !reason.empty() && is_utf8(reason) && printable_utf8(reason) == reason;
}

/// Whether `pointer` names a value of the document, or a member that one of its objects lacks.
inline bool lies_within(const std::string& pointer, const JsonValue& root)
{
    if (rapidjson::Pointer{pointer.c_str()}.Get(root) != nullptr) {
        return true;
    }
    const std::string parent = pointer.substr(0, pointer.rfind('/'));
    const JsonValue* const lacking = rapidjson::Pointer{parent.c_str()}.Get(root);
    return lacking != nullptr && lacking->IsObject();
}

inline void check_problems(const Problems& problems, const JsonValue& root)
{
    must(!problems.empty() && problems.size() <= 100, "a refusal names 1 to 100 problems");
    std::set<std::string> places;
    for (const Problem& problem : problems) {
        must(fit_to_show(problem.reason), "a problem has a reason that can be shown");
        must(lies_within(problem.pointer, root), "a problem lies within the document");
        must(places.insert(problem.pointer).second, "a place has one problem");
    }
}

/// @return the request, null where it was refused.
template <class Request>
const Request*
accepted(const std::variant<Request, Problems, Unreadable>& verdict, std::string_view body)
{
    const Result<JsonDocument> document = JsonDocument::parse(body);
    const auto* const unreadable = std::get_if<Unreadable>(&verdict);
    must((unreadable != nullptr) == document.has_error(), "only what is not JSON is unreadable");
    if (unreadable != nullptr) {
        must(fit_to_show(unreadable->reason), "what is unreadable has a reason that can be shown");
    } else if (const auto* const problems = std::get_if<Problems>(&verdict)) {
        check_problems(*problems, document->root());
    }
    return std::get_if<Request>(&verdict);
}

}  // namespace libra::fuzz
