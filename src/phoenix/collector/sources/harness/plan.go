package main

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/otelcol"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/service"
	"go.opentelemetry.io/collector/service/telemetry"
)

// sourceType and recorderType are the two ends that the parent writes into the config it sends.
var (
	sourceType   = component.MustNewType("phoenix_source")
	recorderType = component.MustNewType("phoenix_recorder")
)

// collectorVersion is the version of the collector whose modules are linked.
func collectorVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == "go.opentelemetry.io/collector/otelcol" {
				return module.Version[1:]
			}
		}
	}
	return "unknown"
}

// plan is a config read as the collector reads it, with factories of its own: some factories keep what they made, so
// that the next evaluation would meet the processors of this one.
type plan struct {
	factories otelcol.Factories
	config    *otelcol.Config
	source    *source
	recorder  *recorder
}

func newPlan(text string) (*plan, error) {
	factories, err := components()
	if err != nil {
		return nil, err
	}
	p := &plan{source: &source{}, recorder: &recorder{}}
	factories.Receivers[sourceType] = p.source.factory()
	factories.Exporters[recorderType] = p.recorder.factory()
	factories.Telemetry = telemetry.NewFactory(func() component.Config { return &struct{}{} })
	p.factories = factories
	provider, err := otelcol.NewConfigProvider(otelcol.ConfigProviderSettings{ResolverSettings: confmap.ResolverSettings{
		URIs: []string{"yaml:" + text},
		// Neither files nor addresses: a config must not reach out of an evaluation.
		ProviderFactories: []confmap.ProviderFactory{envprovider.NewFactory(), yamlprovider.NewFactory()},
		DefaultScheme:     "env",
	}})
	if err != nil {
		return nil, err
	}
	// In the words of the collector's own start, which are read elsewhere to find the place in the user's text.
	if p.config, err = provider.Get(context.Background(), factories); err != nil {
		return nil, fmt.Errorf("failed to get config: %w", err)
	}
	if err := confmap.Validate(p.config); err != nil {
		return nil, fmt.Errorf("invalid configuration: %w", err)
	}
	return p, nil
}

func (p *plan) settings() service.Settings {
	return service.Settings{
		BuildInfo:           component.BuildInfo{Command: "phoenix-harness", Version: collectorVersion()},
		ReceiversConfigs:    p.config.Receivers,
		ReceiversFactories:  p.factories.Receivers,
		ProcessorsConfigs:   p.config.Processors,
		ProcessorsFactories: p.factories.Processors,
		ExportersConfigs:    p.config.Exporters,
		ExportersFactories:  p.factories.Exporters,
		ConnectorsConfigs:   p.config.Connectors,
		ConnectorsFactories: p.factories.Connectors,
		ExtensionsConfigs:   p.config.Extensions,
		ExtensionsFactories: p.factories.Extensions,
		// Nobody reads it: a component that reports a fatal error must not wait for a reader.
		AsyncErrorChannel: make(chan error, 64),
		TelemetryFactory:  p.factories.Telemetry,
	}
}

type emptyConfig struct{}

func noConfig() component.Config { return &emptyConfig{} }

// source is the receiver: it hands requests to the pipeline and returns what the pipeline answers.
type source struct {
	component.StartFunc
	component.ShutdownFunc
	consumer.Metrics
}

func (s *source) factory() receiver.Factory {
	create := func(_ context.Context, _ receiver.Settings, _ component.Config, next consumer.Metrics) (receiver.Metrics, error) {
		s.Metrics = next
		return s, nil
	}
	return receiver.NewFactory(sourceType, noConfig, receiver.WithMetrics(create, component.StabilityLevelStable))
}

// recorder is the exporter: it keeps what arrives, encoded at once, and the virtual moment.
type recorder struct {
	component.StartFunc
	component.ShutdownFunc
	mu       sync.Mutex
	times    []int64
	requests [][]byte
}

func (r *recorder) factory() exporter.Factory {
	create := func(context.Context, exporter.Settings, component.Config) (exporter.Metrics, error) {
		return r, nil
	}
	return exporter.NewFactory(recorderType, noConfig, exporter.WithMetrics(create, component.StabilityLevelStable))
}

func (*recorder) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

func (r *recorder) ConsumeMetrics(_ context.Context, metrics pmetric.Metrics) error {
	body, err := (&pmetric.ProtoMarshaler{}).MarshalMetrics(metrics)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.times = append(r.times, time.Now().UnixNano())
	r.requests = append(r.requests, body)
	return nil
}
