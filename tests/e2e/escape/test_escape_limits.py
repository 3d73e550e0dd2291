"""A hostile build takes all there is of something: its user is told what, and the worker takes the next."""

from hostile import how_it_failed, workers_of
from samples import scripted_build

BOMBS = {
    "memory": (
        "const kept = []; for (;;) kept.push(Buffer.alloc(1 << 24, 1));",
        "out_of_memory", ["384 MiB", "peak"],
    ),
    "disk": (
        "const file = fs.openSync('big', 'w'); const block = Buffer.alloc(1 << 24, 1);\n"
        "for (;;) fs.writeSync(file, block);",
        "out_of_disk", ["256 MiB"],
    ),
    "files": (
        "for (let i = 0; ; i++) fs.writeFileSync('/tmp/' + i, '');",
        "out_of_disk", ["too many files"],
    ),
    "processes": (
        "const {spawnSync} = require('node:child_process');\n"
        "const ended = spawnSync('sh', ['-c', 'b() { b | b & b; }; b'], {stdio: 'inherit'});\n"
        "process.exit(ended.status ?? 1);",
        "out_of_processes", ["96"],
    ),
    "processes that stay": (
        "const {spawn} = require('node:child_process');\n"
        "let left = 200; const more = () => {\n"
        "  const child = spawn('sleep', ['1000000'], {detached: true, stdio: 'ignore'});\n"
        "  child.on('error', () => process.exit(1)); if (--left) setImmediate(more); };\n"
        "more(); return;",
        "out_of_processes", ["96"],
    ),
}


def in_function(command):
    return f"(function () {{\n{command}\n}})();" if "return;" in command else command


def test_bombs_hit_a_limit_that_is_named_and_the_worker_takes_the_next(fortress):
    before = workers_of(fortress)
    bombs = {
        name: fortress.deploy(fortress.new_project(), scripted_build(in_function(command)))
        for name, (command, _, _) in BOMBS.items()
    }

    ended = {name: fortress.wait_for_end(deployment) for name, deployment in bombs.items()}
    after = [fortress.deploy(fortress.new_project(), scripted_build("", "after")) for _ in fortress.workers]

    for name, status in ended.items():
        _, code, told = BOMBS[name]
        assert status["status"] == "failed", (name, status)
        assert how_it_failed(fortress, bombs[name]) == ("resource", code), (name, status)
        for text in told:
            assert text in status["error"], (name, status["error"])
        assert fortress.sql("select count(*) from attempts where deployment_id = %s", bombs[name]) == [(1,)], name
    for deployment in after:
        assert fortress.wait_for_end(deployment)["status"] == "completed"
    assert workers_of(fortress) == before
    assert all(worker.running() for worker in fortress.workers)
