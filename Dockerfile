# The tools in a container: run by an unprivileged user, on a root that may be read-only, with all state in /data.
#
#   docker build -t etlutils .
#   docker run -d --read-only -p 8080:8080 -v etl:/data etlutils              the dashboard of /data/stats.db
#   docker run --rm --read-only -v etl:/data etlutils get-temp sim:           any tool, by name
#   docker run -d --read-only -v etl:/data -v ./crontab:/etc/crontab:ro etlutils \
#     schedule --ledger runs.db /etc/crontab                                  jobs, instead of cron
#
# To the server, every post comes from another machine, so it needs a token (-e ETL_TOKEN, or --token-file). It answers only
# to the name localhost, and those given with --allow-host. The libraries' native parts need glibc: no Alpine.

ARG NODE=24-bookworm-slim

FROM node:${NODE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
# No install scripts: the packages include prebuilt binaries for each platform.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm pack --ignore-scripts --pack-destination /tmp
WORKDIR /opt/etlutils
RUN tar -xz --strip-components=1 -f /tmp/etlutils-*.tgz && cp /build/package-lock.json . \
  && npm ci --ignore-scripts --omit=dev \
  && find node_modules -path '*/prebuilds/*' -prune ! -name "linux-$(node -p process.arch)" -exec rm -r {} +
# Warms the compile cache: the root may be read-only later.
RUN install -d -o node dist/cache /tmp/try && cd /tmp/try && su node -c ' \
  set -e; PATH=/opt/etlutils/bin:$PATH; \
  get-temp sim: | buffer-tail temperature.log | get-stats -w all -w 1h | load-stats; \
  for tool in $(ls /opt/etlutils/bin | grep -v json); do "$tool" --version; done'

FROM node:${NODE}
COPY --from=build /opt/etlutils /opt/etlutils
RUN install -d -o node -g node /data
# Temporary files go to the only writable place too.
ENV PATH=/opt/etlutils/bin:$PATH ETL_STORE=/data/stats.db TMPDIR=/data
USER node
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/opt/etlutils/scripts/healthy.sh"]
# Resets the base image's entry point, which starts node.
ENTRYPOINT []
CMD ["serve-stats", "--host", "0.0.0.0"]
