"""The static host: deploy/caddy/Caddyfile served by a real Caddy from a folder of releases."""

import gzip
import os
import pathlib
import shutil

import pytest

IMMUTABLE = "public, max-age=31536000, immutable"


class Site:
    """One host name below SITES_ROOT, with releases where the deploy target puts them."""

    def __init__(self, root, host):
        self.releases = root / ".releases"
        self.folder = root / host
        self.folder.mkdir()

    def release(self, name, files):
        name = f"{self.folder.name}-{name}"
        for path, content in files.items():
            file = self.releases / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        link = self.folder / ".new-current"
        link.symlink_to(f"../.releases/{name}")
        link.rename(self.folder / "current")


class Host:
    def __init__(self, service):
        self.service = service
        self.port = service.port
        self.root = service.root

    def raw(self, path, host="app.localhost", method="GET", **headers):
        return self.service.request(method, path, host, **headers)

    def get(self, path, **options):
        return self.raw(path, **options)


@pytest.fixture(scope="module")
def host(static_host):
    service = static_host
    served = Host(service)
    app = Site(service.root, "app.localhost")
    script = "console.log('app');" * 100
    app.release(
        "one",
        {
            "index.html": "<title>app</title>",
            "about.html": "about",
            "docs/index.html": "docs",
            "empty/data.json": "{}",
            "404.html": "own not found",
            "assets/index-C1KULldg.js": script,
            "assets/index-C1KULldg.js.gz": gzip.compress(script.encode()),
            "assets/index-C1KULldg.js.br": b"brotli bytes",
            "assets/hero-download.png": "picture",
            "assets/scan-20240101.png": "picture",
            "main.8c8f8a1b.css": "css",
            "_next/static/chunks/main.js": "js",
            "_astro/page.js": "js",
            "_nuxt/builds/latest.json": "{}",
            "robots.txt": "robots",
            ".env": "SECRET=1",
            ".git/config": "secret",
            "docs/.hidden": "secret",
            ".well-known/security.txt": "contact",
            ".well-known/.secret": "secret",
        },
    )
    Site(service.root, "bare.localhost").release("one", {"index.html": "bare"})
    Site(service.root, "nopage.localhost").release("one", {"data.json": "{}"})
    (service.root / "outside.txt").write_text("outside")
    (service.root / ".releases" / "current").mkdir()
    (service.root / ".releases" / "current" / "index.html").write_text("hidden")
    return served


def test_serves_the_current_release_of_the_host_name(host):
    answer = host.get("/")

    assert (answer.status, answer.body) == (200, b"<title>app</title>")
    assert answer.getheader("Content-Type") == "text/html; charset=utf-8"
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert answer.getheader("Server") is None


def test_ignores_the_port_and_final_dot_of_the_host_header(host):
    assert host.get("/", host=f"app.localhost:{host.port}").status == 200
    assert host.get("/", host="app.localhost.").status == 200


@pytest.mark.parametrize(
    "name",
    [
        "unknown.localhost",
        "localhost",
        "127.0.0.1",
        "..",
        ".",
        ".releases",
        "app.localhost/..",
        "../app.localhost",
        "..%2fapp.localhost",
        "-app.localhost",
        "app..localhost",
        "*.localhost",
        "[::1]",
        "app.localhost\\..",
        "{env.HOME}",
        "a" * 64 + ".localhost",
    ],
)
def test_answers_no_site_or_a_bad_request_for_any_other_host_header(host, name):
    answer = host.get("/", host=name)

    assert answer.status in (400, 404)
    assert b"hidden" not in answer.body
    if answer.status == 404:
        assert answer.body == b"404 There is no site at this address.\n"
        assert answer.getheader("Content-Type") == "text/plain; charset=utf-8"
        assert answer.getheader("Cache-Control") == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/.env",
        "/.git/config",
        "/.git/",
        "/.git",
        "/docs/.hidden",
        "/%2egit/config",
        "/docs/%2ehidden",
        "/docs%2f.hidden",
        "//.git/config",
        "/docs/../.env",
        "/docs/..%2f.env",
        "/.well-known/.secret",
        "/.well-known/../.env",
        "/..%2f..%2f..%2foutside.txt",
        "/../../../outside.txt",
        "/.%2e/.%2e/outside.txt",
    ],
)
def test_keeps_hidden_files_and_files_outside_the_release_to_itself(host, path):
    answer = host.get(path)

    assert answer.status in (400, 404)
    assert b"secret" not in answer.body.lower()
    assert b"outside" not in answer.body


