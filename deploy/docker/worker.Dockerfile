# libra-worker, with what it makes sandboxes of.
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
# Libraries, the tools of the sandbox, and what builds run in it: a sandbox has this image's /usr, read
# only. Versions: see gateway.Dockerfile.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates \
        libbrotli1 libcurl4 libfmt9 libidn2-0 libpqxx-6.4 libprometheus-cpp-core1.0 librabbitmq4 libre2-9 \
        libspdlog1.10 libssl3 libstdc++6 libutf8proc2 zlib1g crun e2fsprogs iproute2 mount nftables slirp4netns tini util-linux nodejs npm \
    && install -d /usr/share/doc/libra && dpkg-query -W >/usr/share/doc/libra/packages \
    && rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log \
    && groupadd --gid 10001 libra && useradd --uid 10001 --gid 10001 --no-create-home --home-dir / libra \
    && install -d -m 700 -o libra -g libra /var/lib/libra/objects \
    && install -d /var/lib/libra/sites /var/lib/libra/work /run/libra
COPY deploy/docker/answers.sh /usr/local/bin/answers
COPY deploy/docker/worker-entrypoint.sh /usr/local/bin/worker-entrypoint
COPY --from=build /out/libra-worker /usr/local/bin/
ENV OBJECT_STORE_URL=file:///var/lib/libra/objects SITES_ROOT=/var/lib/libra/sites WORK_ROOT=/var/lib/libra/work
ENV WORKER_HTTP_HOST=0.0.0.0
EXPOSE 9464
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s CMD ["answers", "9464", "/readyz", "200"]
# Root, in the container: it mounts and makes namespaces. Builds are never root, not even in there.
# tini collects the processes that sandboxes leave.
ENTRYPOINT ["tini", "--", "worker-entrypoint"]
CMD ["libra-worker"]
ARG BASE
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Libra Deploy worker" \
      org.opencontainers.image.description="Builds sites in sandboxes and makes them live" \
      org.opencontainers.image.version=${VERSION} \
      org.opencontainers.image.revision=${REVISION} \
      org.opencontainers.image.base.name=${BASE}
