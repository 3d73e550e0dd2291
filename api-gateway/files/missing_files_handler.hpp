#pragma once

#include "api-gateway/files/file_handler.hpp"

namespace libra {

/// POST /files/missing.
class MissingFilesHandler final : public FileHandler {
public:
    MissingFilesHandler(const Parts& parts, Log log);

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;
};

}  // namespace libra
