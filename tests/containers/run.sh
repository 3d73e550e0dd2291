#!/bin/bash
# docker-compose.yml, tried for real: the images are built on a Debian made here, the sample is deployed to
# a live page, a second worker joins, and all of it is taken away again. `./dev containers` runs it;
# `--capabilities` also takes each capability from the worker in turn, for some minutes more.
# Needs root. Keeps the base and the compiler's cache in .libra/containers, for the next time.
#
# Of others' images there are stand-ins (override.yml): that PostgreSQL's, RabbitMQ's and Prometheus' own
# images do what the file expects of them is not shown here, and Grafana has no stand-in.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here=$root/tests/containers
state=${LIBRA_CONTAINERS_STATE:-$root/.libra/containers}
# In /tmp: the address of a Unix socket has 107 bytes at most.
engine=$(mktemp -d /tmp/libra-engine-XXXXXX)
cache=$state/cache
checkout=$engine/checkout
# shellcheck source=deploy/local/terminal.sh
. "$root/deploy/local/terminal.sh"
# shellcheck source=tests/containers/engine.sh
. "$here/engine.sh"

[[ ! -e /run/netns/$engine_space ]] || fail "Another run of this test is under way, or was killed." \
    "If none is: ip netns delete $engine_space"

# The variables of a shell of the developer's must not decide.
compose() {
    (cd "$checkout" && CCACHE_REMOTE_STORAGE=http://$engine_bridge:$cache_port \
        docker-compose --file docker-compose.yml --file tests/containers/override.yml "$@")
}

finish() {
    local status=$?
    trap - EXIT
    ((status == 0)) || compose logs --no-color --tail=60 >"$state/logs/services.log" 2>&1 || true
    compose down --volumes --timeout 10 >/dev/null 2>&1 || true
    engine_stop || { note "left behind: $engine"; status=1; }
    exit "$status"
}

# What is under version control, or new: a developer's own .env and secrets are neither.
copy_checkout() {
    mkdir -p "$checkout"
    (cd "$root" && git -c safe.directory="$root" ls-files -z --cached --others --exclude-standard |
        tar --null --files-from=- --create --ignore-failed-read) | tar -x -C "$checkout"
}

refuses_without_secrets() {
    local said
    ! said=$(compose config --quiet 2>&1) || fail "The file is taken without secrets."
    [[ $said == *deploy/docker/make-secrets.sh* ]] || fail "The refusal does not say what to do: $said"
}

# docker-compose checks the file against the schema of the Compose Specification.
valid() {
    compose --profile observability config --quiet
    (cd "$checkout" && docker-compose --env-file deploy/docker/development.env config --quiet)
}

