# Debian's RabbitMQ with the part of the official image's interface that docker-compose.yml uses.
ARG BASE
FROM ${BASE}
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends rabbitmq-server \
    && rm -rf /var/lib/apt/lists/* /var/lib/rabbitmq/.erlang.cookie
COPY rabbitmq-entrypoint.sh /usr/local/bin/
USER rabbitmq
ENV HOME=/var/lib/rabbitmq LC_ALL=C.UTF-8 RUNNING_UNDER_SYSTEMD=true RABBITMQ_LOGS=-
ENV PATH=/usr/lib/rabbitmq/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ENTRYPOINT ["rabbitmq-entrypoint.sh"]
CMD ["rabbitmq-server"]
