package miptest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/stretchr/testify/require"
)

// StoreCheck is one promise that every store keeps.
type StoreCheck struct {
	Name string // the promise, as a sentence
	Why  string // what goes wrong where it is broken
	// Run tries it on an empty store of its own and describes every breach it
	// finds. A check of the outbox returns [errors.ErrUnsupported] for a store
	// that is no [mip.Queue], one of the inbox for one that is no [mip.Inbox].
	// Synthetic orders only; no clock, no wait.
	Run func(ctx context.Context, s mip.Store) error
}

// StoreChecks returns every check, in the order in which to read them.
func StoreChecks() []StoreCheck {
	return slices.Concat(applyChecks(), raceChecks(), listChecks(), cursorChecks(), ledgerChecks(), queueChecks(), leaseChecks(), inboxChecks())
}

// TestStore runs every check as a subtest on a store of its own, which open
// returns empty. open closes it through [testing.TB.Cleanup]. Checks of the
// outbox and the inbox are skipped, with that reason, for a store that is no
// [mip.Queue] or no [mip.Inbox]. Run it with the race detector.
func TestStore(t *testing.T, open func(t testing.TB) mip.Store) {
	t.Helper()
	for _, c := range StoreChecks() {
		t.Run(c.Name, func(t *testing.T) {
			err := c.Run(t.Context(), open(t))
			if errors.Is(err, errors.ErrUnsupported) {
				t.Skip(err)
			}
			require.NoError(t, err, "the rule: %s\nbecause %s", c.Name, c.Why)
		})
	}
}

// queue returns the outbox of a store.
func queue(s mip.Store) (mip.Queue, error) {
	q, ok := s.(mip.Queue)
	if !ok {
		return nil, fmt.Errorf("the store is no mip.Queue: %w", errors.ErrUnsupported)
	}
	return q, nil
}

// start is when every check begins; minute n is n minutes later. Times have
// whole microseconds, since not every database keeps more.
var start = time.Date(2026, 3, 1, 10, 0, 0, 123_456_000, time.UTC)

func minute(n int) time.Time { return start.Add(time.Duration(n) * time.Minute) }

// breaches collects what a check found.
type breaches []error

// that notes a breach unless ok.
func (b *breaches) that(ok bool, format string, args ...any) bool {
	if !ok {
		*b = append(*b, fmt.Errorf(format, args...))
	}
	return ok
}

// kind notes a breach unless err wraps want; nil wants no error.
func (b *breaches) kind(err, want error, what string) bool {
	if want == nil {
		return b.that(err == nil, "%s: want no error, got %v", what, err)
	}
	return b.that(errors.Is(err, want), "%s: want the error %q, got %v", what, want, err)
}

func (b *breaches) err() error { return errors.Join(*b...) }
