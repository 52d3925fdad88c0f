package shopify

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// bucket is a [rest.Limiter] by cost: points that leak back at a rate which the
// shop itself tells with every answer. Before the first answer nothing waits.
type bucket struct {
	refusals rest.Limiter // for HTTP status 429
	front    rest.Slots   // held by whoever waits for points: costly queries are not overtaken for ever

	mu        sync.Mutex
	costs     map[string]int64 // points of the last query, by document
	available int64            // at the time At
	maximum   int64            // 0 = not told yet
	rate      int64            // points per second
	at        time.Time
}

func newBucket() *bucket {
	return &bucket{refusals: rest.NewBudgets(nil), front: make(rest.Slots, 1), costs: map[string]int64{}}
}

var _ rest.Limiter = (*bucket)(nil)

// Wait implements [rest.Limiter]: until there are points for a query that
// costs what its document cost last.
func (b *bucket) Wait(ctx context.Context, name string, within time.Duration) error {
	began := time.Now()
	if err := b.refusals.Wait(ctx, "shop", within); err != nil {
		return err
	}
	release, err := b.front.Take(ctx)
	if err != nil {
		return err
	}
	defer release()
	for {
		d := b.take(name)
		if d <= 0 {
			return nil
		}
		if d > within-time.Since(began) {
			return &mip.Error{Op: "shopify: rate limit", Kind: mip.ErrThrottled, RetryAfter: d, Err: errors.New("not enough points")}
		}
		if err := sleep(ctx, d); err != nil {
			return err
		}
	}
}

// Observe implements [rest.Limiter].
func (b *bucket) Observe(ctx context.Context, _ string, seen rest.Limits) {
	b.refusals.Observe(ctx, "shop", seen)
}

// take takes the points, or says how long they are missing.
func (b *bucket) take(name string) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.maximum == 0 {
		return 0
	}
	now := time.Now()
	cost, known := b.costs[name]
	for _, c := range b.costs { // what was never asked may be as costly as anything
		if !known {
			cost = max(cost, c)
		}
	}
	cost = min(cost, b.maximum)
	b.available, b.at = b.aged(now), now
	if b.available >= cost {
		b.available -= cost
		return 0
	}
	return b.until(cost)
}

func (b *bucket) aged(now time.Time) int64 {
	return min(b.maximum, b.available+b.rate*now.Sub(b.at).Milliseconds()/1000)
}

// until is how long it takes to have so many points.
func (b *bucket) until(cost int64) time.Duration {
	missing := max(min(cost, b.maximum)-b.available, 1)
	return time.Duration((missing*1000+b.rate-1)/b.rate) * time.Millisecond
}

// wireCost is what every answer tells of its cost.
type wireCost struct {
	Requested json.Number `json:"requestedQueryCost"`
	Status    struct {
		Maximum   json.Number `json:"maximumAvailable"`
		Available json.Number `json:"currentlyAvailable"`
		Rate      json.Number `json:"restoreRate"`
	} `json:"throttleStatus"`
}

// learn believes an answer, and returns how long the same query has to wait.
func (b *bucket) learn(name string, c wireCost) time.Duration {
	most, rate := points(c.Status.Maximum), points(c.Status.Rate)
	if most <= 0 || rate <= 0 {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.maximum, b.rate, b.available, b.at = most, rate, points(c.Status.Available), time.Now()
	if cost := points(c.Requested); cost > 0 {
		b.costs[name] = cost
	}
	if b.available >= b.costs[name] {
		return 0
	}
	return b.until(b.costs[name])
}

// points reads a number of points, written 1000 or 1000.0; fractions are cut.
func points(n json.Number) int64 {
	whole, _, _ := strings.Cut(n.String(), ".")
	v, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || v > 1<<40 {
		return 0
	}
	return v
}

// sleep waits for d, or returns [mip.ErrUnavailable] if ctx ends before.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return &mip.Error{Op: "shopify: wait", Kind: mip.ErrUnavailable, Err: ctx.Err()}
	}
}
