module phoenix.io/opampsupervisor

go 1.26.0

require github.com/open-telemetry/opentelemetry-collector-contrib/cmd/opampsupervisor v0.149.0
