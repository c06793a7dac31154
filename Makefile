SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Modules beside the main one: an importer of Roster inherits neither.
TOOLS    := internal/tools
EXAMPLES := docs/examples
TOOL     := go tool -modfile=$(CURDIR)/$(TOOLS)/go.mod
LINT     := $(TOOLS)/lint
GOLANGCI := go tool -modfile=$(CURDIR)/$(LINT)/go.mod golangci-lint
CONTRACT := $(TOOLS)/contract
RELEASE  := $(TOOLS)/release
BROWSER  := $(TOOLS)/page
SQUAWK   := bin/squawk-2.70.0/bin/squawk
# Tools of the contract, installed when they are first needed.
SCHEMATHESIS := bin/schemathesis-4.32.5/bin/schemathesis
SPECTRAL     := bin/spectral-6.16.3/node_modules/.bin/spectral
# The OpenID provider of the tests of access tokens.
OPENID       := bin/oidc-provider-9.13.3/node_modules/oidc-provider/package.json
KEYCLOAK     := bin/keycloak-26.7.3/bin/kc.sh
# What runs the cluster of the test of failovers.
PATRONI      := bin/patroni-4.1.5/bin/patroni
ETCD         := bin/etcd-server/usr/bin/etcd
# The rules of accessibility that the tests of the page apply.
AXE          := bin/axe-core-4.14.1/node_modules/axe-core/axe.min.js
REDOCLY      := bin/redocly-2.77.0/node_modules/.bin/redocly
PYTHON_CLIENT      := bin/openapi-python-client-0.29.1/bin/openapi-python-client
OPENAPI_TYPESCRIPT := bin/openapi-typescript-7.13.0/node_modules/.bin/openapi-typescript
OPENAPI_FETCH      := bin/openapi-fetch-0.17.0/node_modules/openapi-fetch/package.json
TSC                := bin/typescript-5.9.3/node_modules/.bin/tsc
PRETTIER           := bin/prettier-3.10.1/node_modules/.bin/prettier
PREACT             := bin/preact-11.2.0/node_modules/preact/package.json
UPLOT              := bin/uplot-1.6.32/node_modules/uplot/package.json
# The packages of the page and of the TypeScript client, where their compilers look.
NODE_MODULES       := bin/node_modules/linked
CLIENT_TS          := adapters/rest/client-ts
TYPESCRIPT_FILES   := '$(CLIENT_TS)/{src,test}/*.ts' 'adapters/rest/admin/page/**/*.{ts,tsx,css}' '!**/*.gen.ts'
PAGE               := adapters/rest/admin
# Bundles the page to the folder $(2); $(1) is -check, -tests or nothing.
bundle              = go run -C $(TOOLS) ./bundle $(1) $(CURDIR)/$(PAGE)/page $(CURDIR)/bin/node_modules $(CURDIR)/$(2)
# What the program is built with: Gin without MessagePack, which nothing speaks;
# pgx without the PostgreSQL types of Go types, since the server is asked for them.
TAGS := nomsgpack,nopgxregisterdefaulttypes
# The type check is tested with pgx as others build it: with those types.
TYPECHECK := ./adapters/postgres/sqlcheck/internal/typecheck
# The major versions of PostgreSQL that are supported.
MAJORS       := 15 16 17 18
# How long each fuzz target runs.
FUZZTIME     := 30s
# How many operations a history has in all.
HISTORY      := 1000000
# How often replicas are replaced, and the requests that are sent meanwhile.
ROLLS        := 100
KILLS        := 100
REQUESTS     := 1000000
# How often the directory is restored to a moment, and how often the leader is killed.
RESTORES     := 20
FAILOVERS    := 20

.PHONY: help
help: ## Explain the targets
	@echo "Roster: a user directory for teams, on PostgreSQL."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## Serve on http://127.0.0.1:3000 with an embedded PostgreSQL (or that of DATABASE_URL)
	@$(TOOLS)/needs database
	bin/roster serve

.PHONY: demo
demo: build ## Serve a made-up directory to look at, which is removed at the end
	@env --unset=DATABASE_URL $(TOOLS)/needs database
	bin/roster demo

.PHONY: build
build: needs-go ## Build bin/roster: static, without debug information
	CGO_ENABLED=0 go build -pgo=cmd/roster/roster.pgo -trimpath -tags $(TAGS) -ldflags '-s -w' -o bin/roster ./cmd/roster