def test_serves_well_known_files(host):
    assert host.get("/.well-known/security.txt").body == b"contact"


@pytest.mark.parametrize("path", ["/profile", "/profile/42", "/empty/", "/empty", "/profile/", "/*", "/[a-z]bout"])
def test_gives_paths_without_an_extension_to_the_application(host, path):
    answer = host.get(path)

    assert (answer.status, answer.body) == (200, b"<title>app</title>")
    assert answer.getheader("Cache-Control") == "no-cache"


def test_finds_pages_without_their_extension_and_index_pages_of_folders(host):
    assert host.get("/about").body == b"about"
    assert host.get("/docs/").body == b"docs"


def test_redirects_a_folder_to_its_address_with_a_slash(host):
    answer = host.get("/docs")

    assert answer.status in (301, 302, 307, 308)
    assert answer.getheader("Location") in ("/docs/", "docs/")


@pytest.mark.parametrize("path", ["/missing.js", "/assets/missing-C1KULldg.js", "/profile/photo.png"])
def test_answers_404_with_the_sites_own_page_for_a_missing_file(host, path):
    answer = host.get(path)

    assert (answer.status, answer.body) == (404, b"own not found")
    assert answer.getheader("Cache-Control") == "no-cache"
    assert answer.getheader("X-Content-Type-Options") == "nosniff"


def test_answers_404_in_plain_text_where_the_site_has_no_page_for_it(host):
    for name, path in (("bare.localhost", "/missing.js"), ("nopage.localhost", "/profile")):
        answer = host.get(path, host=name)

        assert (answer.status, answer.body) == (404, b"404 Not Found\n")
        assert answer.getheader("Content-Type") == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "cache"),
    [
        ("/", "no-cache"),
        ("/about", "no-cache"),
        ("/robots.txt", "no-cache"),
        ("/assets/hero-download.png", "no-cache"),
        ("/assets/scan-20240101.png", "no-cache"),
        ("/_nuxt/builds/latest.json", "no-cache"),
        ("/assets/index-C1KULldg.js", IMMUTABLE),
        ("/main.8c8f8a1b.css", IMMUTABLE),
        ("/_next/static/chunks/main.js", IMMUTABLE),
        ("/_astro/page.js", IMMUTABLE),
    ],
)
def test_lets_only_content_hashed_names_be_cached_for_long(host, path, cache):
    answer = host.get(path)

    assert answer.status == 200
    assert answer.getheader("Cache-Control") == cache


@pytest.mark.parametrize(("accepted", "used"), [("gzip", "gzip"), ("gzip, br", "br"), ("br", "br")])
def test_serves_precompressed_siblings(host, accepted, used):
    answer = host.get("/assets/index-C1KULldg.js", Accept_Encoding=accepted)

    assert answer.getheader("Content-Encoding") == used
    assert "accept-encoding" in answer.getheader("Vary").lower()
    assert answer.getheader("Content-Type").startswith(("text/javascript", "application/javascript"))
    assert answer.getheader("Cache-Control") == IMMUTABLE


def test_serves_the_file_itself_to_clients_that_accept_no_encoding(host):
    answer = host.get("/assets/index-C1KULldg.js")

    assert answer.getheader("Content-Encoding") is None
    assert answer.body.startswith(b"console.log")


def test_answers_a_revalidation_with_304(host):
    tag = host.get("/").getheader("ETag")

    assert host.get("/", If_None_Match=tag).status == 304


def test_shows_a_new_release_at_once_and_without_a_reload(host):
    site = Site(host.root, "switch.localhost")
    site.release("one", {"index.html": "first"})
    first = host.get("/", host="switch.localhost")

    site.release("two", {"index.html": "second release"})

    second = host.get("/", host="switch.localhost", If_None_Match=first.getheader("ETag"))
    assert first.body == b"first"
    assert (second.status, second.body) == (200, b"second release")


def test_answers_head_and_refuses_other_methods(host):
    assert (host.raw("/", method="HEAD").status, host.raw("/", method="HEAD").body) == (200, b"")
    for method in ("POST", "DELETE", "OPTIONS"):
        answer = host.raw("/", method=method)

        assert (answer.status, answer.getheader("Allow")) == (405, "GET, HEAD")


def test_survives_a_site_that_is_deleted_under_it(host):
    Site(host.root, "gone.localhost").release("one", {"index.html": "here"})
    before = host.get("/", host="gone.localhost").status

    shutil.rmtree(pathlib.Path(host.root) / "gone.localhost")

    assert (before, host.get("/", host="gone.localhost").status) == (200, 404)
    assert os.path.isdir(host.root)
