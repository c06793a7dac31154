SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Modules beside the main one: an importer of Roster inherits neither.
TOOLS    := internal/tools
EXAMPLES := docs/examples
TOOL     := go tool -modfile=$(CURDIR)/$(TOOLS)/go.mod
# An error may begin with the name of a field, such as Build (ST1005).
CHECKS   := -checks inherit,-ST1005
SQUAWK   := bin/squawk-2.70.0/bin/squawk

.PHONY: help
help: ## Explain the targets
	@echo "Roster: a user directory for teams, on PostgreSQL."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## Serve on http://127.0.0.1:3000 with a PostgreSQL of its own (DATABASE_URL names another)
	bin/roster serve

.PHONY: build
build: needs-go ## Build bin/roster: static, without debugging tables
	CGO_ENABLED=0 go build -trimpath -tags nomsgpack -ldflags '-s -w' -o bin/roster ./cmd/roster

.PHONY: test
test: check ## Check, then run every test: shuffled, with the race detector, on a real PostgreSQL
	go test -race -shuffle=on -tags nomsgpack ./...
	go -C $(EXAMPLES) test -race -shuffle=on -tags nomsgpack ./...

.PHONY: check
check: needs-test check-format check-tidy check-queries check-generated vet lint-migrations ## Everything that needs no test run: format, queries, vet, staticcheck, generated files, migrations

.PHONY: generate
generate: needs-go ## Write the generated files anew: mocks, HTTP types, wiring, the table of settings
	go generate ./...

.PHONY: fmt
fmt: needs-go ## Format the Go code
	$(TOOL) gofumpt -w .

.PHONY: bench
bench: needs-go ## Run the Go benchmarks (docs/benchmarks.md tells of the load tests)
	go test -run '^$$' -bench . -benchmem ./...

.PHONY: check-mutants
check-mutants: needs-test ## Break every column and index in turn, and see that each is noticed (minutes)
	go run ./cmd/sqlcheck mutants adapters/postgres

.PHONY: vulncheck
vulncheck: needs-go ## Look for known vulnerabilities in what is called (asks vuln.go.dev)
	$(TOOL) govulncheck ./...

.PHONY: clean
clean: ## Remove what was built; the data of `make run` stays
	rm -rf bin

# --- the parts of check

.PHONY: check-format
check-format:
	@$(TOOL) gofumpt -d . || { echo "These files are not formatted; run: make fmt" >&2; exit 1; }

.PHONY: check-tidy
check-tidy:
	@for module in . $(TOOLS) $(EXAMPLES); do go -C $$module mod tidy -diff || { \
		echo "$$module/go.mod is not what the imports need; run: go -C $$module mod tidy" >&2; exit 1; }; done

.PHONY: check-generated
check-generated:
	@$(TOOLS)/check-generated
	@go tool wire diff ./cmd/roster || { echo "cmd/roster/wire_gen.go is not what the providers need; run: make generate" >&2; exit 1; }

.PHONY: check-queries
check-queries: ## Hold every query against the migrations, and its plan against a large directory (docs/sqlcheck.md)
	@go build -o bin/sqlcheck ./cmd/sqlcheck
	@failed=; \
	bin/sqlcheck check adapters/postgres || failed=yes; \
	(cd $(EXAMPLES)/bookshop && $(CURDIR)/bin/sqlcheck check && $(CURDIR)/bin/sqlcheck vet) || failed=yes; \
	bin/sqlcheck vet || failed=yes; \
	bin/sqlcheck plans adapters/postgres || failed=yes; \
	test -z "$$failed"

.PHONY: vet
vet:
	go vet ./...
	go -C $(EXAMPLES) vet ./...
	$(TOOL) staticcheck $(CHECKS) ./...
	cd $(EXAMPLES) && $(TOOL) staticcheck $(CHECKS) ./...

.PHONY: lint-migrations
lint-migrations: $(SQUAWK) ## Lint the migrations with squawk
	@$(TOOLS)/lint-migrations $(SQUAWK)

$(SQUAWK):
	@$(TOOLS)/needs python
	@$(TOOLS)/install-squawk $(SQUAWK)

# --- what is needed: root installs it, others are told what to ask for

.PHONY: needs-go needs-test
needs-go:
	@$(TOOLS)/needs go
needs-test:
	@$(TOOLS)/needs go git compiler postgresql
