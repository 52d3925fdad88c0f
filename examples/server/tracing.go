package main

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	spans "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/openmip/openmip/mip"
)

// identity is who metrics and spans are from. OTEL_SERVICE_NAME and
// OTEL_RESOURCE_ATTRIBUTES go before it.
func identity() *resource.Resource {
	own := resource.NewSchemaless(attribute.String("service.name", "openmip"), attribute.String("service.version", version()))
	all, err := resource.Merge(own, resource.Environment())
	if err != nil {
		return own
	}
	return all
}

// tracing sends spans by OTLP over HTTP to where the environment says, with
// the sampler it names; without an endpoint nothing is traced.
func tracing(ctx context.Context, env func(string) string) (trace.TracerProvider, error) {
	endpoint := or(env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"), env("OTEL_EXPORTER_OTLP_ENDPOINT"))
	if endpoint == "" || env("OTEL_SDK_DISABLED") == "true" || env("OTEL_TRACES_EXPORTER") == "none" {
		return noop.NewTracerProvider(), nil
	}
	out, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, err
	}
	return spans.NewTracerProvider(spans.WithBatcher(out), spans.WithResource(identity()), spans.WithIDGenerator(byOrder{})), nil
}

// byOrder gives all spans of an order one trace, in every process and after
// every restart: its id is a digest of the order's name. A sampler that goes by
// the trace id thus takes an order whole or not at all.
type byOrder struct{}

type orderKey struct{}

// about returns a context whose spans belong to an order's trace.
func about(ctx context.Context, ref mip.Ref) context.Context {
	if ref == (mip.Ref{}) {
		return ctx
	}
	return context.WithValue(ctx, orderKey{}, ref)
}

// NewIDs implements the SDK's IDGenerator.
func (g byOrder) NewIDs(ctx context.Context) (id trace.TraceID, span trace.SpanID) {
	if ref, ok := ctx.Value(orderKey{}).(mip.Ref); ok {
		sum := sha256.Sum256([]byte(ref.String()))
		copy(id[:], sum[:])
	} else {
		binary.NativeEndian.PutUint64(id[:8], rand.Uint64())
		binary.NativeEndian.PutUint64(id[8:], rand.Uint64()|1)
	}
	return id, g.NewSpanID(ctx, id)
}

// NewSpanID implements the SDK's IDGenerator.
func (byOrder) NewSpanID(context.Context, trace.TraceID) (span trace.SpanID) {
	binary.NativeEndian.PutUint64(span[:], rand.Uint64()|1)
	return span
}

// failed marks a span with the kind of an error. The error's text stays out.
func failed(span trace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, word(err))
	}
}
