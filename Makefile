.PHONY: proto generate
proto: ## regenerate the protocol (needs protoc, protoc-gen-go and protoc-gen-go-grpc)
	protoc --go_out=. --go_opt=module=github.com/litellm-proxy/litellm-proxy \
		--go-grpc_out=. --go-grpc_opt=module=github.com/litellm-proxy/litellm-proxy sdk/protocol/plugin.proto

generate: ## regenerate the built-in plugins' manifests
	go run ./plugins/builtin/generate plugins/builtin/manifests
