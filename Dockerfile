# Ping in a container: docker build -t ping . ; README.md says how to run it.
FROM debian:bookworm-slim AS web
WORKDIR /ping
COPY scripts scripts
RUN scripts/bootstrap.sh web
COPY config/api config/api
COPY web web
RUN bash -c 'set -e; source scripts/lib/common.sh; source scripts/lib/node.sh; source scripts/lib/web.sh; build_web'

FROM debian:bookworm-slim AS build
WORKDIR /ping
# The packages first: they change less often than the code.
COPY scripts scripts
RUN scripts/bootstrap.sh build
COPY . .
COPY --from=web /ping/web/dist web/dist
RUN bash -c 'set -e; source scripts/lib/common.sh; build release pingd; strip -o /usr/bin/pingd build/release/src/pingd'

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates libboost-json1.81.0 libboost-url1.81.0 libcurl4 libfmt9 libhiredis0.14 librabbitmq4 libspdlog1.10 libsqlite3-0 libssl3 \
        libtomlplusplus3 libgif7 libjpeg62-turbo libpng16-16 libwebp7 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin ping \
    && install -d -o ping -g ping -m 0700 /var/lib/pingd
COPY --from=build /usr/bin/pingd /usr/bin/pingd
USER ping
# Settings come from the environment: docs/configuration.md lists them.
ENV PINGD_SERVER__MODE=production \
    PINGD_SERVER__LISTEN=0.0.0.0:8080 \
    PINGD_DATA__DIR=/var/lib/pingd
VOLUME /var/lib/pingd
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s CMD ["/usr/bin/pingd", "healthcheck"]
ENTRYPOINT ["/usr/bin/pingd"]
CMD ["serve"]
