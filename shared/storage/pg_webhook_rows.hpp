#pragma once

#include "shared/storage/requester.hpp"
#include "shared/storage/webhook_store.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <string>

/// @file Rows about webhooks, and what they are read into.

namespace libra {

/// Of `webhooks`.
extern const char* const k_webhook_columns;
WebhookRecord webhook_of(const pqxx::row& row);

/// Of `webhook_deliveries`.
extern const char* const k_delivery_columns;
DeliveryRecord delivery_of(const pqxx::row& row);

/// Of `webhook_attempts`.
extern const char* const k_attempt_columns;
AttemptOfDelivery webhook_attempt_of(const pqxx::row& row);

/// Of the first column.
WebhookVerdict webhook_verdict_of(const pqxx::row& row);

bool sees_webhook(
    pqxx::transaction_base& transaction,
    const Requester& requester,
    const std::string& org_id,
    const std::string& id
);

}  // namespace libra
