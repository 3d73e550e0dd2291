#include "deploy-worker/build/frameworks.hpp"

#include <algorithm>

namespace libra {

namespace {

// The output directories are those of the frameworks' own documentation.
constexpr std::array k_frameworks{
    Framework{
        .dependency = "next",
        .name = "Next.js",
        .script = "build",
        .command = "next build",
        .outputs = {"out"},
        .output_hint = "Set `output: 'export'` in next.config so that the build writes static "
                       "files to out/."},
    Framework{
        .dependency = "nuxt",
        .name = "Nuxt",
        .script = "generate",
        .command = "nuxt generate",
        .outputs = {".output/public", "dist"},
        .output_hint = "Add a `generate` script with `nuxt generate` so that static files are "
                       "written."},
    Framework{
        .dependency = "@sveltejs/kit",
        .name = "SvelteKit",
        .script = "build",
        .command = "vite build",
        .outputs = {"build"},
        .output_hint = "Use @sveltejs/adapter-static so that the build writes static files."},
    Framework{
        .dependency = "@react-router/dev",
        .name = "React Router",
        .script = "build",
        .command = "react-router build",
        .outputs = {"build/client"},
        .output_hint = "Set `ssr: false` in react-router.config so that the build writes a "
                       "static site."},
    Framework{
        .dependency = "@remix-run/dev",
        .name = "Remix",
        .script = "build",
        .command = "remix vite:build",
        .outputs = {"build/client"},
        .output_hint = "Set `ssr: false` for the Remix plugin in vite.config so that the build "
                       "writes a static site."},
    Framework{
        .dependency = "gatsby",
        .name = "Gatsby",
        .script = "build",
        .command = "gatsby build",
        .outputs = {"public"}},
    Framework{
        .dependency = "@docusaurus/core",
        .name = "Docusaurus",
        .script = "build",
        .command = "docusaurus build",
        .outputs = {"build"}},
    Framework{
        .dependency = "vitepress",
        .name = "VitePress",
        .script = "docs:build",
        .command = "vitepress build",
        .outputs = {".vitepress/dist", "*/.vitepress/dist"}},
    Framework{
        .dependency = "astro",
        .name = "Astro",
        .script = "build",
        .command = "astro build",
        .outputs = {"dist"},
        .output_hint = "Use Astro's static output (the default, without a server adapter)."},
    Framework{
        .dependency = "@angular/core",
        .name = "Angular",
        .script = "build",
        .command = "ng build",
        .outputs = {"dist/*/browser", "dist/*"}},
    Framework{
        .dependency = "react-scripts",
        .name = "Create React App",
        .script = "build",
        .command = "react-scripts build",
        .outputs = {"build"}},
    Framework{
        .dependency = "@11ty/eleventy",
        .name = "Eleventy",
        .script = "build",
        .command = "eleventy",
        .outputs = {"_site"}},
    Framework{
        .dependency = "hexo",
        .name = "Hexo",
        .script = "build",
        .command = "hexo generate",
        .outputs = {"public"}},
    Framework{
        .dependency = "@vue/cli-service",
        .name = "Vue CLI",
        .script = "build",
        .command = "vue-cli-service build",
        .outputs = {"dist"}},
    Framework{
        .dependency = "parcel",
        .name = "Parcel",
        .script = "build",
        .command = "parcel build",
        .outputs = {"dist"}},
    Framework{
        .dependency = "vite",
        .name = "Vite",
        .script = "build",
        .command = "vite build",
        .outputs = {"dist"}},
};

}  // namespace

const Framework* find_framework(const std::set<std::string>& dependencies)
{
    const auto* const found =
        std::find_if(k_frameworks.begin(), k_frameworks.end(), [&](const Framework& framework) {
            return dependencies.contains(std::string{framework.dependency});
        });
    return found == k_frameworks.end() ? nullptr : found;
}

}  // namespace libra