.PHONY: test
test: check test-client-ts test-page test-browser $(OPENID) ## Check, then run every test: shuffled, with the race detector, on PostgreSQL; those of the database also without batches
	go test -race -shuffle=on -tags $(TAGS) $$(go list ./... | grep -v $(TYPECHECK:.%=%)$$)
	go test -race -shuffle=on -tags nomsgpack $(TYPECHECK)
	ROSTER_COALESCE=off go test -shuffle=on -tags $(TAGS) ./adapters/postgres ./cmd/roster
	go -C $(EXAMPLES) test -race -shuffle=on -tags $(TAGS) ./...
	go -C $(CONTRACT) test -shuffle=on ./...
	@if PATH=$$PATH:/usr/sbin command -v pgbouncer >/dev/null; then $(MAKE) --no-print-directory test-pgbouncer; fi

.PHONY: check
check: needs-test check-format check-tidy check-queries check-generated check-contract check-page vet lint lint-migrations ## Run all checks but the tests: format, queries, vet, lint, generated files, the contract, the page, migrations

.PHONY: generate
generate: needs-go ## Generate mocks, HTTP types, the Go client, wiring and the table of settings
	go generate ./...

.PHONY: page
page: needs-go $(NODE_MODULES) $(OPENAPI_TYPESCRIPT) $(TSC) $(PRETTIER) ## Format TypeScript, generate the TypeScript client from docs/openapi.yaml, and bundle the page at /admin
	@$(PRETTIER) --write --log-level warn $(TYPESCRIPT_FILES)
	$(OPENAPI_TYPESCRIPT) docs/openapi.yaml --output $(CLIENT_TS)/src/schema.gen.ts
	$(TSC) --project $(CLIENT_TS) --outDir bin/client-ts
	$(TSC) --project $(PAGE)/page
	$(call bundle,,$(PAGE)/assets)

.PHONY: check-page
check-page: needs-go $(NODE_MODULES) $(OPENAPI_TYPESCRIPT) $(TSC) $(PRETTIER) check-typescript compile-client-ts ## Fail if the TypeScript client or the page differs from the contract or from its sources
	@$(TSC) --project $(PAGE)/page
	@$(call bundle,-check,$(PAGE)/assets)

