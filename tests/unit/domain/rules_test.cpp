#include "shared/domain/rules.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <vector>

namespace libra::testing {

using namespace std::string_literals;

const std::string k_longest_name(255, 'a');

TEST_CASE("paths that are relative and normalized are good")
{
    const auto path = GENERATE(
        as<std::string>{},
        "a",
        "index.html",
        "src/App.tsx",
        "a b/ü €/\xF0\x9F\x98\x80.txt",
        ".env",
        ".github/workflows/x.yml",
        ".gitignore",
        "..a/b..",
        "...",
        "node_modules.txt",
        "src/my_node_modules/x",
        "~/x",
        "C:/x",
        k_longest_name + "/" + k_longest_name + "/" + k_longest_name + "/" + std::string(254, 'a') +
            "/b"
    );
    CAPTURE(path);

    CHECK(path_problem(path) == std::nullopt);
}

TEST_CASE("paths that could lead elsewhere, or have two spellings, are refused")
{
    const auto path = GENERATE(
        as<std::string>{},
        "",
        "/",
        "/etc/passwd",
        "..",
        "../x",
        "a/..",
        "a/../b",
        ".",
        "./a",
        "a/./b",
        "a//b",
        "a/",
        "a\\b",
        "..\\x",
        "a\0b"s,
        "\0"s,
        "a\nb",
        "a\x7F",
        "a\tb",
        ".git",
        ".git/config",
        "sub/.git/hooks/x",
        ".GIT/config",
        "node_modules/x",
        "a/node_modules/b",
        "Node_Modules/x",
        std::string(256, 'a'),
        std::string(1025, 'a')
    );
    CAPTURE(path);

    CHECK(path_problem(path));
}

TEST_CASE("paths are folded so that no file system takes two of them for one")
{
    CHECK(path_fold("Src/README.md") == "src/readme.md");
    CHECK(path_fold("\u00c4") == path_fold("\u00e4"));                    // Ä, ä
    CHECK(path_fold("stra\u00dfe") == path_fold("STRASSE"));              // ß
    CHECK(path_fold("caf\u00e9") == path_fold("CAFE\u0301"));             // composed, and not
    CHECK(path_fold("\u1fb3\u0320") == path_fold("\u03b1\u0320\u0345"));  // iota below
    CHECK(path_fold("\u03c3") == path_fold("\u03c2"));  // sigma, and at a word's end
    CHECK(path_fold("\u00e4") != path_fold("a"));
    CHECK(path_fold("\xff") == "\xff");
}

TEST_CASE("ids are 1 to 128 of letters, digits, dot, underscore and hyphen")
{
    for (const std::string& good : {"a"s, "A.b_c-9"s, "..."s, std::string(128, 'x')}) {
        CAPTURE(good);
        CHECK_FALSE(id_problem(good));
    }
    for (const std::string& bad :
         {""s, "a b"s, "a/b"s, "ä"s, "a\0"s, "a\n"s, "a:b"s, std::string(129, 'x')}) {
        CAPTURE(bad);
        CHECK(id_problem(bad));
    }
}

TEST_CASE("custom domains come out in lower-case ASCII")
{
    const auto ascii = [](std::string_view host) {
        const HostName name = check_custom_domain(host, "sites.libra.dev");
        CAPTURE(host, name.problem);
        CHECK(name.problem.empty());
        return name.ascii;
    };

    CHECK(ascii("shop.example.com") == "shop.example.com");
    CHECK(ascii("Shop.EXAMPLE.com") == "shop.example.com");
    CHECK(ascii("bücher.example") == "xn--bcher-kva.example");
    CHECK(ascii("BÜCHER.example") == "xn--bcher-kva.example");
    CHECK(ascii("faß.example") == "xn--fa-hia.example");
    CHECK(ascii("xn--bcher-kva.example") == "xn--bcher-kva.example");
    CHECK(ascii("例え.テスト") == "xn--r8jz45g.xn--zckzah");
    CHECK(ascii("a-b.1-2.example") == "a-b.1-2.example");
    CHECK(ascii("1.example") == "1.example");
    CHECK(ascii("notsites.libra.dev") == "notsites.libra.dev");
    CHECK(ascii("libra.dev") == "libra.dev");
    CHECK(ascii(std::string(63, 'a') + ".example") == std::string(63, 'a') + ".example");
}

TEST_CASE("what is not a domain of the user's own is refused")
{
    const auto host = GENERATE(
        as<std::string>{},
        "",
        "localhost",
        "example",
        ".",
        ".example.com",
        "example.com.",
        "a..example",
        "-a.example",
        "a-.example",
        "a_b.example",
        "a b.example",
        "a.example/path",
        "https://a.example",
        "a.example:8080",
        "*.example.com",
        "user@a.example",
        "192.0.2.1",
        "127.1",
        "1.2.3.4.5",
        "0x7f.0x1",
        "[::1]",
        "2001:db8::1",
        "a.example\0.evil"s,
        "a\n.example",
        "\xFF\xFE.example",
        "xn--.example",
        "xn--zzzzzzz99999.example",
        "sites.libra.dev",
        "SITES.libra.dev",
        "shop.sites.libra.dev",
        "a.b.sites.libra.dev",
        "１９２.０.２.１",
        "shop。sites。libra。dev",
        std::string(64, 'a') + ".example",
        std::string(200, 'a') + "." + std::string(60, 'b'),
        std::string(1'000'000, 'a') + ".example"
    );
    CAPTURE(host.substr(0, 60));

    CHECK_FALSE(check_custom_domain(host, "sites.libra.dev").problem.empty());
}

TEST_CASE("a project id that is a good label is served under itself")
{
    CHECK(site_label("shop-42") == "shop-42");
    CHECK(site_label("a") == "a");
    CHECK(site_label(std::string(40, 'a')) == std::string(40, 'a'));
}

TEST_CASE("any other project id is served under a label of its own")
{
    const std::vector<std::string> ids{
        "Shop",
        "shop.",
        "SHOP",
        "shop_",
        "shop",
        "sh--op",
        "sh-op",
        "-shop",
        "shop-",
        "...",
        "___",
        "-",
        "a.b",
        "a_b",
        "a-b",
        std::string(41, 'a'),
        std::string(128, 'a'),
        std::string(127, 'a'),
        "x0123456789ab",
        "a-x0123456789ab",
        site_label("Shop"),
        site_label(site_label("Shop")),
        preview_label("shop", "d"),
    };
    std::map<std::string, std::string> owner;
    for (const std::string& id : ids) {
        const std::string label = site_label(id);
        CAPTURE(id, label);
        const auto [other, is_new] = owner.emplace(label, id);
        CHECK((is_new || other->second == id));
        CHECK(label.size() <= 40);
        CHECK(
            label.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos
        );
        CHECK(label.find("--") == std::string::npos);
        CHECK(label.front() != '-');
        CHECK(label.back() != '-');
        CHECK(site_label(id) == label);
    }
}

TEST_CASE("a label keeps a readable part of the id")
{
    CHECK(site_label("My.Shop").starts_with("my-shop-x"));
}

TEST_CASE("no project can take the label of a release")
{
    const std::string preview = preview_label("shop", "4f1c2b9a");

    CHECK(preview.starts_with("shop--"));
    CHECK(preview.size() == std::string{"shop--"}.size() + 12);
    CHECK(preview.find("4f1c2b9a") == std::string::npos);
    CHECK(site_label(preview) != preview);
    CHECK(preview_label(std::string(40, 'a'), "x").size() <= 63);
    CHECK(preview_label("shop", "other") != preview);
}

}  // namespace libra::testing
