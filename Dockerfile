# The tools in a container: as a user without rights, on a root that may be read-only, with all that they keep in /data.
#
#   docker build -t etlutils .
#   docker run -d --read-only -p 8080:8080 -v etl:/data etlutils              the page of /data/stats.db
#   docker run --rm --read-only -v etl:/data etlutils get-temp sim:           any tool by its name
#   docker run -d --read-only -v etl:/data -v ./crontab:/etc/crontab:ro etlutils \
#     schedule --ledger runs.db /etc/crontab                                  jobs, in place of cron
#
# Posts to the page come from another machine, as it sees them: they need a token (-e ETL_TOKEN, or --token-file). Under
# another name than localhost it answers with --allow-host. The libraries' native parts are those of glibc: no Alpine.

ARG NODE=24-bookworm-slim

FROM node:${NODE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
# What libraries would compile is in their packages, for each kind of machine.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm pack --ignore-scripts --pack-destination /tmp
WORKDIR /opt/etlutils
RUN tar -xz --strip-components=1 -f /tmp/etlutils-*.tgz && cp /build/package-lock.json . \
  && npm ci --ignore-scripts --omit=dev \
  && find node_modules -path '*/prebuilds/*' -prune ! -name "linux-$(node -p process.arch)" -exec rm -r {} +
# Code that is compiled once is kept for each user; in the image nothing can be kept later.
RUN install -d -o node dist/cache /tmp/try && cd /tmp/try && su node -c ' \
  set -e; PATH=/opt/etlutils/bin:$PATH; \
  get-temp sim: | buffer-tail temperature.log | get-stats -w all -w 1h | load-stats; \
  for tool in $(ls /opt/etlutils/bin | grep -v json); do "$tool" --version; done'

FROM node:${NODE}
COPY --from=build /opt/etlutils /opt/etlutils
RUN install -d -o node -g node /data
# Temporary files, too, are in the one place that can be written.
ENV PATH=/opt/etlutils/bin:$PATH ETL_STORE=/data/stats.db TMPDIR=/data
USER node
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/opt/etlutils/scripts/healthy.sh"]
# In place of the base image's, which starts node.
ENTRYPOINT []
CMD ["serve-stats", "--host", "0.0.0.0"]
