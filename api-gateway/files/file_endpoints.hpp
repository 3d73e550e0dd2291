#pragma once

#include "api-gateway/files/file_probe_handler.hpp"
#include "api-gateway/files/file_upload_handler.hpp"
#include "api-gateway/files/missing_files_handler.hpp"

/// @file Every endpoint of /files.

namespace libra {

class FileEndpoints {
public:
    /// What `parts` refers to must outlive it.
    FileEndpoints(const FileHandler::Parts& parts, const Log& log);

    /// Valid as long as this object.
    Routes routes();

private:
    FileUploadHandler upload_;
    FileProbeHandler probe_;
    MissingFilesHandler missing_;
};

}  // namespace libra
