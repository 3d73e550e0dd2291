#include "shared/wire/schemas.hpp"

namespace libra {

namespace embedded {

// Compiled into libra_contracts by proto-schemas/CMakeLists.txt.
std::string_view schema_deploy_request();
std::string_view schema_deployment_params();
std::string_view schema_queue_message();
std::string_view schema_source_manifest();
std::string_view schema_site_manifest();
std::string_view schema_diff_message();
std::string_view schema_redrive_request();
std::string_view schema_discard_request();
std::string_view schema_missing_files_request();
std::string_view schema_new_domain();
std::string_view schema_new_variable();
std::string_view schema_project_changes();
std::string_view schema_new_project();
std::string_view schema_new_token_request();
std::string_view schema_new_session_request();
std::string_view schema_rollback_request();
std::string_view schema_new_organization();
std::string_view schema_organization_changes();
std::string_view schema_new_member();
std::string_view schema_new_plan();
std::string_view schema_new_webhook();
std::string_view schema_webhook_changes();

}  // namespace embedded

const SchemaValidator& deploy_request_schema()
{
    static const SchemaValidator schema{embedded::schema_deploy_request()};
    return schema;
}

const SchemaValidator& deployment_params_schema()
{
    static const SchemaValidator schema{embedded::schema_deployment_params()};
    return schema;
}

const SchemaValidator& queue_message_schema()
{
    static const SchemaValidator schema{embedded::schema_queue_message()};
    return schema;
}

const SchemaValidator& source_manifest_schema()
{
    static const SchemaValidator schema{embedded::schema_source_manifest()};
    return schema;
}

const SchemaValidator& site_manifest_schema()
{
    static const SchemaValidator schema{embedded::schema_site_manifest()};
    return schema;
}

const SchemaValidator& diff_message_schema()
{
    static const SchemaValidator schema{embedded::schema_diff_message()};
    return schema;
}

const SchemaValidator& redrive_request_schema()
{
    static const SchemaValidator schema{embedded::schema_redrive_request()};
    return schema;
}

const SchemaValidator& discard_request_schema()
{
    static const SchemaValidator schema{embedded::schema_discard_request()};
    return schema;
}

const SchemaValidator& missing_files_request_schema()
{
    static const SchemaValidator schema{embedded::schema_missing_files_request()};
    return schema;
}

const SchemaValidator& new_project_schema()
{
    static const SchemaValidator schema{embedded::schema_new_project()};
    return schema;
}

const SchemaValidator& project_changes_schema()
{
    static const SchemaValidator schema{embedded::schema_project_changes()};
    return schema;
}

const SchemaValidator& new_domain_schema()
{
    static const SchemaValidator schema{embedded::schema_new_domain()};
    return schema;
}

const SchemaValidator& new_token_request_schema()
{
    static const SchemaValidator schema{embedded::schema_new_token_request()};
    return schema;
}

const SchemaValidator& new_session_request_schema()
{
    static const SchemaValidator schema{embedded::schema_new_session_request()};
    return schema;
}

const SchemaValidator& new_variable_schema()
{
    static const SchemaValidator schema{embedded::schema_new_variable()};
    return schema;
}

const SchemaValidator& rollback_request_schema()
{
    static const SchemaValidator schema{embedded::schema_rollback_request()};
    return schema;
}

const SchemaValidator& new_organization_schema()
{
    static const SchemaValidator schema{embedded::schema_new_organization()};
    return schema;
}

const SchemaValidator& organization_changes_schema()
{
    static const SchemaValidator schema{embedded::schema_organization_changes()};
    return schema;
}

const SchemaValidator& new_member_schema()
{
    static const SchemaValidator schema{embedded::schema_new_member()};
    return schema;
}

const SchemaValidator& new_plan_schema()
{
    static const SchemaValidator schema{embedded::schema_new_plan()};
    return schema;
}

const SchemaValidator& new_webhook_schema()
{
    static const SchemaValidator schema{embedded::schema_new_webhook()};
    return schema;
}

const SchemaValidator& webhook_changes_schema()
{
    static const SchemaValidator schema{embedded::schema_webhook_changes()};
    return schema;
}

}  // namespace libra
