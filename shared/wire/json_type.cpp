#include "shared/wire/json_type.hpp"

namespace libra {

namespace {

using valijson::constraints::TypeConstraint;

}  // namespace

bool has_type(const JsonValue& value, JsonType type)
{
    switch (type) {
    case TypeConstraint::kAny:
        return true;
    case TypeConstraint::kArray:
        return value.IsArray();
    case TypeConstraint::kBoolean:
        return value.IsBool();
    case TypeConstraint::kInteger:
        return value.IsInt64() || value.IsUint64();
    case TypeConstraint::kNull:
        return value.IsNull();
    case TypeConstraint::kNumber:
        return value.IsNumber();
    case TypeConstraint::kObject:
        return value.IsObject();
    case TypeConstraint::kString:
        return value.IsString();
    }
    return false;
}

std::string_view words_for(JsonType type)
{
    switch (type) {
    case TypeConstraint::kAny:
        return "anything";
    case TypeConstraint::kArray:
        return "an array";
    case TypeConstraint::kBoolean:
        return "true or false";
    case TypeConstraint::kInteger:
        return "a whole number";
    case TypeConstraint::kNull:
        return "null";
    case TypeConstraint::kNumber:
        return "a number";
    case TypeConstraint::kObject:
        return "an object";
    case TypeConstraint::kString:
        return "a string";
    }
    return "anything";
}

}  // namespace libra
