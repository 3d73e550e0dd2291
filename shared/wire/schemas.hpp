#pragma once

#include "shared/wire/schema_validator.hpp"

/// @file The schemas of proto-schemas/ that this room checks, each compiled at its first use.

namespace libra {

const SchemaValidator& deploy_request_schema();
const SchemaValidator& deployment_params_schema();
const SchemaValidator& queue_message_schema();
const SchemaValidator& source_manifest_schema();
const SchemaValidator& site_manifest_schema();
const SchemaValidator& diff_message_schema();
const SchemaValidator& redrive_request_schema();
const SchemaValidator& discard_request_schema();
const SchemaValidator& missing_files_request_schema();
const SchemaValidator& new_domain_schema();
const SchemaValidator& new_variable_schema();
const SchemaValidator& project_changes_schema();
const SchemaValidator& new_project_schema();
const SchemaValidator& new_token_request_schema();
const SchemaValidator& new_session_request_schema();
const SchemaValidator& rollback_request_schema();
const SchemaValidator& new_organization_schema();
const SchemaValidator& organization_changes_schema();
const SchemaValidator& new_member_schema();
const SchemaValidator& new_plan_schema();
const SchemaValidator& new_webhook_schema();
const SchemaValidator& webhook_changes_schema();

}  // namespace libra
