package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
)

// snapshot is how things stood when the daemon last looked.
type snapshot struct {
	mu       sync.Mutex
	states   map[mip.State]int
	held     map[string]int
	forecast engine.Forecast // its amounts without a currency are not known
	webhooks map[string]map[string]int
	ready    bool
}

// watch looks at the orders and at the purse again and again, so that a scrape
// costs nothing and a supplier that is down is noticed while there is nothing
// to buy. The purse is asked as often as its cache allows.
func (p *parts) watch(ctx context.Context, s *opened, t *telemetry, every time.Duration) {
	for ctx.Err() == nil {
		p.look(ctx, s, t)
		pause := time.NewTimer(every)
		select {
		case <-ctx.Done():
		case <-pause.C:
		}
		pause.Stop()
	}
}

func (p *parts) look(ctx context.Context, s *opened, t *telemetry) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	states, err := s.Counts(ctx)
	held := map[string]int{}
	for o, e := range s.Orders(ctx, mip.Query{States: []mip.State{mip.StatePendingReview}}) {
		if e != nil {
			err = errors.Join(err, e)
			break
		}
		for _, code := range mip.Codes(o.Holding()) {
			held[code]++
		}
	}
	t.health.saw("store", mip.KindOf(err))
	forecast, unknown := p.engine.Forecast(ctx)
	if unknown != nil && ctx.Err() == nil {
		t.log.DebugContext(ctx, "the purse is not known", "error", unknown.Error())
	}
	ready := len(t.health.complaints()) == 0
	t.latest.mu.Lock()
	defer t.latest.mu.Unlock()
	if err == nil {
		t.latest.states, t.latest.held = states, held
	}
	t.latest.forecast, t.latest.ready = forecast, ready
	t.latest.webhooks = p.deliveries()
}

// deliveries are the counts of the webhooks by shop.
func (p *parts) deliveries() map[string]map[string]int {
	out := map[string]map[string]int{}
	if p.hooks == nil {
		return out
	}
	for shop, s := range p.hooks.Stats() {
		out[shop] = map[string]int{"stored": s.Stored, "repeated": s.Repeated, "ignored": s.Ignored, "unauthorized": s.Unauthorized,
			"unreadable": s.Unreadable, "throttled": s.Throttled, "not_stored": s.NotStored, "handled": s.Handled, "failed": s.Failed,
			"given_up": s.GivenUp, "only_polled": s.OnlyPolled}
	}
	return out
}

// gauges shows the snapshot.
func (t *telemetry) gauges(m metric.Meter) error {
	var errs []error
	whole := func(name, what string) metric.Int64ObservableGauge {
		g, err := m.Int64ObservableGauge(name, metric.WithDescription(what))
		errs = append(errs, err)
		return g
	}
	money := func(name, what string) metric.Float64ObservableGauge {
		g, err := m.Float64ObservableGauge(name, metric.WithDescription(what))
		errs = append(errs, err)
		return g
	}
	orders := whole("openmip.orders", "Orders by state.")
	held := whole("openmip.orders.held", "Orders in pending review, by what holds them.")
	ready := whole("openmip.ready", "1 if /readyz was green at the last look.")
	available := money("openmip.purse.available", "What the first way to pay can still reserve.")
	reserved := money("openmip.purse.reserved", "What is reserved with the first way to pay.")
	needed := money("openmip.purse.needed", "What orders that wait for money cost.")
	missing := money("openmip.purse.missing", "What they cost more than there is.")
	webhooks, err := m.Int64ObservableCounter("openmip.webhooks", metric.WithDescription("Deliveries of shops, by what became of them."))
	errs = append(errs, err)
	if err := errors.Join(errs...); err != nil {
		return err
	}
	_, err = m.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		t.latest.mu.Lock()
		defer t.latest.mu.Unlock()
		s := &t.latest
		for _, state := range mip.States() {
			if s.states != nil {
				o.ObserveInt64(orders, int64(s.states[state]), metric.WithAttributes(attribute.String("state", string(state))))
			}
		}
		for code, n := range s.held {
			o.ObserveInt64(held, int64(n), metric.WithAttributes(attribute.String("code", code)))
		}
		for shop, results := range s.webhooks {
			for result, n := range results {
				o.ObserveInt64(webhooks, int64(n), metric.WithAttributes(attribute.String("account", shop), attribute.String("result", result)))
			}
		}
		for g, m := range map[metric.Float64ObservableGauge]mip.Money{available: s.forecast.Available, reserved: s.forecast.Reserved, needed: s.forecast.Needed, missing: s.forecast.Missing} {
			if m.Currency() != "" {
				o.ObserveFloat64(g, m.Amount().InexactFloat64(), metric.WithAttributes(attribute.String("currency", m.Currency())))
			}
		}
		o.ObserveInt64(ready, map[bool]int64{true: 1}[s.ready])
		return nil
	}, orders, held, ready, available, reserved, needed, missing, webhooks)
	return err
}
