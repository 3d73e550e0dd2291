#include "deploy-worker/build/framework_match.hpp"
#include "deploy-worker/build/frameworks.hpp"
#include "tests/unit/build/planning.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace libra {
namespace {

using testing::Files;
using testing::plan_of;
using testing::reasons_of;
using testing::shown_all;
using testing::Strings;

/// A package.json with these dependencies and a script for each of the usual names.
Files project(const Strings& dependencies, Files more = {}, const std::string& scripts = "")
{
    std::string json = R"({"scripts":{)" + (scripts.empty() ? R"("build":"x")" : scripts) +
                       R"(},"devDependencies":{)";
    for (const std::string& dependency : dependencies) {
        json += (json.back() == '{' ? "\"" : ",\"") + dependency + "\":\"1\"";
    }
    more["package.json"] = json + "}}";
    return more;
}

TEST_CASE("every framework is known by what its projects have, and its output looked for first")
{
    struct Case {
        Files files;
        std::string slug;
        std::string name;
        std::string output;
    };

    const Case given = GENERATE(values<Case>({
        {project({"vite"}), "vite", "Vite", "dist"},
        {project({"vite", "react"}), "vite", "Vite (React)", "dist"},
        {project({"vite", "vue"}), "vite", "Vite (Vue)", "dist"},
        {project({"vite", "svelte"}), "vite", "Vite (Svelte)", "dist"},
        {project({"vite", "preact", "react"}), "vite", "Vite (Preact)", "dist"},
        {project({"vite", "solid-js"}), "vite", "Vite (Solid)", "dist"},
        {project({"vite", "lit"}), "vite", "Vite (Lit)", "dist"},
        {project({"vite", "@builder.io/qwik"}), "vite", "Vite (Qwik)", "dist"},
        {project({"next", "react"}, {{"next.config.mjs", "export default { output: 'export' }"}}),
         "nextjs",
         "Next.js",
         "out"},
        {project({"nuxt", "vite"}, {}, R"("generate":"nuxt generate","build":"nuxt build")"),
         "nuxt",
         "Nuxt",
         ".output/public"},
        {project({"astro", "vite"}), "astro", "Astro", "dist"},
        {project(
             {"@sveltejs/kit", "vite", "svelte"},
             {{"svelte.config.js", "import adapter from '@sveltejs/adapter-static';"}}
         ),
         "sveltekit",
         "SvelteKit",
         "build"},
        {project(
             {"@react-router/dev", "vite"},
             {{"react-router.config.ts", "export default { ssr: false } satisfies Config;"}}
         ),
         "react-router",
         "React Router",
         "build/client"},
        {project({"@remix-run/dev", "vite"}, {{"vite.config.ts", "remix({ ssr: false })"}}),
         "remix",
         "Remix",
         "build/client"},
        {project({"@angular/core", "@angular/cli", "vite"}),
         "angular",
         "Angular",
         "dist/*/browser"},
        {project({"@angular/core"}, {{"angular.json", "{}"}}),
         "angular",
         "Angular",
         "dist/*/browser"},
        {project({"gatsby", "react"}), "gatsby", "Gatsby", "public"},
        {project({"@11ty/eleventy"}), "eleventy", "Eleventy", "_site"},
        {project({"@docusaurus/core", "react"}), "docusaurus", "Docusaurus", "build"},
        {project({"vitepress", "vite"}, {}, R"("docs:build":"vitepress build docs")"),
         "vitepress",
         "VitePress",
         ".vitepress/dist"},
        {project({"vuepress"}), "vuepress", "VuePress", ".vuepress/dist"},
        {project({"react-scripts"}), "create-react-app", "Create React App", "build"},
        {project({"@vue/cli-service"}), "vue-cli", "Vue CLI", "dist"},
        {project({"parcel"}), "parcel", "Parcel", "dist"},
        {project({"hexo"}), "hexo", "Hexo", "public"},
        {project(
             {"@analogjs/platform", "@angular/core", "@angular/cli", "vite"},
             {{"vite.config.ts", "analog({ static: true })"}}
         ),
         "analog",
         "Analog",
         "dist/analog/public"},
        {project(
             {"@builder.io/qwik-city", "@builder.io/qwik", "vite"},
             {{"adapters/static/vite.config.ts", ""}}
         ),
         "qwik-city",
         "Qwik City",
         "dist"},
        {project({"ember-cli"}), "ember", "Ember", "dist"},
        {project({"@stencil/core"}), "stencil", "Stencil", "www"},
        {project({"@rsbuild/core"}), "rsbuild", "Rsbuild", "dist"},
        {project({"webpack", "webpack-cli"}), "webpack", "webpack", "dist"},
        {project({"left-pad"}), "", "", "dist"},
    }));
    CAPTURE(given.name);

    const auto plan = plan_of(given.files);

    REQUIRE(plan.has_value());
    CHECK(plan->framework == given.slug);
    CHECK(plan->framework_name == given.name);
    CHECK(plan->output_candidates.front() == given.output);
    Strings distinct = plan->output_candidates;
    std::sort(distinct.begin(), distinct.end());
    CHECK(std::adjacent_find(distinct.begin(), distinct.end()) == distinct.end());
}

TEST_CASE("each framework of the list is found by a dependency it asks for")
{
    for (const Framework& framework : framework_list().frameworks) {
        const Condition* detect = &framework.detect;
        Strings dependencies;
        if (detect->kind == Condition::Kind::dependency) {
            dependencies = {detect->names.front()};
        }
        for (const Condition& part : detect->parts) {
            if (part.kind == Condition::Kind::dependency) {
                dependencies.push_back(part.names.front());
            }
        }
        CAPTURE(framework.slug);
        const Files files = project(dependencies, {{"angular.json", "{}"}});
        const auto plan = plan_of(files, {.output_directory = "site"});

        REQUIRE(plan.has_value());
        CHECK(plan->framework == framework.slug);
        CHECK(plan->cache_directories == framework.caches);
    }
}

TEST_CASE("a project that only a running program can serve is refused, with what to change")
{
    struct Case {
        Files files;
        std::string says;
    };

    const Case given = GENERATE(values<Case>({
        {project({"next"}), "output: 'export'"},
        {project({"next"}, {{"next.config.js", "module.exports = { reactStrictMode: true }"}}),
         "output: 'export'"},
        {project({"next"}, {{"next.config.ts", "// output: 'export'\nexport default {}"}}),
         "output: 'export'"},
        {project({"nuxt"}, {}, R"("build":"nuxt build")"), "\"generate\": \"nuxt generate\""},
        {project(
             {"@sveltejs/kit"}, {{"svelte.config.js", "import a from '@sveltejs/adapter-auto'"}}
         ),
         "@sveltejs/adapter-static"},
        {project(
             {"@sveltejs/kit"}, {{"svelte.config.js", "import a from \"@sveltejs/adapter-node\""}}
         ),
         "@sveltejs/adapter-static"},
        {project({"@react-router/dev"}), "ssr: false"},
        {project({"@react-router/dev"}, {{"react-router.config.ts", "export default {ssr: true}"}}),
         "ssr: false"},
        {project({"@remix-run/dev"}), "ssr: false"},
        {project({"astro"}, {{"astro.config.mjs", "defineConfig({ output: 'server' })"}}),
         "astro.config"},
        {project({"astro"}, {{"astro.config.mjs", "import node from '@astrojs/node'"}}), "adapter"},
        {project({"@angular/core"}, {{"angular.json", R"({"options": {"outputMode": "server"}})"}}),
         "outputMode"},
        {project({"@solidjs/start"}), "preset: 'static'"},
        {project({"@tanstack/react-start", "vite"}), "prerender"},
        {project({"@builder.io/qwik-city", "vite"}), "qwik add static"},
        {project({"@analogjs/platform"}), "static: true"},
        {project({"express"}), "made with Express"},
        {project({"@nestjs/core", "express"}), "made with NestJS"},
        {project({"fastify"}), "made with Fastify"},
        {Files{{"package.json", R"({"scripts":{"start":"node ."},"dependencies":{"koa":"2"}})"}},
         "made with Koa"},
    }));
    CAPTURE(given.says);

    const auto plan = plan_of(given.files);

    REQUIRE(plan.has_error());
    CHECK(plan.error().failure_class == FailureClass::user);
    CHECK(plan.error().code == "server_only");
    CHECK_THAT(plan.error().message, Catch::Contains(given.says));
    CHECK_THAT(plan.error().message, Catch::Contains("only static sites are hosted here"));
}

TEST_CASE("what may yet be a static site is built")
{
    const Files files = GENERATE(values<Files>({
        project({"next"}, {{"next.config.js", "output: process.env.X ? 'export' : undefined"}}),
        project({"next"}, {}, R"("build":"next build && next export")"),
        project({"nuxt"}, {}, R"("build":"nuxt generate")"),
        project({"nuxt"}, {}, R"("build":"nuxt build --prerender")"),
        project({"nuxt"}, {}, R"("dev":"nuxt dev")"),
        project({"@react-router/dev"}, {{"react-router.config.ts", "async prerender() {}"}}),
        project({"@sveltejs/kit"}, {{"svelte.config.js", "import a from 'adapter-of-others'"}}),
        project({"astro"}, {{"astro.config.mjs", "export default defineConfig({})"}}),
        project({"express", "vite"}),
        project({"express"}, {{"client/index.html", ""}}),
        project({"express", "webpack"}),
        project({"vike"}),
    }));

    CHECK(plan_of(files).has_value());
}

TEST_CASE("whoever sets a command or an output directory knows better")
{
    CHECK(plan_of(project({"next"}), {.build_command = "make site"}).has_value());
    CHECK(plan_of(project({"express"}), {.output_directory = "site"}).has_value());
    CHECK(plan_of(project({"express"}), {.install_command = "npm ci"}).has_error());
}

TEST_CASE("a site that is not made with Node is refused, with how to deploy it")
{
    struct Case {
        Files files;
        std::string name;
    };

    const Case given = GENERATE(values<Case>({
        {{{"hugo.toml", ""}, {"content/post.md", ""}}, "Hugo"},
        {{{"config.toml", ""}, {"content/post.md", ""}}, "Hugo"},
        {{{"_config.yml", ""}, {"Gemfile", ""}, {"index.html", "---\n---"}}, "Jekyll"},
        {{{"_config.yml", ""}, {"_posts/a.md", ""}}, "Jekyll"},
        {{{"config.toml", ""}, {"templates/index.html", ""}}, "Zola"},
        {{{"mkdocs.yml", ""}, {"docs/index.md", ""}}, "MkDocs"},
        {{{"docs/conf.py", ""}}, "Sphinx"},
        {{{"book.toml", ""}, {"src/a.md", ""}}, "mdBook"},
        {{{"pelicanconf.py", ""}}, "Pelican"},
        {{{"config.rb", ""}, {"Gemfile", ""}}, "Middleman"},
        {{{"pubspec.yaml", ""}}, "Flutter"},
        {{{"index.php", ""}}, "PHP"},
        {{{"manage.py", ""}, {"templates/index.html", ""}}, "Python"},
        {{{"Gemfile", ""}, {"config.ru", ""}}, "Ruby"},
        {{{"go.mod", ""}, {"main.go", ""}}, "go.mod"},
        {{{"hugo.toml", ""}, {"package.json", "{}"}}, "Hugo"},
    }));
    CAPTURE(given.name);

    const auto plan = plan_of(given.files);

    REQUIRE(plan.has_error());
    CHECK(plan.error().failure_class == FailureClass::user);
    CHECK(plan.error().code == "unsupported_project");
    CHECK_THAT(plan.error().message, Catch::Contains(given.name));
}

TEST_CASE("a page beside files of another language is served")
{
    const Files files = GENERATE(values<Files>({
        Files{{"index.html", ""}, {"requirements.txt", ""}},
        Files{{"index.html", ""}, {"go.mod", ""}},
        Files{{"index.html", ""}, {"_config.yml", "theme: x"}},
        Files{{"index.html", ""}, {"_config.yml", ""}, {"Gemfile", ""}, {"package.json", "{}"}},
    }));

    const auto plan = plan_of(files);

    REQUIRE(plan.has_value());
    CHECK_FALSE(plan->needs_build);
}

TEST_CASE("an output directory that the project names itself comes first")
{
    struct Case {
        Files files;
        std::string output;
    };

    const Case given = GENERATE(values<Case>({
        {project({"vite"}, {{"vite.config.ts", "build: { outDir: './site/' }"}}), "site"},
        {project({"vite"}, {{"vite.config.ts", "root: 'src', build: { outDir: '../public' }"}}),
         "public"},
        {project({"vite"}, {{"vite.config.ts", "build: { outDir: '/etc/passwd' }"}}), "etc/passwd"},
        {project({"vite"}, {{"vite.config.ts", "build: { outDir: 'a/../../b' }"}}), "dist"},
        {project({"vite"}, {{"vite.config.ts", "build: { outDir: '.' }"}}), "dist"},
        {project({"vite"}, {}, R"("build":"tsc && vite build --outDir=site")"), "site"},
        {project({"vite"}, {}, R"("build":"vite build --outDir 'site'")"), "site"},
        {project({"vite"}, {}, R"("build":"vite build --outDir")"), "dist"},
        {project({"parcel"}, {}, R"("build":"parcel build src/index.html --dist-dir www")"), "www"},
        {project({"@11ty/eleventy"}, {{".eleventy.js", "dir: { output: 'public' }"}}), "public"},
        {project({"@vue/cli-service"}, {{"vue.config.js", "outputDir: 'web'"}}), "web"},
        {project(
             {"@angular/core"}, {{"angular.json", R"({"options": {"outputPath": "out/shop"}})"}}
         ),
         "out/shop/browser"},
        {project(
             {"next"}, {{"next.config.js", "module.exports = {output: 'export', distDir: 'site'}"}}
         ),
         "site"},
    }));

    const auto plan = plan_of(given.files);

    REQUIRE(plan.has_value());
    CHECK(plan->output_candidates.front() == given.output);
}

TEST_CASE("the script for a static site wins over build")
{
    const auto nuxt =
        plan_of(project({"nuxt"}, {}, R"("build":"nuxt build","generate":"nuxt generate")"));
    CHECK(shown_all(nuxt->build) == Strings{"npm run generate"});
    CHECK_THAT(reasons_of(*nuxt), Catch::Contains("Build command: npm run generate (the script"));

    const auto docs = plan_of(project({"vitepress"}, {}, R"("build":"x","docs:build":"y")"));
    CHECK(shown_all(docs->build) == Strings{"npm run docs:build"});
}

TEST_CASE("documentation beside an application is not taken for it")
{
    const auto plan = plan_of(project(
        {"vitepress", "vite"}, {{"index.html", ""}}, R"("build":"vite build","docs:build":"y")"
    ));

    CHECK(plan->framework == "vite");
    CHECK(shown_all(plan->build) == Strings{"npm run build"});
}

}  // namespace
}  // namespace libra
