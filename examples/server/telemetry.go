package main

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	exporter "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	meters "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// telemetry turns what hooks tell into metrics and traces. Labels of metrics
// are names of accounts, states, codes and kinds: few, and never of a person.
// Spans also name the order, as log lines do.
type telemetry struct {
	log     *slog.Logger
	health  *health
	scrape  http.Handler
	tracer  trace.Tracer
	latest  snapshot
	flushes []func(context.Context) error

	transitions, failures, drifts metric.Int64Counter
	calls                         metric.Float64Histogram
}

const scope = "github.com/openmip/openmip/examples/server"

// newTelemetry returns metrics for a scrape, and traces if the environment
// names where they go (OTEL_EXPORTER_OTLP_ENDPOINT and its like).
func newTelemetry(h *health, log *slog.Logger, env func(string) string) (*telemetry, error) {
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("telemetry", "error", err.Error()) }))
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	reader, err := exporter.New(exporter.WithRegisterer(registry), exporter.WithoutScopeInfo())
	if err != nil {
		return nil, err
	}
	provider := meters.NewMeterProvider(meters.WithReader(reader), meters.WithResource(identity()))
	t := &telemetry{log: log, health: h, scrape: promhttp.HandlerFor(registry, promhttp.HandlerOpts{}), flushes: []func(context.Context) error{provider.Shutdown}}
	if err := t.instruments(provider.Meter(scope)); err != nil {
		return nil, err
	}
	traces, err := tracing(context.Background(), env)
	if err != nil {
		return nil, err
	}
	t.tracer = traces.Tracer(scope)
	if f, ok := traces.(interface{ Shutdown(context.Context) error }); ok {
		t.flushes = append(t.flushes, f.Shutdown)
	}
	return t, nil
}

// instruments makes every metric. README.md has their table, which a test
// holds against a scrape.
func (t *telemetry) instruments(m metric.Meter) (err error) {
	counter := func(name, what string) metric.Int64Counter {
		c, e := m.Int64Counter(name, metric.WithDescription(what))
		if e != nil {
			err = e
		}
		return c
	}
	t.transitions = counter("openmip.transitions", "Changes of state.")
	t.failures = counter("openmip.failures", "What did not work, by the kind of error.")
	t.drifts = counter("openmip.drifts", "Movements of a balance that no purchase explains.")
	calls, e := m.Float64Histogram("openmip.vendor.call.duration", metric.WithUnit("s"),
		metric.WithDescription("Calls to shops, BigBuy and PayPal, without waits for a turn."),
		metric.WithExplicitBucketBoundaries(.05, .1, .25, .5, 1, 2, 4, 8, 15, 30, 60))
	if e != nil {
		return e
	}
	t.calls = calls
	if err != nil {
		return err
	}
	return t.gauges(m)
}

// seen returns what an account's adapter calls after every try: it counts the
// try, judges the account's health by it, and makes it a span.
func (t *telemetry) seen(account string) func(context.Context, rest.Try) {
	return func(ctx context.Context, try rest.Try) {
		t.called(ctx, account, try.Call, try.Status, try.Kind, try.Duration)
	}
}

func (t *telemetry) called(ctx context.Context, account, call string, status int, kind error, took time.Duration) {
	t.health.saw(account, kind)
	result := word(kind)
	t.calls.Record(ctx, took.Seconds(), metric.WithAttributes(
		attribute.String("account", account), attribute.String("call", call), attribute.String("result", result)))
	now := time.Now()
	_, span := t.tracer.Start(ctx, account+" "+call, trace.WithSpanKind(trace.SpanKindClient), trace.WithTimestamp(now.Add(-took)),
		trace.WithAttributes(attribute.String("openmip.account", account), attribute.Int("http.response.status_code", status),
			attribute.String("openmip.result", result)))
	failed(span, kind)
	span.End(trace.WithTimestamp(now))
}

// transport counts the calls of an adapter that tells nobody about them. Their
// paths hold ids, so the method is all that is kept.
func (t *telemetry) transport(account string) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		began := time.Now()
		answer, err := http.DefaultTransport.RoundTrip(r)
		status, kind := 0, mip.ErrUnavailable
		if err == nil {
			status, kind = answer.StatusCode, rest.KindOfStatus(answer.StatusCode, r.Method != http.MethodGet)
		}
		t.called(r.Context(), account, r.Method, status, kind, time.Since(began))
		return answer, err
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// word is a kind of error as a label.
func word(kind error) string {
	if kind == nil {
		return "ok"
	}
	return mip.KindOf(kind).Error()
}

// close sends what has not been sent yet.
func (t *telemetry) close(ctx context.Context) {
	for _, flush := range t.flushes {
		if err := flush(ctx); err != nil {
			t.log.WarnContext(ctx, "telemetry not flushed", "error", err.Error())
		}
	}
}
