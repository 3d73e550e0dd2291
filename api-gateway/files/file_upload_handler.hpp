#pragma once

#include "api-gateway/files/file_handler.hpp"

namespace libra {

/// PUT /files/{sha256}. Nothing is stored for who may not, nor of a body that is something else
/// than the digest says. A file that is there already is stored anew if it was damaged.
class FileUploadHandler final : public FileHandler {
public:
    FileUploadHandler(const Parts& parts, Log log);

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;

private:
    HttpResponse store(const Address& address, const HttpRequest& request, const Principal& caller);
};

}  // namespace libra
