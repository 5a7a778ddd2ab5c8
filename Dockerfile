# The image of the service: its binary, the libraries that it links, the migrations and pg_isready.
#
#   docker build -t user-management-service:latest .
#
# Behind a proxy: --build-arg HTTPS_PROXY=…. With mirrors: SWIFT_IMAGE and DEBIAN_IMAGE (images),
# DEBIAN_MIRROR (packages), PIP_INDEX_URL (Swagger UI). None of them is left in the image.
ARG SWIFT_IMAGE=swift:6.3-bookworm
ARG DEBIAN_IMAGE=debian:bookworm-slim

# What the image has of Debian.
# hadolint ignore=DL3006
FROM ${DEBIAN_IMAGE} AS runtime
ARG DEBIAN_MIRROR=http://deb.debian.org
# Debian's security updates are wanted, so no version is pinned; the SBOM says which ones came.
# hadolint ignore=DL3008
RUN sources=/etc/apt/sources.list.d/debian.sources \
    && cp "$sources" /tmp/debian.sources \
    && sed -i "s#http://deb.debian.org#$DEBIAN_MIRROR#" "$sources" \
    && apt-get update \
    && apt-get install --yes --no-install-recommends \
        libargon2-1 libcrypt1 libhiredis0.14 libidn2-0 libpq5 libstdc++6 libunistring2 \
    && mv /tmp/debian.sources "$sources" \
    && rm -rf /var/lib/apt/lists/* /var/lib/dpkg/*-old /var/cache/apt/* /var/cache/debconf/* \
        /var/log/apt /var/log/*.log /usr/share/locale/* \
    && find /usr/share/doc -type f ! -name copyright -delete \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin user-management

# hadolint ignore=DL3006
FROM ${SWIFT_IMAGE} AS build
ARG DEBIAN_MIRROR=http://deb.debian.org
ARG PIP_INDEX_URL
WORKDIR /source
# Most seldom changed things first: each line below is a layer that stays while its files do.
COPY scripts/lib.sh scripts/install-packages scripts/fetch-swagger-ui scripts/
# hadolint ignore=DL3008
RUN sed -i "s#http://deb.debian.org#$DEBIAN_MIRROR#" /etc/apt/sources.list.d/debian.sources \
    && scripts/install-packages --python \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && scripts/fetch-swagger-ui
COPY Package.swift ./
RUN swift package resolve
COPY scripts/build-release scripts/
# Package.swift names the tests, which are not built: an empty file stands for each.
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN swift package dump-package \
    | python3 -c 'import json, sys; [print(one.get("path") or "Tests/" + one["name"]) \
        for one in json.load(sys.stdin)["targets"] if one["type"] == "test" or "path" in one]' \
    | while read -r folder; do mkdir -p "$folder" && touch "$folder/Empty.swift"; done
COPY Sources Sources
RUN scripts/build-release
COPY LICENSE ./
COPY migrations migrations
COPY scripts/make-sbom scripts/
COPY --from=runtime /var/lib/dpkg/status /tmp/dpkg-status
RUN mkdir -p /image/usr/local/bin /image/usr/share/user-management /image/etc/ssl/certs \
    && strip -o /image/usr/local/bin/user-management .build/release/user-management \
    && cp /usr/lib/postgresql/*/bin/pg_isready /image/usr/local/bin/ \
    && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
    && cp -r LICENSE migrations .build-assets/swagger-ui /image/usr/share/user-management/ \
    && scripts/make-sbom /tmp/dpkg-status >/image/usr/share/user-management/sbom.cdx.json

FROM runtime
# Of the same version as the one that the binary tells.
ARG VERSION=0.1.0
ARG REVISION
ARG CREATED
LABEL org.opencontainers.image.title="user-management" \
    org.opencontainers.image.description="A REST API that keeps users in PostgreSQL" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.version="$VERSION" \
    org.opencontainers.image.revision="$REVISION" \
    org.opencontainers.image.created="$CREATED" \
    org.opencontainers.image.base.name="debian:bookworm-slim"
COPY --from=build /image/ /
# Nothing needs a shell but this, which proves that no library is missing.
RUN user-management --help >/dev/null && pg_isready --version
# A burst of requests needs more blocks of one size than the seven that malloc has at hand.
ENV GLIBC_TUNABLES=glibc.malloc.tcache_count=100 \
    DOCS_DIRECTORY=/usr/share/user-management/swagger-ui \
    MIGRATIONS_DIRECTORY=/usr/share/user-management/migrations
WORKDIR /usr/share/user-management
USER 10001:10001
EXPOSE 8000
# It asks /health, which stays 200 while the database is away: a restart would not bring that back.
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 \
    CMD ["user-management", "healthcheck"]
ENTRYPOINT ["user-management"]
CMD ["serve"]
