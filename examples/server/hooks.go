package main

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
)

// hooks count what the engine tells, and log what a person should read. What
// the engine logs itself (transitions, failures, drifts) is not logged twice.
func (t *telemetry) hooks() engine.Hooks {
	return engine.Hooks{
		Transition: t.moved,
		Failure:    t.failed,
		Approve: func(ctx context.Context, ref mip.Ref, p mip.PendingPayment) { // the address is for the payer alone
			t.log.InfoContext(ctx, "a payment waits", "order", ref.String(), "for", p.Reason, "until", p.Until)
		},
		Noticed: func(ctx context.Context, ref mip.Ref, codes []string) {
			t.log.WarnContext(ctx, "notice", "order", ref.String(), "codes", codes)
		},
		WalletLow: func(ctx context.Context, available, needed mip.Money) {
			t.log.WarnContext(ctx, "orders wait for money", "available", available.String(), "needed", needed.String())
		},
		BalanceLow: func(ctx context.Context, available mip.Money) {
			t.log.WarnContext(ctx, "the balance is low", "available", available.String())
		},
		Drift: func(ctx context.Context, payment string, s mip.Statement) {
			t.drifts.Add(ctx, 1, metric.WithAttributes(attribute.String("payment", payment), attribute.String("direction", string(s.Drift))))
		},
	}
}

func (t *telemetry) moved(ctx context.Context, ref mip.Ref, c mip.Change) {
	from := or(string(c.From), "new")
	t.transitions.Add(ctx, 1, metric.WithAttributes(
		attribute.String("from", from), attribute.String("to", string(c.To)), attribute.String("event", string(c.Event))))
	_, span := t.tracer.Start(about(ctx, ref), "order "+string(c.To), trace.WithTimestamp(c.At), trace.WithAttributes(
		attribute.String("openmip.order", ref.String()), attribute.String("openmip.from", from), attribute.String("openmip.to", string(c.To)),
		attribute.String("openmip.event", string(c.Event)), attribute.StringSlice("openmip.codes", c.Codes),
		attribute.Int("openmip.attempt", c.Attempt), attribute.Int("openmip.version", c.Version)))
	span.End(trace.WithTimestamp(c.At))
}

// failed counts a failure and adds it to the order's trace.
func (t *telemetry) failed(ctx context.Context, ref mip.Ref, err error) {
	t.failures.Add(ctx, 1, metric.WithAttributes(attribute.String("kind", word(err))))
	about := about(ctx, ref)
	attributes := []attribute.KeyValue{attribute.String("openmip.kind", word(err))}
	if ref != (mip.Ref{}) {
		attributes = append(attributes, attribute.String("openmip.order", ref.String()))
	}
	if e, ok := errors.AsType[*mip.Error](err); ok {
		attributes = append(attributes, attribute.String("openmip.operation", e.Op), attribute.String("openmip.code", e.Code))
	}
	_, span := t.tracer.Start(about, "failure", trace.WithAttributes(attributes...))
	failed(span, err)
	span.End()
}
