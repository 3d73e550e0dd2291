#include "api-gateway/deployments/content_offload.hpp"

#include <cstddef>

namespace libra {

namespace {

constexpr std::size_t k_most_inline = 4U << 10U;
constexpr std::size_t k_most_inline_together = 4U << 20U;

/// Decides content by content, in the order of the request.
class InlineAllowance {
public:
    bool takes(const Content& content)
    {
        const auto* const text = std::get_if<std::string>(&content);
        if (text == nullptr) {
            return true;
        }
        if (text->size() > k_most_inline || used_ + text->size() > k_most_inline_together) {
            return false;
        }
        used_ += text->size();
        return true;
    }

private:
    std::size_t used_{0};
};

Result<void> offload(Content& content, InlineAllowance& allowance, ObjectStore& objects)
{
    if (allowance.takes(content)) {
        return {};
    }
    const std::string& text = std::get<std::string>(content);
    const std::size_t bytes = text.size();
    const Result<Digest> digest = objects.put(text);
    if (!digest) {
        return digest.error();
    }
    content = BlobRef{*digest, bytes};
    return {};
}

}  // namespace

bool has_large_contents(const DeploymentParams& params)
{
    InlineAllowance allowance;
    for (const SourceFile& file : params.init_files) {
        if (!allowance.takes(file.content)) {
            return true;
        }
    }
    for (const HistoryMessage& message : params.history) {
        if (!allowance.takes(message.content)) {
            return true;
        }
    }
    return false;
}

Result<void> offload_contents(DeploymentParams& params, ObjectStore& objects)
{
    InlineAllowance allowance;
    for (SourceFile& file : params.init_files) {
        if (Result<void> stored = offload(file.content, allowance, objects); !stored) {
            return stored;
        }
    }
    for (HistoryMessage& message : params.history) {
        if (Result<void> stored = offload(message.content, allowance, objects); !stored) {
            return stored;
        }
    }
    return {};
}

}  // namespace libra
