#include "shared/wire/schema_walk.hpp"

#include "shared/wire/json_type.hpp"
#include "shared/wire/valijson_adapter.hpp"

#include <fmt/format.h>
#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/constraints/constraint_visitor.hpp>

#include <algorithm>

namespace libra {

namespace {

using valijson::Subschema;
using valijson::adapters::RapidJsonAdapter;

constexpr std::size_t k_longest_matched_bytes = 1024;

/// Characters of well-formed UTF-8.
std::uint64_t length_of(const JsonValue& string)
{
    const std::string_view text = text_of(string);
    return static_cast<std::uint64_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

/// One value against one schema. A visitor's result is not used: problems go to the findings.
class Walk final : public valijson::constraints::ConstraintVisitor {
public:
    Walk(
        const SchemaKeywords& keywords,
        const JsonValue& value,
        const Place& place,
        Findings& findings
    )
        : keywords_{keywords}, value_{value}, place_{place}, findings_{findings}
    {
    }

    void run(const Subschema& schema)
    {
        Subschema::ApplyFunction visit_it = [this](const valijson::constraints::Constraint& each) {
            return each.accept(*this);
        };
        schema.apply(visit_it);
    }

    bool visit(const TypeConstraint& type) override
    {
        bool good = false;
        bool nullable = false;
        std::string wanted;
        type.applyToNamedTypes([&](TypeConstraint::JsonType named) {
            good = good || has_type(value_, named);
            nullable = nullable || named == TypeConstraint::kNull;
            if (named != TypeConstraint::kNull) {
                wanted += (wanted.empty() ? "" : " or ");
                wanted += words_for(named);
            }
            return true;
        });
        return good || problem("must be " + wanted + (nullable ? " or null" : ""));
    }

    bool visit(const RequiredConstraint& required) override
    {
        if (!value_.IsObject()) {
            return true;
        }
        required.applyToRequiredProperties([&](const auto& name) {
            if (value_.FindMember(name.c_str()) == value_.MemberEnd()) {
                findings_.add(place_.member(name.c_str(), value_.MemberCount()), "is required");
            }
            return true;
        });
        return true;
    }

    bool visit(const PropertiesConstraint& properties) override
    {
        if (!value_.IsObject()) {
            return true;
        }
        properties.applyToProperties([&](const auto& name, const Subschema* schema) {
            const auto member = value_.FindMember(name.c_str());
            if (member != value_.MemberEnd()) {
                descend(*schema, member->value, place_of(member));
            }
            return true;
        });
        if (properties.getAdditionalPropertiesSubschema() == nullptr) {
            refuse_additional(properties);
        }
        return true;
    }

    bool visit(const SingularItemsConstraint& items) override
    {
        for (rapidjson::SizeType i = 0; value_.IsArray() && i < value_.Size(); ++i) {
            descend(*items.getItemsSubschema(), value_[i], place_.item(i));
        }
        return true;
    }

    bool visit(const ConditionalConstraint& condition) override
    {
        Findings ignored;
        Walk{keywords_, value_, place_, ignored}.run(*condition.getIfSubschema());
        const Subschema* const chosen =
            ignored.empty() ? condition.getThenSubschema() : condition.getElseSubschema();
        if (chosen != nullptr) {
            run(*chosen);
        }
        return true;
    }

    bool visit(const MinLengthConstraint& limit) override
    {
        const std::uint64_t least = limit.getMinLength();
        return !value_.IsString() || length_of(value_) >= least ||
               problem(
                   value_.GetStringLength() == 0
                       ? "must not be empty"
                       : fmt::format("must have at least {} characters", least)
               );
    }

    bool visit(const MaxLengthConstraint& limit) override
    {
        return !value_.IsString() || length_of(value_) <= limit.getMaxLength() ||
               problem(fmt::format("must have at most {} characters", limit.getMaxLength()));
    }

    bool visit(const PatternConstraint& constraint) override
    {
        std::string pattern;
        constraint.getPattern(pattern);
        if (!value_.IsString()) {
            return true;
        }
        // std::regex recurses once a character.
        const std::string_view text = text_of(value_);
        const bool good = text.size() <= k_longest_matched_bytes &&
                          std::regex_search(text.begin(), text.end(), keywords_.pattern(pattern));
        return good || problem("must match " + pattern);
    }

    bool visit(const MinimumConstraint& limit) override
    {
        return !value_.IsNumber() || value_.GetDouble() >= limit.getMinimum() ||
               problem(fmt::format("must be at least {:.0f}", limit.getMinimum()));
    }

    bool visit(const MaximumConstraint& limit) override
    {
        return !value_.IsNumber() || value_.GetDouble() <= limit.getMaximum() ||
               problem(fmt::format("must be at most {:.0f}", limit.getMaximum()));
    }

    bool visit(const MinItemsConstraint& limit) override
    {
        return !value_.IsArray() || value_.Size() >= limit.getMinItems() ||
               problem(fmt::format("must have at least {} items", limit.getMinItems()));
    }

    bool visit(const MaxItemsConstraint& limit) override
    {
        return !value_.IsArray() || value_.Size() <= limit.getMaxItems() ||
               problem(fmt::format("must have at most {} items", limit.getMaxItems()));
    }

    bool visit(const ConstConstraint& constant) override
    {
        return constant.getValue()->equalTo(RapidJsonAdapter{value_}, true) ||
               problem("must be " + keywords_.text_of_constant(*constant.getValue()));
    }

    bool visit(const EnumConstraint& choice) override
    {
        bool good = false;
        std::string words;
        choice.applyToValues([&](const valijson::adapters::FrozenValue& each) {
            good = good || each.equalTo(RapidJsonAdapter{value_}, true);
            words += (words.empty() ? "" : ", ") + keywords_.text_of_constant(each);
            return true;
        });
        return good || problem("must be one of " + words);
    }

    // An annotation: the pattern beside it decides.
    bool visit(const FormatConstraint& /*unused*/) override { return true; }

    bool visit(const AllOfConstraint& /*unused*/) override { return unknown(); }

    bool visit(const AnyOfConstraint& /*unused*/) override { return unknown(); }

    bool visit(const ContainsConstraint& /*unused*/) override { return unknown(); }

    bool visit(const DependenciesConstraint& /*unused*/) override { return unknown(); }

    bool visit(const LinearItemsConstraint& /*unused*/) override { return unknown(); }

    bool visit(const MaxPropertiesConstraint& /*unused*/) override { return unknown(); }

    bool visit(const MinPropertiesConstraint& /*unused*/) override { return unknown(); }

    bool visit(const MultipleOfDoubleConstraint& /*unused*/) override { return unknown(); }

    bool visit(const MultipleOfIntConstraint& /*unused*/) override { return unknown(); }

    bool visit(const NotConstraint& /*unused*/) override { return unknown(); }

    bool visit(const OneOfConstraint& /*unused*/) override { return unknown(); }

    bool visit(const PolyConstraint& /*unused*/) override { return unknown(); }

    bool visit(const PropertyNamesConstraint& /*unused*/) override { return unknown(); }

    bool visit(const UniqueItemsConstraint& /*unused*/) override { return unknown(); }

private:
    [[noreturn]] static bool unknown()
    {
        throw std::logic_error{"SchemaKeywords let a keyword through that the walk does not know"};
    }

    bool problem(std::string reason)
    {
        findings_.add(place_, std::move(reason));
        return false;
    }

    void descend(const Subschema& schema, const JsonValue& value, const Place& place)
    {
        Walk{keywords_, value, place, findings_}.run(schema);
    }

    Place place_of(JsonValue::ConstMemberIterator member) const
    {
        return place_.member(
            text_of(member->name), static_cast<std::size_t>(member - value_.MemberBegin())
        );
    }

    void refuse_additional(const PropertiesConstraint& properties)
    {
        for (auto member = value_.MemberBegin(); member != value_.MemberEnd(); ++member) {
            bool known = false;
            properties.applyToProperties([&](const auto& name, const Subschema* /*schema*/) {
                known = known || text_of(member->name) == name.c_str();
                return !known;
            });
            if (!known) {
                findings_.add(place_of(member), "is not known here");
            }
        }
    }

    const SchemaKeywords& keywords_;
    const JsonValue& value_;
    const Place& place_;
    Findings& findings_;
};

}  // namespace

void walk_schema(
    const Subschema& schema,
    const SchemaKeywords& keywords,
    const JsonValue& value,
    const Place& place,
    Findings& findings
)
{
    Walk{keywords, value, place, findings}.run(schema);
}

}  // namespace libra
