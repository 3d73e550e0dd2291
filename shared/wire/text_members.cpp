#include "shared/wire/text_members.hpp"

#include "shared/domain/rules.hpp"

namespace libra {

FoundMember locate(const JsonValue& object, std::string_view name)
{
    if (!object.IsObject()) {
        return {};
    }
    for (auto member = object.MemberBegin(); member != object.MemberEnd(); ++member) {
        if (text_of(member->name) == name) {
            return {
                .value = member->value.IsNull() ? nullptr : &member->value,
                .position = static_cast<std::size_t>(member - object.MemberBegin()),
            };
        }
    }
    return {};
}

void for_each_text(
    const JsonValue& object,
    const Place& place,
    std::string_view list,
    std::string_view member,
    const TextVisitor& visit
)
{
    const FoundMember found = locate(object, list);
    if (found.value == nullptr || !found.value->IsArray()) {
        return;
    }
    const Place list_place = place.member(list, found.position);
    for (rapidjson::SizeType i = 0; i < found.value->Size(); ++i) {
        const FoundMember text = locate((*found.value)[i], member);
        if (text.value != nullptr && text.value->IsString()) {
            const Place item_place = list_place.item(i);
            visit(text_of(*text.value), i, item_place.member(member, text.position));
        }
    }
}

void check_each_path(
    const JsonValue& object,
    const Place& place,
    std::string_view list,
    Findings& findings
)
{
    for_each_text(
        object,
        place,
        list,
        "path",
        [&](std::string_view path, std::size_t /*index*/, const Place& where) {
            if (auto problem = path_problem(path)) {
                findings.add(where, *std::move(problem));
            }
        }
    );
}

}  // namespace libra
