#include "shared/wire/json_writer.hpp"

#include "shared/base/text.hpp"

namespace libra {

namespace {

rapidjson::SizeType size_of(std::string_view text)
{
    return static_cast<rapidjson::SizeType>(text.size());
}

}  // namespace

JsonWriter& JsonWriter::begin_object()
{
    writer_.StartObject();
    return *this;
}

JsonWriter& JsonWriter::end_object()
{
    writer_.EndObject();
    return *this;
}

JsonWriter& JsonWriter::begin_array()
{
    writer_.StartArray();
    return *this;
}

JsonWriter& JsonWriter::end_array()
{
    writer_.EndArray();
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name)
{
    writer_.Key(name.data(), size_of(name));
    return *this;
}

JsonWriter& JsonWriter::text(std::string_view value)
{
    if (is_utf8(value)) {
        writer_.String(value.data() == nullptr ? "" : value.data(), size_of(value));
        return *this;
    }
    const std::string clean = printable_utf8(value);
    writer_.String(clean.data(), size_of(clean));
    return *this;
}

JsonWriter& JsonWriter::number(std::int64_t value)
{
    writer_.Int64(value);
    return *this;
}

JsonWriter& JsonWriter::boolean(bool value)
{
    writer_.Bool(value);
    return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json)
{
    writer_.RawValue(json.data(), json.size(), rapidjson::kObjectType);
    return *this;
}

}  // namespace libra