.PHONY: test-client-ts
test-client-ts: build compile-client-ts ## Test the TypeScript client on a running Roster
	$(TOOLS)/with-roster bin/roster node --test bin/client-ts/test/*.test.js

.PHONY: test-page
test-page: needs-go $(NODE_MODULES) ## Test what the page computes; browsers test the rest
	@rm -rf bin/page-test
	@$(call bundle,-tests,bin/page-test)
	node --test bin/page-test/*.test.js

.PHONY: test-contract
test-contract: lint-contract test-clients test-contract-gin test-contract-std ## Lint docs/openapi.yaml, use clients generated from it, and send each edge 20,000 generated requests (minutes)

.PHONY: test-clients
test-clients: build $(PYTHON_CLIENT) $(OPENAPI_TYPESCRIPT) $(OPENAPI_FETCH) $(TSC) ## Use clients in Python and TypeScript that are generated from docs/openapi.yaml
	$(TOOLS)/with-roster bin/roster $(CONTRACT)/clients/run $(PYTHON_CLIENT) $(OPENAPI_TYPESCRIPT) $(OPENAPI_FETCH) $(TSC) bin/contract-clients

.PHONY: test-contract-gin test-contract-std
test-contract-gin: build $(SCHEMATHESIS)
	@echo "The Gin edge:"
	$(TOOLS)/with-roster bin/roster $(CONTRACT)/schemathesis/run $(SCHEMATHESIS) bin/contract-gin
test-contract-std: needs-go $(SCHEMATHESIS)
	CGO_ENABLED=0 go build -pgo=cmd/roster/roster.pgo -trimpath -tags $(TAGS),stdedge -ldflags '-s -w' -o bin/roster-std ./cmd/roster
	@echo "The edge of the standard library:"
	$(TOOLS)/with-roster bin/roster-std $(CONTRACT)/schemathesis/run $(SCHEMATHESIS) bin/contract-std

.PHONY: lint-contract
lint-contract: $(SPECTRAL) $(REDOCLY) ## Lint docs/openapi.yaml with the recommended rules of Spectral and Redocly
	$(SPECTRAL) lint --fail-severity=hint --ruleset $(CONTRACT)/spectral.yaml docs/openapi.yaml
	REDOCLY_SUPPRESS_UPDATE_NOTICE=true REDOCLY_TELEMETRY=off $(REDOCLY) lint --config $(CONTRACT)/redocly.yaml --max-problems=1000 docs/openapi.yaml

.PHONY: test-history
test-history: needs-test ## Check 1,000,000 concurrent operations for linearizability, with restarts of PostgreSQL (HISTORY=200000 for fewer)
	ROSTER_TEST_HISTORY=$(HISTORY) go test -count=1 -timeout 2h -tags $(TAGS) -run '^TestConcurrentHistoriesAreLinearizable$$' -v ./cmd/roster

.PHONY: test-feed
test-feed: needs-test ## Kill servers 100 times under writes, and compare what followers of the log got (KILLS=10 for fewer)
	ROSTER_TEST_KILLS=$(KILLS) go test -count=1 -timeout 2h -tags $(TAGS) -run '^TestFollowersOfKilledServersLoseNothing$$' -v ./cmd/roster

.PHONY: test-rolls
test-rolls: needs-test check-recipes ## Replace replicas 100 times behind HAProxy and on one socket, under 1,000,000 requests each (ROLLS=10 REQUESTS=100000 for fewer)
	go vet -tags $(TAGS),rolls ./cmd/roster
	ROSTER_TEST_ROLLS=$(ROLLS) ROSTER_TEST_REQUESTS=$(REQUESTS) \
		go test -count=1 -timeout 4h -tags $(TAGS),rolls -run '^TestManyRolls' -v ./cmd/roster

.PHONY: check-recipes
check-recipes: ## Check docs/haproxy.cfg with HAProxy and docs/systemd with systemd-analyze: valid, and an exposure of 2.0 at most
	@$(TOOLS)/needs haproxy systemd
	haproxy -c -f docs/haproxy.cfg
	@$(TOOLS)/check-units docs/systemd

.PHONY: test-majors
test-majors: needs-test $(OPENID) ## Test on each supported PostgreSQL; Maven downloads those that are not installed (MAJORS="17 18" for fewer; minutes each)
	@go build -o bin/sqlcheck ./cmd/sqlcheck
	@$(TOOLS)/test-majors $(TAGS) $(MAJORS)

.PHONY: test-pgbouncer
test-pgbouncer: needs-test ## Test stores, requests, imports and exports through PgBouncer in both modes; make test does it where that is installed
	@$(TOOLS)/needs pgbouncer
	@$(TOOLS)/test-pgbouncer $(TAGS)

.PHONY: test-restore
test-restore: needs-test ## Restore the directory to a moment 20 times, and compare every table (minutes; RESTORES=5 for fewer)
	ROSTER_TEST_RESTORES=$(RESTORES) go test -count=1 -timeout 2h -tags $(TAGS) -run '^TestAMomentIsRestored$$' -v ./cmd/roster

.PHONY: test-failover
test-failover: needs-test $(PATRONI) $(ETCD) ## Kill the leader of a Patroni cluster 20 times, and look for lost writes (minutes; FAILOVERS=5 for fewer)
	go vet -tags $(TAGS),patroni ./cmd/roster
	ROSTER_TEST_FAILOVERS=$(FAILOVERS) go test -count=1 -timeout 2h -tags $(TAGS),patroni -run '^TestPatroniFailsOver$$' -v ./cmd/roster

.PHONY: test-keycloak
test-keycloak: needs-test $(KEYCLOAK) ## Test access tokens of a real Keycloak, which Maven installs (minutes)
	go vet -tags $(TAGS),keycloak ./cmd/roster
	go test -count=1 -race -tags $(TAGS),keycloak -run '^TestKeycloak$$' -v ./cmd/roster

.PHONY: fuzz
fuzz: needs-go ## Run every fuzz target for 30 s (FUZZTIME=5m for longer), up to the first failure
	@$(TOOLS)/fuzz $(FUZZTIME)

.PHONY: test-browser
test-browser: build needs-browser $(OPENID) $(AXE) ## Test the page at /admin in Chromium: by keyboard, with axe-core, and against attacks
	ROSTER_TEST_PROGRAM=$(CURDIR)/bin/roster go -C $(BROWSER) test -shuffle=on -tags $(TAGS) ./...

.PHONY: screenshots
screenshots: build needs-browser ## Write screenshots of every view of the page, and of /docs, to bin/screenshots
	go run -C $(BROWSER) -tags $(TAGS) ./pictures $(CURDIR)/bin/roster $(CURDIR)/bin/screenshots

.PHONY: pictures
pictures: build needs-browser ## Take the pictures of the page in docs/pictures again
	@$(TOOLS)/needs fonts
	go run -C $(BROWSER) -tags $(TAGS) ./pictures -rooms $(CURDIR)/bin/roster $(CURDIR)/docs/pictures

.PHONY: fmt
fmt: needs-go ## Format the Go code
	$(TOOL) gofumpt -w .

.PHONY: bench
bench: build ## Measure the throughput of requests on 200,000 users, in two minutes
	go run ./internal/bench -roster bin/roster load

.PHONY: bench-neighbours
bench-neighbours: build ## Measure how much those who wait or ask for much delay others, in two minutes (USERS=200000)
	go run ./internal/bench -roster bin/roster neighbours -users $(or $(USERS),200000)

.PHONY: bench-go
bench-go: needs-go ## Run the Go benchmarks with their allocations
	go test -run '^$$' -bench . -benchmem ./...

.PHONY: profile
profile: needs-go ## Write a CPU profile of reads for the compiler: cmd/roster/roster.pgo
	CGO_ENABLED=0 go build -pgo=off -tags $(TAGS),profile -o bin/roster-profile ./cmd/roster
	ROSTER_CPU_PROFILE=$(CURDIR)/cmd/roster/roster.pgo go run ./internal/bench -roster bin/roster-profile load -users 20000 -events 1000 -seconds 5 -only get

.PHONY: bench-search
bench-search: build ## Measure the quality and the speed of 1,400 labelled searches (USERS=200000)
	go run ./internal/bench -roster bin/roster search -users $(or $(USERS),200000)

.PHONY: bench-page
bench-page: build needs-browser ## Measure the first paint of the page, and search while typing, on 200,000 users (USERS=200000)
	go run -C $(BROWSER) -tags $(TAGS) ./measure -users $(or $(USERS),200000) $(CURDIR)/bin/roster

.PHONY: bench-report
bench-report: build ## Measure reports and the ingestion of events, on 1,000,000 events
	go run ./internal/bench -roster bin/roster report

.PHONY: check-mutants
check-mutants: needs-test ## Break each object of the schema, and check that sqlcheck and roster migrate verify notice it (half an hour)
	go run ./cmd/sqlcheck mutants adapters/postgres
	go run ./cmd/sqlcheck mutants -released docs/released adapters/postgres
	ROSTER_TEST_MUTANTS=all go test -count=1 -tags $(TAGS) -run '^TestEachObject' ./adapters/postgres/schema

.PHONY: check-release
check-release: needs-test ## Run the last release beside this build on this schema, with a mixed load (minutes; RELEASED=COMMIT for another)
	@$(TOOLS)/check-release $(TAGS) $(RELEASED)

.PHONY: cut-release
cut-release: needs-test ## Cut a version: the changelog, and docs/released (VERSION=0.2.0; docs/releasing.md)
	@go build -o bin/sqlcheck ./cmd/sqlcheck
	@$(RELEASE)/cut "$(VERSION)"

.PHONY: release release-twice
release: needs-go ## Make the files of a release in bin/release, from the tag that is checked out (VERSION=0.2.0 to rehearse without a tag)
	@$(RELEASE)/files bin/release $(TAGS) "$(VERSION)"
release-twice: needs-go ## Make the files of a release twice, and fail if a byte differs
	@$(RELEASE)/files bin/release $(TAGS) "$(VERSION)" twice

.PHONY: vulncheck
vulncheck: needs-go ## Look for known vulnerabilities in the called code (at vuln.go.dev)
	$(TOOL) govulncheck ./...

.PHONY: clean
clean: ## Remove bin, but not the data of `make run`
	rm -rf bin

# --- the parts of check

.PHONY: check-format
check-format:
	@$(TOOL) gofumpt -d . || { echo "These files are not formatted; run: make fmt" >&2; exit 1; }

.PHONY: check-tidy
check-tidy:
	@for module in . $(TOOLS) $(LINT) $(CONTRACT) $(RELEASE) $(BROWSER) $(EXAMPLES); do go -C $$module mod tidy -diff || { \
		echo "$$module/go.mod is not what the imports need; run: go -C $$module mod tidy" >&2; exit 1; }; done

.PHONY: check-generated
check-generated:
	@$(TOOLS)/check-generated
	@go tool wire diff ./cmd/roster || { echo "cmd/roster/wire_gen.go is not what the providers need; run: make generate" >&2; exit 1; }

.PHONY: check-contract
check-contract: ## Fail if docs/openapi.yaml breaks clients of docs/released/openapi.yaml, unless CHANGELOG.md allows it (docs/api-policy.md)
	@go run -C $(CONTRACT) ./breaking $(CURDIR)/docs/released/openapi.yaml $(CURDIR)/docs/openapi.yaml $(CURDIR)/CHANGELOG.md

# check-page needs both in this order: it tells what is not formatted or not generated
# before what does not compile.
.PHONY: check-typescript
check-typescript: $(OPENAPI_TYPESCRIPT) $(PRETTIER)
	@$(PRETTIER) --check --log-level warn $(TYPESCRIPT_FILES) || { echo "These files are not formatted; run: make page" >&2; exit 1; }
	@$(OPENAPI_TYPESCRIPT) docs/openapi.yaml --output bin/schema.gen.ts >/dev/null
	@cmp -s bin/schema.gen.ts $(CLIENT_TS)/src/schema.gen.ts || { echo "$(CLIENT_TS)/src/schema.gen.ts is not that of docs/openapi.yaml; run: make page" >&2; exit 1; }

.PHONY: compile-client-ts
compile-client-ts: $(NODE_MODULES) $(TSC)
	@$(TSC) --project $(CLIENT_TS) --outDir bin/client-ts

.PHONY: check-queries
check-queries: ## Check every query of this version and of the last release against the migrations, and plans on a large directory (docs/sqlcheck.md)
	@go build -o bin/sqlcheck ./cmd/sqlcheck
	@failed=; \
	bin/sqlcheck check -released docs/released adapters/postgres || failed=yes; \
	(cd $(EXAMPLES)/bookshop && for command in check vet plans; do $(CURDIR)/bin/sqlcheck $$command || exit; done) || failed=yes; \
	bin/sqlcheck vet || failed=yes; \
	bin/sqlcheck plans adapters/postgres || failed=yes; \
	test -z "$$failed"

.PHONY: vet
vet:
	go vet ./...
	for module in $(EXAMPLES) $(CONTRACT) $(BROWSER) $(TOOLS); do go -C $$module vet ./...; done

.PHONY: lint
lint: needs-go ## Lint the Go code, by .golangci.yml (minutes when the linters are built for the first time)
	$(GOLANGCI) run ./...
	for module in $(EXAMPLES) $(CONTRACT) $(BROWSER) $(TOOLS); do (cd $$module && $(GOLANGCI) run ./...); done

.PHONY: lint-migrations
lint-migrations: $(SQUAWK) ## Lint the migrations with squawk
	@$(TOOLS)/lint-migrations $(SQUAWK)

$(SQUAWK):
	@$(TOOLS)/needs python
	@$(TOOLS)/install-python squawk-cli $(SQUAWK)

$(SCHEMATHESIS):
	@$(TOOLS)/needs python
	@$(TOOLS)/install-python schemathesis $(SCHEMATHESIS)

$(KEYCLOAK):
	@$(TOOLS)/needs maven
	@mkdir -p bin
	@$(TOOLS)/install-keycloak $(KEYCLOAK)

$(PATRONI):
	@$(TOOLS)/needs python
	@$(TOOLS)/install-python 'patroni[etcd3,psycopg3]' $(PATRONI) --no-binary ydiff,python-etcd

$(ETCD):
	@mkdir -p bin
	@$(TOOLS)/install-etcd $(ETCD)

$(PYTHON_CLIENT):
	@$(TOOLS)/needs python
	@$(TOOLS)/install-python openapi-python-client $(PYTHON_CLIENT)

.PHONY: openid-provider
openid-provider: $(OPENID)

$(SPECTRAL) $(REDOCLY) $(OPENID) $(AXE) $(OPENAPI_TYPESCRIPT) $(OPENAPI_FETCH) $(TSC) $(PREACT) $(UPLOT) $(PRETTIER): bin/%:
	@$(TOOLS)/needs node
	@$(TOOLS)/install-npm $(NPM_PACKAGE) $@
$(SPECTRAL): NPM_PACKAGE := @stoplight/spectral-cli
$(REDOCLY): NPM_PACKAGE := @redocly/cli
$(OPENID): NPM_PACKAGE := oidc-provider
$(AXE): NPM_PACKAGE := axe-core
$(OPENAPI_TYPESCRIPT): NPM_PACKAGE := openapi-typescript
$(OPENAPI_FETCH): NPM_PACKAGE := openapi-fetch
$(TSC): NPM_PACKAGE := typescript
$(PREACT): NPM_PACKAGE := preact
$(PRETTIER): NPM_PACKAGE := prettier
$(UPLOT): NPM_PACKAGE := uplot
$(NODE_MODULES): $(OPENAPI_FETCH) $(PREACT) $(UPLOT)
	@$(TOOLS)/link-npm $@ $^

# --- what is needed: root installs it, others are told what to ask for

.PHONY: needs-go needs-test needs-browser
needs-go:
	@$(TOOLS)/needs go
needs-test:
	@$(TOOLS)/needs go git compiler postgresql
needs-browser:
	@$(TOOLS)/needs go postgresql chromium
