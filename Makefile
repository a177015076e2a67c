# Every target runs from a clean checkout; `make help` lists them.
GO      ?= go
FUZZ    ?= 20s
VERSION ?= $(shell git describe --tags --always 2>/dev/null || echo dev)
LDFLAGS  = -s -w -X github.com/litellm-proxy/litellm-proxy/core/app.Version=$(VERSION)
LINT     = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

.PHONY: build
build: ## build the static binary into dist/
	CGO_ENABLED=0 $(GO) build -tags grpcnotrace -trimpath -ldflags '$(LDFLAGS)' -o dist/litellm-proxy ./cmd/litellm-proxy

.PHONY: test
test: ## run the tests; needs nothing but Go
	$(GO) test ./...

.PHONY: check
check: format vet lint race cross drift fuzz ## everything that a change must pass

.PHONY: format
format: ## fail on files that gofmt would change
	@files=$$(gofmt -l .); test -z "$$files" || { echo "gofmt would change:"; echo "$$files"; exit 1; }

.PHONY: vet
vet: ## go vet
	$(GO) vet ./...

.PHONY: lint
lint: ## golangci-lint, with .golangci.yml
	$(GO) run $(LINT) run

.PHONY: race
race: ## the tests with the race detector; needs a C compiler
	CGO_ENABLED=1 $(GO) test -race -timeout 20m ./...

.PHONY: cross
cross: ## build and vet for every system we ship to
	@for os in linux darwin windows; do for arch in amd64 arm64; do \
		echo "$$os/$$arch"; \
		CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch $(GO) build -o /dev/null ./cmd/litellm-proxy || exit 1; \
		CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch $(GO) vet ./... || exit 1; \
	done; done

.PHONY: drift
drift: ## fail where generated files are not current
	$(GO) test -run 'Current|Golden|Drift|Arrows|Exports' ./core ./core/script/... ./cmd/... ./plugins/builtin ./sdk/...
	$(GO) mod tidy -diff

.PHONY: fuzz
fuzz: ## run every fuzz target for $(FUZZ)
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZ) $$package || exit 1; \
		done; \
	done

.PHONY: contract
contract: ## run the contract suite on the gateway of LITELLM_PROXY_URL and LITELLM_PROXY_API_KEY; it writes there
	@test -n "$$LITELLM_PROXY_URL" && test -n "$$LITELLM_PROXY_API_KEY" || { echo "set LITELLM_PROXY_URL and LITELLM_PROXY_API_KEY"; exit 1; }
	LITELLM_PROXY_CONTRACT=1 TORTURE_RUNS=2 TORTURE_KEYS=30 $(GO) test -p 1 -count 1 -timeout 20m -run 'TestContract|TestFidelity|TestTorture$$' ./cmd/litellm-proxy ./plugins/builtin/sandbox/gateway

.PHONY: signin
signin: ## sign in at LITELLM_PROXY_SSO_URL, which has single sign-on, in a real browser; LITELLM_PROXY_SSO_MASTER_KEY adds the licence's limit
	@test -n "$$LITELLM_PROXY_SSO_URL" || { echo "set LITELLM_PROXY_SSO_URL"; exit 1; }
	$(GO) test -p 1 -count 1 -run 'TestContractSignIn|TestRig' ./cmd/litellm-proxy ./core/auth

.PHONY: tsc
tsc: ## type-check the shipped and the documented scripts with TypeScript's own compiler; needs npm
	npm install --no-save --no-audit --no-fund --prefix build/tsc typescript@7.0.2
	LITELLM_PROXY_TSC=$(CURDIR)/build/tsc/node_modules/.bin/tsc $(GO) test -count 1 -run 'Compile|Mistakes' ./core/script/types

.PHONY: torture
torture: ## kill and resume batch runs for an hour; TORTURE_RUNS, TORTURE_KEYS and TORTURE_SEED change that
	TORTURE_RUNS=$${TORTURE_RUNS:-200} TORTURE_KEYS=$${TORTURE_KEYS:-1000} $(GO) test -count 1 -timeout 5h -v -run Torture ./cmd/litellm-proxy

.PHONY: bench
bench: ## measure against curl on a local server
	$(GO) run ./cmd/bench

.PHONY: generate
generate: ## regenerate the manifests, the reference pages and golden files
	$(GO) run ./plugins/builtin/generate plugins/builtin/manifests docs/reference
	UPDATE_GOLDEN=1 $(GO) test -run 'Golden' ./cmd/... ./core/script/types ./sdk/...

.PHONY: schema
schema: ## regenerate sdk/body/schema.txt from LITELLM_OPENAPI
	$(GO) run ./sdk/body/generate "$$LITELLM_OPENAPI" > sdk/body/schema.txt.new && mv sdk/body/schema.txt.new sdk/body/schema.txt

.PHONY: proto
proto: ## regenerate the protocol; needs protoc, protoc-gen-go and protoc-gen-go-grpc
	protoc --go_out=. --go_opt=module=github.com/litellm-proxy/litellm-proxy \
		--go-grpc_out=. --go-grpc_opt=module=github.com/litellm-proxy/litellm-proxy sdk/protocol/plugin.proto
