#include "shared/wire/variable_answers.hpp"

#include "shared/wire/json_writer.hpp"
#include "shared/wire/optional_members.hpp"

namespace libra {

namespace {

void write_variable(JsonWriter& json, const VariableAnswer& variable)
{
    json.begin_object().key("name").text(variable.name);
    json.key("secret").boolean(variable.secret);
    write_optional(json, "value", variable.value);
    json.key("updatedAt").text(to_rfc3339(variable.updated_at)).end_object();
}

std::string end_with(JsonWriter& json, UtcTime timestamp)
{
    json.key("timestamp").text(to_rfc3339(timestamp)).end_object();
    return json.take();
}

}  // namespace

std::string encode_variables(const std::vector<VariableAnswer>& variables, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("variables").begin_array();
    for (const VariableAnswer& variable : variables) {
        write_variable(json, variable);
    }
    json.end_array();
    return end_with(json, timestamp);
}

std::string encode_set_variable(const VariableAnswer& variable, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true).key("variable");
    write_variable(json, variable);
    return end_with(json, timestamp);
}

std::string
encode_removed_variable(std::string_view name, std::string_view message, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true);
    json.key("name").text(name).key("message").text(message);
    return end_with(json, timestamp);
}

}  // namespace libra
