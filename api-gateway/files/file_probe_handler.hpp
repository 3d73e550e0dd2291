#pragma once

#include "api-gateway/files/file_handler.hpp"

namespace libra {

/// HEAD /files/{sha256}. For those who are no members the file is not there, whether it is or not.
class FileProbeHandler final : public FileHandler {
public:
    FileProbeHandler(const Parts& parts, Log log);

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;
};

}  // namespace libra
