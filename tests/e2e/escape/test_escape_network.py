"""A hostile build looks for something to talk to: nobody but the public internet hears of it."""


def test_no_service_of_the_host_hears_of_a_build(looked_around):
    refused = looked_around["report"]["refused"]

    assert looked_around["visits"] == []
    for host, port in looked_around["goals"]["tcp"]:
        own = host in ("127.0.0.1", "::1")  # its own loopback, where nobody listens
        expected = {"ECONNREFUSED"} if own else {"EHOSTUNREACH", "ENETUNREACH", "ECONNREFUSED", "EINVAL", "EACCES"}
        assert refused[f"tcp {host} {port}"] in expected, (host, port)


def test_names_of_metadata_services_lead_nowhere(looked_around):
    for name in looked_around["goals"]["names"]:
        assert f"name {name}" in looked_around["report"]["refused"], name
