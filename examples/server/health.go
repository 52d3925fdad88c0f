package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
)

// health judges by what happened whether the daemon does its work. An account
// is ill when its calls have failed for a while without one that went through,
// or when it was not called at all for too long although it should have been.
type health struct {
	red time.Duration
	now func() time.Time

	mu       sync.Mutex
	accounts map[string]*vital
	stopping bool
}

// vital is what is known of one account.
type vital struct {
	ok      time.Time     // the last success, or the beginning
	failing time.Time     // since then only failures; zero = it works
	kind    error         // of the last failure
	within  time.Duration // successes are due so often; 0 = whenever there is work
}

func newHealth(red time.Duration) *health {
	return &health{red: red, now: time.Now, accounts: map[string]*vital{}}
}

// expect says that an account is called by itself: without a success within
// the time it is ill.
func (h *health) expect(account string, within time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.of(account).within = within
}

func (h *health) of(account string) *vital {
	v := h.accounts[account]
	if v == nil {
		v = &vital{ok: h.now()}
		h.accounts[account] = v
	}
	return v
}

// saw takes note of one call. That somebody refused something is an answer.
func (h *health) saw(account string, kind error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	v := h.of(account)
	switch {
	case errors.Is(kind, mip.ErrThrottled): // says neither
	case errors.Is(kind, mip.ErrUnknown), errors.Is(kind, mip.ErrUnavailable), errors.Is(kind, mip.ErrUnauthorized), errors.Is(kind, mip.ErrContract):
		v.kind = kind
		if v.failing.IsZero() {
			v.failing = h.now()
		}
	default:
		v.ok, v.failing = h.now(), time.Time{}
	}
}

// stop makes the daemon not ready for good.
func (h *health) stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stopping = true
}

// complaint is one reason for not being ready.
type complaint struct {
	What  string    `json:"what"` // an account, "store" or "daemon"
	Why   string    `json:"why"`
	Since time.Time `json:"since,omitzero"`
}

// complaints are all reasons known from calls, by account.
func (h *health) complaints() []complaint {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []complaint
	if h.stopping {
		out = append(out, complaint{What: "daemon", Why: "it is stopping"})
	}
	now := h.now()
	for _, name := range slices.Sorted(maps.Keys(h.accounts)) {
		v := h.accounts[name]
		overdue := v.within > 0 && now.Sub(v.ok) >= v.within
		switch {
		case !v.failing.IsZero() && (overdue || now.Sub(v.failing) >= h.red):
			out = append(out, complaint{name, "every call fails: " + word(v.kind), v.failing.UTC()})
		case overdue:
			out = append(out, complaint{name, fmt.Sprintf("no success for more than %s", v.within), v.ok.UTC()})
		}
	}
	return out
}

// patience is how old the last success of something that happens every so
// often may be.
func (h *health) patience(every time.Duration) time.Duration {
	return max(h.red, 3*cmp.Or(every, time.Minute))
}
