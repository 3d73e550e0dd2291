"""What a site's own `_headers` and `_redirects` do, served by a real Caddy and libra-site-rules."""

import gzip
import threading

import pytest

from test_static_host import Host, Site

HEADERS = """# every page
/*
  X-Frame-Options: DENY
  X-Literal: {env.HOME} {http.request.host}
/assets/*
  Cache-Control: public, max-age=60
  X-Robots-Tag: nosnippet
/assets/:name
  X-Robots-Tag: noindex
  X-Name: :name
/plain
  ! X-Frame-Options
  ! Cache-Control
  ! X-Content-Type-Options
/feed
  Content-Type: application/atom+xml
/missing.js
  Cache-Control: public, max-age=31536000
"""

REDIRECTS = """# moved
/old            /new 301
/about          /team
/temporary      https://other.example/x 307
/blog/:y/:slug  /posts/:slug?year=:y 308
/docs/*         https://docs.example/:splat 303
/r/*            /:splat
/store id=:id   /items/:id 301
/app/*          /app/index.html 200
/forced.txt     /new.html 200!
/shadowed.txt   /new.html 200
/lost/*         /lost.html 404
/secret/*       /:splat 200
/up/*           /../../:splat 200
/proxy          http://127.0.0.1:1/ 200
"""

SITE = {
    "_headers": HEADERS,
    "_redirects": REDIRECTS,
    "index.html": "<title>index</title>",
    "about.html": "about",
    "new.html": "new",
    "plain.html": "plain",
    "feed": "feed",
    "forced.txt": "hidden by force",
    "shadowed.txt": "shadowed",
    "lost.html": "lost",
    "404.html": "own not found",
    "app/index.html": "app",
    "app/logo.svg": "<svg/>",
    "assets/app.js": "console.log()" * 200,
    "assets/app.js.gz": gzip.compress(b"console.log()" * 200),
    "assets/index-C1KULldg.js": "js",
    ".env": "SECRET=1",
    "data.unheard-of": "x",
}


@pytest.fixture(scope="module")
def host(static_host):
    served = Host(static_host)
    Site(static_host.root, "rules.localhost").release("one", SITE)
    (static_host.root / "outside.txt").write_text("outside")
    get = served.raw
    served.raw = lambda path, host="rules.localhost", **options: get(path, host, **options)
    return served


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/old", 301, "/new"),
        ("/old?a=1&b", 301, "/new?a=1&b"),
        ("/about", 302, "/team"),  # though there is such a page
        ("/temporary", 307, "https://other.example/x"),
        ("/blog/2020/hello", 308, "/posts/hello?year=2020"),
        ("/docs/a/b?q=1", 303, "https://docs.example/a/b?q=1"),
        ("/store?id=4%2F2", 301, "/items/4%2F2?id=4%2F2"),
        ("/r//evil.example", 302, "/evil.example"),
        ("/r/{env.HOME}{http.request.host}", 302, "/%7Benv.HOME%7D%7Bhttp.request.host%7D"),
        ("/r/%0d%0aSet-Cookie:%20a=b", 302, "/%0D%0ASet-Cookie:%20a=b"),
    ],
)
def test_redirects_as_the_site_says(host, path, status, location):
    answer = host.raw(path)

    assert (answer.status, answer.getheader("Location")) == (status, location)
    assert answer.getheader("Cache-Control") == "no-cache"
    assert answer.getheader("X-Frame-Options") is None  # headers are of pages, not of redirects
    assert answer.getheader("Set-Cookie") is None
    assert answer.getheader("Server") is None
    assert not [name for name, _ in answer.getheaders() if name.lower().startswith(("libra-", "x-re"))]


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/app/users/7", 200, b"app"),
        ("/app/logo.svg", 200, b"<svg/>"),
        ("/forced.txt", 200, b"new"),
        ("/shadowed.txt", 200, b"shadowed"),
        ("/lost/x", 404, b"lost"),
        ("/lost/x.png", 404, b"lost"),
        ("/nothing.png", 404, b"own not found"),
        ("/anything/else", 200, b"<title>index</title>"),
        ("/store", 200, b"<title>index</title>"),
    ],
)
def test_shows_other_pages_as_the_site_says(host, path, status, body):
    answer = host.raw(path)

    assert (answer.status, answer.body) == (status, body)
    assert answer.getheader("X-Frame-Options") == "DENY"


def test_sets_headers_as_the_site_says(host):
    answer = host.raw("/assets/app.js")

    assert answer.getheader("X-Frame-Options") == "DENY"
    assert answer.getheader("X-Literal") == "{env.HOME} {http.request.host}"
    assert answer.headers.get_all("X-Robots-Tag") == ["nosnippet, noindex"]
    assert answer.getheader("X-Name") == "app.js"
    assert answer.headers.get_all("Cache-Control") == ["public, max-age=60"]
    assert answer.headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert answer.getheader("Content-Type") == "text/javascript; charset=utf-8"
    assert not [name for name, _ in answer.getheaders() if name.lower().startswith(("libra-", "x-re"))]


