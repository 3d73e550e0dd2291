#include "deploy-worker/cache/build_key.hpp"

#include "deploy-worker/cache/key_digest.hpp"

namespace libra {

Digest
build_key(const SourceManifest& tree, const BuildPlan& plan, const BuildSurroundings& surroundings)
{
    KeyDigest key{"build 1"};
    key.add(LIBRA_VERSION);
    key.add(surroundings.project);
    key.add(surroundings.toolchain);
    key.add(surroundings.variables);
    for (const Tool& tool : plan.tools) {
        key.add(to_string(tool));
    }
    add_commands(key, plan.install);
    add_commands(key, plan.build);
    key.add(plan.root_directory);
    key.add(plan.output_candidates);
    key.add(encode_manifest(tree));
    return key.finish();
}

}  // namespace libra
