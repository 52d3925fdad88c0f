package rest

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
)

// Limiter keeps a vendor's rate limits. A [Client] asks before every single
// try and tells what every answer said. [Budgets] is the one for a process
// that has the account to itself; several processes need one that they share.
// Implementations are safe for concurrent use.
type Limiter interface {
	// Wait returns when a call of this budget may leave, at once or later. If
	// that would take longer than within it takes nothing and returns
	// [mip.ErrThrottled] with RetryAfter; if ctx ends, [mip.ErrUnavailable].
	Wait(ctx context.Context, budget string, within time.Duration) error
	// Observe tells what an answer said. After a refusal nothing of this
	// budget leaves before the reset.
	Observe(ctx context.Context, budget string, seen Limits)
}

// Budget is one fixed window: the window opens with its first call, and
// closes after Per.
type Budget struct {
	Calls int // per window; 0 = not limited, except by refusals
	Per   time.Duration
	// Margin is kept after each window, because calls do not all take equally
	// long to arrive; 0 = a hundredth of Per, at most a second. It grows by
	// itself for a while after a refusal.
	Margin time.Duration
}

// Budgets is a [Limiter] in the memory of one process. A token bucket would
// let twice the limit through around the edge of a fixed window, so it counts
// windows.
type Budgets struct {
	mu   sync.Mutex
	plan map[string]Budget
	open map[string]*window
}

var _ Limiter = (*Budgets)(nil)

// NewBudgets returns the limiter for a plan by budget name. The name "" is
// shared by all that are not in the plan; without it they are limited by
// refusals only, each for itself.
func NewBudgets(plan map[string]Budget) *Budgets {
	b := &Budgets{plan: make(map[string]Budget, len(plan)), open: map[string]*window{}}
	for name, budget := range plan {
		if budget.Margin == 0 {
			budget.Margin = min(budget.Per/100, time.Second)
		}
		b.plan[name] = budget
	}
	return b
}

// Wait implements [Limiter]. Calls leave in the order in which they asked,
// except after a refusal, when those waiting ask again.
func (b *Budgets) Wait(ctx context.Context, budget string, within time.Duration) error {
	for {
		if err := ctx.Err(); err != nil {
			return &mip.Error{Op: "rate limit", Kind: mip.ErrUnavailable, Err: err}
		}
		w, turn, d, err := b.take(budget, within)
		if err != nil || d <= 0 {
			return err
		}
		if !sleep(ctx, d) {
			continue
		}
		if b.still(w, turn) {
			return nil
		}
		within -= d
	}
}

// Observe implements [Limiter].
func (b *Budgets) Observe(_ context.Context, budget string, seen Limits) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.window(budget).observe(time.Now(), seen)
}

func (b *Budgets) take(budget string, within time.Duration) (*window, int, time.Duration, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	w := b.window(budget)
	now := time.Now()
	start, used := w.next(now)
	d := max(start.Sub(now), 0)
	if d > max(within, 0) {
		return nil, 0, 0, &mip.Error{Op: "rate limit", Kind: mip.ErrThrottled, RetryAfter: d, Err: errors.New("no call left in time")}
	}
	w.start, w.used = start, used+1
	return w, w.refusals, d, nil
}

// still reports whether a turn taken before sleeping is still good.
func (b *Budgets) still(w *window, turn int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return w.refusals == turn
}

func (b *Budgets) window(budget string) *window {
	plan, ok := b.plan[budget]
	if !ok {
		if plan, ok = b.plan[""]; ok {
			budget = ""
		}
	}
	if b.open[budget] == nil {
		b.open[budget] = &window{Budget: plan}
	}
	return b.open[budget]
}

// sleep waits for d and reports whether ctx lasted as long.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
