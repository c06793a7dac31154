# Roster in an image of one file. `make test` does not build it, for it must run
# where there is no Docker daemon: after a change here, build it by hand.
#
#   docker build --tag roster .
#   docker run --rm --network host --env DATABASE_URL=postgres://… roster
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -pgo=cmd/roster/roster.pgo -trimpath -tags nomsgpack,nopgxregisterdefaulttypes -ldflags '-s -w' -o /roster ./cmd/roster

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
# Reports are in named time zones.
COPY --from=build /usr/local/go/lib/time/zoneinfo.zip /zoneinfo.zip
ENV ZONEINFO=/zoneinfo.zip
COPY --from=build /roster /roster
# Any user that is not root; it owns nothing and needs no folder, given a DATABASE_URL.
USER 65532:65532
EXPOSE 3000
# There is no shell for a HEALTHCHECK to run: have the orchestrator ask GET
# /livez and GET /readyz.
ENTRYPOINT ["/roster"]
CMD ["serve"]
