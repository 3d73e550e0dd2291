#include "deploy-worker/cache/cache_draft.hpp"

#include <system_error>
#include <utility>

namespace libra {

namespace fs = std::filesystem;

std::string_view to_string(CacheKind kind) noexcept
{
    switch (kind) {
    case CacheKind::dependencies:
        return "dependencies";
    case CacheKind::downloads:
        return "downloads";
    case CacheKind::frameworks:
        return "frameworks";
    case CacheKind::tools:
        return "tools";
    }
    return "unknown";
}

CacheDraft::CacheDraft(CacheDraft&& other) noexcept
    : kind_{other.kind_},
      key_{other.key_},
      organization_{std::move(other.organization_)},
      directory_{std::exchange(other.directory_, fs::path{})}
{
}

CacheDraft& CacheDraft::operator=(CacheDraft&& other) noexcept
{
    std::swap(kind_, other.kind_);
    std::swap(key_, other.key_);
    std::swap(organization_, other.organization_);
    std::swap(directory_, other.directory_);
    return *this;
}

CacheDraft::~CacheDraft()
{
    std::error_code ignored;
    if (!directory_.empty()) {
        fs::remove_all(directory_, ignored);
    }
}

}  // namespace libra
