# Debian's PostgreSQL with the part of the official image's interface that docker-compose.yml uses.
ARG BASE
FROM ${BASE}
RUN apt-get update \
    && mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -m 700 -o postgres -g postgres /var/lib/postgresql/data
ENV PATH=/usr/lib/postgresql/15/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ENV PGDATA=/var/lib/postgresql/data LC_ALL=C.UTF-8
COPY postgres-entrypoint.sh /usr/local/bin/
STOPSIGNAL SIGINT
USER postgres
ENTRYPOINT ["postgres-entrypoint.sh"]
CMD ["postgres"]