http() { inside curl -sS -m 10 "$@"; }
page() { http -o /dev/null -w '%{http_code}' -H 'Host: sample.localhost:8080' http://127.0.0.1:8080/; }

# Of all containers of a service, in one line.
health() { compose ps -q "$1" | xargs docker inspect --format '{{.State.Health.Status}}' | sort -u | xargs; }
healthy() { [[ $(health "$1") == healthy ]]; }

up() {
    compose up --detach
    local service
    for service in postgres rabbitmq api-gateway deploy-worker site-rules static-host; do
        until_true 120 healthy "$service" || fail "$service is $(health "$service")."
    done
}

# README.md, "In containers", word for word but for `docker compose` and who asks from where.
first_token() {
    local token
    token=$(compose exec -T api-gateway libra-gateway operator-token me)
    http --fail -o /dev/null http://127.0.0.1:3008/organizations -H "Authorization: Bearer $token" \
        -H 'Content-Type: application/json' -d '{"orgId": "acme", "name": "Acme", "ownerId": "me"}'
    printf '%s' "$token" >"$engine/token"
}

libra() {
    compose run --rm --no-deps --user "$(id -u)" --volume "$checkout/examples/react-vite:/site" --workdir /site \
        -e LIBRA_URL=http://api-gateway:3008 -e LIBRA_TOKEN="$(<"$engine/token")" -e LIBRA_ORG=acme \
        --entrypoint libra api-gateway "$@" </dev/null
}

first_deployment() {
    libra deploy --timeout 600 --create Sample
    [[ $(page) == 200 ]]
}

second_worker() {
    LIBRA_WORKERS=2 up
    [[ $(compose ps -q deploy-worker | wc -l) == 2 ]]
    sed -i 's/<title>.*<\/title>/<title>The second deployment<\/title>/' "$checkout/examples/react-vite/index.html"
    libra deploy --timeout 600
    http -H 'Host: sample.localhost:8080' http://127.0.0.1:8080/ | grep -q '<title>The second deployment</title>'
}

# The gateway, both workers, the broker.
all_scraped() {
    compose exec -T prometheus wget -qO- 'http://127.0.0.1:9090/api/v1/query?query=count(up==1)' | grep -qF '"4"]'
}

observed() {
    compose --profile observability up --detach prometheus
    until_true 60 healthy prometheus || fail "prometheus is $(health prometheus)."
    until_true 60 all_scraped || {
        compose exec -T prometheus wget -qO- 'http://127.0.0.1:9090/api/v1/targets'
        fail "Prometheus does not read all four."
    }
}

# README.md has a reason for each. A worker without one of them must not be able to deploy the sample, in a
# project of its own; that it can with all of them is shown first.
worker_can_build() {
    compose rm --stop --force deploy-worker
    compose up --detach --no-deps deploy-worker
    until_true 30 healthy deploy-worker || { compose logs --no-color --tail=2 deploy-worker; return 1; }
    ! compose logs --no-color deploy-worker | grep -F 'cannot run builds' || return
    libra deploy --timeout 60 --create "$1"
}

every_capability_is_needed() {
    local file=$checkout/docker-compose.yml link=$checkout/examples/react-vite/libra.json
    local capability needless=() capabilities
    mapfile -t capabilities < <(sed -n '/cap_add:/,/security_opt:/ s/^ *- \([A-Z_]*\)$/\1/p' "$file")
    ((${#capabilities[@]}))
    # Dependencies that were kept are below an overlay: the kernel changes them with the worker's rights.
    sed -i 's/"vite build"/"touch node_modules\/react\/package.json \&\& vite build"/' \
        "$checkout/examples/react-vite/package.json"
    rm "$link"
    worker_can_build "With all" || fail "With all capabilities the worker does not build."
    cp "$file" "$engine/whole.yml"
    for capability in "${capabilities[@]}"; do
        echo "--- without $capability"
        rm -f "$link"
        sed "/^ *- $capability\$/d" "$engine/whole.yml" >"$file"
        if worker_can_build "Without $capability"; then needless+=("$capability"); fi
        [[ ! -e $link ]] || libra cancel || true
    done
    cp "$engine/whole.yml" "$file"
    ((${#needless[@]} == 0)) || fail "The worker needs none of these: ${needless[*]}"
}

# 137 would be an end by force, after the grace period.
stops_in_time() {
    local id code
    compose --profile observability stop
    for id in $(compose --profile observability ps -q); do
        code=$(docker inspect --format '{{.State.ExitCode}}' "$id")
        [[ $code != 137 ]] || fail "$(docker inspect --format '{{.Name}}' "$id") did not stop in time."
    done
    compose --profile observability down --volumes
    [[ -z $(docker ps --all --quiet) && -z $(docker volume ls --quiet) ]]
}

mkdir -p "$state/logs" "$cache"
trap finish EXIT
trap 'exit 130' INT TERM
copy_checkout
step "Refused without secrets" refused refuses_without_secrets
step "Secrets" secrets "$checkout/deploy/docker/make-secrets.sh"
step "The file is valid" valid valid
engine_start
step "Base image" base engine_base
step "Images" images compose --profile observability build postgres rabbitmq prometheus \
    api-gateway deploy-worker static-host
step "All services are healthy" up up
step "A token and an organisation" token first_token
step "The sample is live" deploy first_deployment
step "With a second worker" scale second_worker
step "Prometheus reads all of them" prometheus observed
[[ $* != --capabilities ]] || step "Every capability is needed" capabilities every_capability_is_needed
step "Stopping in time" down stops_in_time
say
say "  docker-compose.yml carries a deployment to a live page, also with two workers."
