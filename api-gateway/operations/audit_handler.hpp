#pragma once

#include "api-gateway/api/principal_handler.hpp"
#include "shared/storage/operations_store.hpp"

namespace libra {

/// GET /audit: for operators all entries, for owners and admins those of their organisation.
class AuditHandler final : public PrincipalHandler {
public:
    /// The references must outlive it.
    AuditHandler(AdmissionStore& admissions, OperationsStore& operations, Clock& clock, Log log);

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;

private:
    OperationsStore& operations_;
};

}  // namespace libra
