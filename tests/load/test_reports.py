"""What the benchmark reads from the programs it runs, and how it judges."""

from measurement import Measurement, table
from wrk import Load, parse

REPORT = """Running 4s test @ http://127.0.0.1:3008
  2 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    27.32ms    9.11ms 121.05ms   88.04%
    Req/Sec   589.51     77.09   710.00     83.75%
  Latency Distribution
     50%  500.00us
     75%   29.94ms
     90%   35.01ms
     99%    1.05s
  4711 requests in 4.01s, 2.14MB read
  Socket errors: connect 0, read 2, write 0, timeout 1
  Non-2xx or 3xx responses: 7
Requests/sec:   1174.61
Transfer/sec:    545.37KB
"""


def test_a_report_of_wrk_is_read_with_its_units_and_its_failures():
    assert parse(REPORT) == Load(rate=1174.61, p50_ms=0.5, p99_ms=1050.0, refused=10)


def test_a_goal_is_a_lower_or_an_upper_bound():
    assert Measurement("rate", "8", "10", 0.8, 0.8, at_least=True).reached
    assert not Measurement("rate", "7", "10", 0.7, 0.8, at_least=True).reached
    assert Measurement("time", "3", "1", 3.0, 3.0).reached
    assert not Measurement("time", "4", "1", 4.0, 3.0).reached


def test_the_table_says_of_each_goal_whether_it_was_reached():
    lines = table([Measurement("rate", "7/s", "10/s", 0.7, 0.8, at_least=True)], markdown=True).splitlines()
    assert lines[0].startswith("| measured")
    assert set(lines[1]) == set("| -")
    assert [cell.strip() for cell in lines[2].split("|")[1:-1]] == ["rate", "7/s", "10/s", "0.70", "≥ 0.8", "missed"]
