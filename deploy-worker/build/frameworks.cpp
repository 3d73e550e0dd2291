#include "deploy-worker/build/frameworks.hpp"

#include <algorithm>

namespace libra {

namespace {

// The output directories are those of the frameworks' own documentation.
constexpr std::array k_frameworks{
    Framework{
        .slug = "nextjs",
        .dependency = "next",
        .name = "Next.js",
        .script = "build",
        .command = "next build",
        .outputs = {"out"},
        .caches = {".next/cache"},
        .output_hint = "Set `output: 'export'` in next.config so that the build writes static "
                       "files to out/."},
    Framework{
        .slug = "nuxt",
        .dependency = "nuxt",
        .name = "Nuxt",
        .script = "generate",
        .command = "nuxt generate",
        .outputs = {".output/public", "dist"},
        .caches = {"node_modules/.cache", "node_modules/.vite"},
        .output_hint = "Add a `generate` script with `nuxt generate` so that static files are "
                       "written."},
    Framework{
        .slug = "sveltekit",
        .dependency = "@sveltejs/kit",
        .name = "SvelteKit",
        .script = "build",
        .command = "vite build",
        .outputs = {"build"},
        .caches = {"node_modules/.vite"},
        .output_hint = "Use @sveltejs/adapter-static so that the build writes static files."},
    Framework{
        .slug = "react-router",
        .dependency = "@react-router/dev",
        .name = "React Router",
        .script = "build",
        .command = "react-router build",
        .outputs = {"build/client"},
        .caches = {"node_modules/.vite"},
        .output_hint = "Set `ssr: false` in react-router.config so that the build writes a "
                       "static site."},
    Framework{
        .slug = "remix",
        .dependency = "@remix-run/dev",
        .name = "Remix",
        .script = "build",
        .command = "remix vite:build",
        .outputs = {"build/client"},
        .caches = {"node_modules/.vite"},
        .output_hint = "Set `ssr: false` for the Remix plugin in vite.config so that the build "
                       "writes a static site."},
    Framework{
        .slug = "gatsby",
        .dependency = "gatsby",
        .name = "Gatsby",
        .script = "build",
        .command = "gatsby build",
        .outputs = {"public"},
        .caches = {".cache", "public"}},
    Framework{
        .slug = "docusaurus",
        .dependency = "@docusaurus/core",
        .name = "Docusaurus",
        .script = "build",
        .command = "docusaurus build",
        .outputs = {"build"},
        .caches = {"node_modules/.cache"}},
    Framework{
        .slug = "vitepress",
        .dependency = "vitepress",
        .name = "VitePress",
        .script = "docs:build",
        .command = "vitepress build",
        .outputs = {".vitepress/dist", "*/.vitepress/dist"},
        .caches = {"node_modules/.vite"}},
    Framework{
        .slug = "astro",
        .dependency = "astro",
        .name = "Astro",
        .script = "build",
        .command = "astro build",
        .outputs = {"dist"},
        .caches = {".astro", "node_modules/.astro"},
        .output_hint = "Use Astro's static output (the default, without a server adapter)."},
    Framework{
        .slug = "angular",
        .dependency = "@angular/core",
        .name = "Angular",
        .script = "build",
        .command = "ng build",
        .outputs = {"dist/*/browser", "dist/*"},
        .caches = {".angular/cache"}},
    Framework{
        .slug = "create-react-app",
        .dependency = "react-scripts",
        .name = "Create React App",
        .script = "build",
        .command = "react-scripts build",
        .outputs = {"build"},
        .caches = {"node_modules/.cache"}},
    Framework{
        .slug = "eleventy",
        .dependency = "@11ty/eleventy",
        .name = "Eleventy",
        .script = "build",
        .command = "eleventy",
        .outputs = {"_site"}},
    Framework{
        .slug = "hexo",
        .dependency = "hexo",
        .name = "Hexo",
        .script = "build",
        .command = "hexo generate",
        .outputs = {"public"}},
    Framework{
        .slug = "vue-cli",
        .dependency = "@vue/cli-service",
        .name = "Vue CLI",
        .script = "build",
        .command = "vue-cli-service build",
        .outputs = {"dist"},
        .caches = {"node_modules/.cache"}},
    Framework{
        .slug = "parcel",
        .dependency = "parcel",
        .name = "Parcel",
        .script = "build",
        .command = "parcel build",
        .outputs = {"dist"},
        .caches = {".parcel-cache"}},
    Framework{
        .slug = "vite",
        .dependency = "vite",
        .name = "Vite",
        .script = "build",
        .command = "vite build",
        .outputs = {"dist"},
        .caches = {"node_modules/.vite"}},
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