def test_detaches_headers_also_the_hosts_own(host):
    answer = host.raw("/plain")

    assert (answer.status, answer.body) == (200, b"plain")
    for name in ("X-Frame-Options", "Cache-Control", "X-Content-Type-Options"):
        assert answer.getheader(name) is None
    assert answer.getheader("X-Literal")


def test_serves_another_content_type_as_the_site_says(host):
    assert host.raw("/feed").headers.get_all("Content-Type") == ["application/atom+xml"]
    assert host.raw("/data.unheard-of").getheader("Content-Type") == "application/octet-stream"


def test_lets_no_missing_file_be_kept_for_long(host):
    answer = host.raw("/missing.js")

    assert answer.status == 404
    assert answer.headers.get_all("Cache-Control") == ["no-cache"]


def test_keeps_what_works_without_rules(host):
    assert host.raw("/assets/app.js", Accept_Encoding="gzip").getheader("Content-Encoding") == "gzip"
    answer = host.raw("/new")
    assert host.raw("/new", If_None_Match=answer.getheader("ETag")).status == 304
    assert host.raw("/new", method="HEAD").body == b""
    assert host.raw("/app").getheader("Location") == "/app/"
    assert host.raw("/new", method="POST").status == 405
    assert host.raw("/assets/app.js", Range="bytes=0-3").body == b"cons"


@pytest.mark.parametrize(
    "path",
    ["/_headers", "/_redirects", "/secret/.env", "/secret/_headers", "/.env", "/secret/%2eenv",
     "/up/outside.txt", "/secret/../.env", "/r/../.env", "/secret/..%2f..%2f..%2foutside.txt"],
)
def test_shows_neither_the_rules_nor_what_is_hidden(host, path):
    answer = host.raw(path)

    assert answer.status in (302, 400, 404)
    assert b"SECRET" not in answer.body
    assert b"outside" not in answer.body
    assert b"X-Frame" not in answer.body


def test_fetches_nothing_from_elsewhere(host):
    assert host.raw("/proxy").body == b"<title>index</title>"


def test_rules_are_of_one_site_only(host):
    Site(host.root, "other.localhost").release("one", {"index.html": "other", "_headers": "/*\n X-Other: 1"})

    answer = host.raw("/old", host="other.localhost")

    assert (answer.status, answer.body) == (200, b"other")
    assert answer.getheader("X-Frame-Options") is None
    assert answer.getheader("X-Other") == "1"


def test_rules_and_files_are_always_of_the_same_release(host):
    site = Site(host.root, "switched.localhost")
    releases = {name: {"index.html": name, "_headers": f"/*\n X-Release: {name}"} for name in "ab"}
    for name, files in releases.items():
        site.release(name, files)
    stop = threading.Event()

    def switch():
        while not stop.is_set():
            for name in releases:
                link = site.folder / ".new-current"
                link.symlink_to(f"../.releases/switched.localhost-{name}")
                link.rename(site.folder / "current")

    switching = threading.Thread(target=switch)
    switching.start()
    try:
        seen = set()
        for _ in range(300):
            answer = host.raw("/", host="switched.localhost")
            assert answer.status == 200
            assert answer.getheader("X-Release") == answer.body.decode()
            seen.add(answer.body)
    finally:
        stop.set()
        switching.join()
    assert seen == {b"a", b"b"}


def test_a_release_without_rules_and_one_with_them_follow_each_other(host):
    site = Site(host.root, "turns.localhost")
    site.release("one", {"index.html": "one"})
    before = host.raw("/x", host="turns.localhost")

    site.release("two", {"index.html": "two", "_redirects": "/x /y"})
    with_rules = host.raw("/x", host="turns.localhost")
    site.release("three", {"index.html": "three"})

    assert (before.status, before.body) == (200, b"one")
    assert (with_rules.status, with_rules.getheader("Location")) == (302, "/y")
    assert host.raw("/x", host="turns.localhost").body == b"three"


def test_a_site_with_rules_waits_for_them_and_others_do_not(static_host, host):
    Site(host.root, "none.localhost").release("one", {"index.html": "no rules"})
    static_host.rules.stop()
    try:
        assert host.raw("/", host="none.localhost").body == b"no rules"
        waiting = []
        asking = threading.Thread(target=lambda: waiting.append(host.raw("/new").status))
        asking.start()
    finally:
        static_host.rules.start()
    asking.join()

    assert waiting == [200]
