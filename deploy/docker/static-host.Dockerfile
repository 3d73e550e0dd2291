# Caddy with its configuration, and libra-site-rules: one image, a container for each.
# What is the same in all three files: the stage is built once and found again by the others.
ARG BASE=debian:bookworm-20251229-slim
FROM ${BASE} AS build
WORKDIR /src
COPY deploy/local/packages deploy/local/
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates nodejs npm \
        $(awk '$1 == "build" { print $2 }' deploy/local/packages) \
    && rm -rf /var/lib/apt/lists/*
COPY api-gateway/docs/bundle.json api-gateway/docs/fetch_bundle.py api-gateway/docs/
RUN python3 api-gateway/docs/fetch_bundle.py
COPY CMakeLists.txt CMakePresets.json ./
COPY cmake cmake
COPY proto-schemas proto-schemas
COPY deploy/caddy/media-types.caddy deploy/caddy/
COPY deploy/migrations deploy/migrations
COPY shared shared
COPY api-gateway api-gateway
COPY deploy-worker deploy-worker
COPY site-rules site-rules
COPY cli cli
COPY tests/load tests/load
# Compiles for minutes. A cache that builders share shortens that: http://HOST:PORT, as ccache has it.
ARG CCACHE_REMOTE_STORAGE=
RUN cmake --preset release \
    && cmake --build --preset release --target libra libra-gateway libra-site-rules libra-worker \
    && install -D --strip --target-directory=/out build/release/cli/libra build/release/*/libra-*

FROM ${BASE}
# Versions: see gateway.Dockerfile.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends caddy libfmt9 libspdlog1.10 \
        libssl3 libstdc++6 \
    && install -d /usr/share/doc/libra && dpkg-query -W >/usr/share/doc/libra/packages \
    && rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /etc/caddy/Caddyfile \
    && groupadd --gid 10001 libra && useradd --uid 10001 --gid 10001 --no-create-home --home-dir / libra \
    && install -d /var/lib/libra/sites
COPY deploy/docker/answers.sh /usr/local/bin/answers
COPY deploy/caddy /etc/caddy
COPY --from=build /out/libra-site-rules /usr/local/bin/
# What the Caddyfile asks for. HOME is where Caddy keeps state, of which it has none.
ENV SITES_ROOT=/var/lib/libra/sites SITES_PORT=8080 SITES_BIND=0.0.0.0 SITE_RULES=site-rules:8081 HOME=/tmp
USER 10001:10001
EXPOSE 8080 8081
# No site has the name localhost.
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s CMD ["answers", "8080", "/", "404"]
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
ARG BASE
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Libra Deploy static host" \
      org.opencontainers.image.description="Serves the sites, and answers for their rules" \
      org.opencontainers.image.version=${VERSION} \
      org.opencontainers.image.revision=${REVISION} \
      org.opencontainers.image.base.name=${BASE}
