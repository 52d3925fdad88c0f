package channels

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
)

// WebhookStats counts what happened to one channel's deliveries since the
// handler was made.
type WebhookStats struct {
	Stored       int // new ones
	Repeated     int // known already
	Ignored      int // acknowledged, naming no order: pings, other topics
	Unauthorized int // wrongly signed
	Unreadable   int // rightly signed, not understood
	Incomplete   int // too long, too slow or broken off
	Throttled    int // too many at once
	NotStored    int // the inbox failed; the sender shall repeat them
	Handled      int // orders fetched and ingested
	Failed       int // tries that failed
	GivenUp      int // left to polling
	OnlyPolled   int // new orders that no delivery named

	Last time.Time // when the last delivery that was rightly signed came
}

// ledger keeps stats. The zero value is ready.
type ledger struct {
	mu sync.Mutex
	WebhookStats
}

func (l *ledger) add(f func(*WebhookStats)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f(&l.WebhookStats)
}

// Stats returns the counts by channel.
func (w *Webhooks) Stats() map[string]WebhookStats {
	out := map[string]WebhookStats{}
	for name, l := range w.lanes {
		l.stats.add(func(s *WebhookStats) { out[name] = *s })
	}
	return out
}

// pushed marks the contexts in which Ingest is called for a delivery.
type pushed struct{}

// Arrived is told of every change of state, as the engine's hook Transition
// tells it with the context of the Ingest, and picks the first one of each
// order: one that did not come through a delivery was found by polling. If no
// delivery names it within Grace, the hook OnlyPolled hears of it. Orders found
// within Grace of the beginning of [Webhooks.Run] do not count: a first reading
// brings old ones. Deliveries that another process took are not known here:
// where several share the work, an order may be told of that one of them heard
// of.
func (w *Webhooks) Arrived(ctx context.Context, ref mip.Ref, c mip.Change) {
	if c.From != "" || ctx.Value(pushed{}) != nil || w.lanes[ref.Channel] == nil {
		return
	}
	w.polled.found(ref, w.now(), w.config.Grace)
}

// arrivals are orders that polling found before any delivery named them, and
// those that deliveries named, at most ten thousand of each.
type arrivals struct {
	mu    sync.Mutex
	began time.Time
	open  map[mip.Ref]time.Time
	heard map[mip.Ref]time.Time
}

func (a *arrivals) begin(now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.began = now
}

func (a *arrivals) found(ref mip.Ref, now time.Time, grace time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, heard := a.heard[ref]; !heard && now.Sub(a.began) >= grace && len(a.open) < 10_000 {
		a.open[ref] = now
	}
}

func (a *arrivals) named(refs []mip.Ref, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, ref := range refs {
		delete(a.open, ref)
		if len(a.heard) < 10_000 {
			a.heard[ref] = now
		}
	}
}

// overdue takes out those found before a time.
func (a *arrivals) overdue(before time.Time) []mip.Ref {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []mip.Ref
	for ref, at := range a.open {
		if !at.After(before) {
			out = append(out, ref)
			delete(a.open, ref)
		}
	}
	maps.DeleteFunc(a.heard, func(_ mip.Ref, at time.Time) bool { return !at.After(before) })
	return out
}
