package postgres

import (
	"context"
	"time"

	"github.com/openmip/openmip/mip"
)

// What a Run does with the database besides the methods that are exported.

// Mend is what the sweep does first.
func (s *Store) Mend(ctx context.Context, at time.Time) error { return s.mend(ctx, at) }

// Take takes a duty.
func (s *Store) Take(ctx context.Context, name, holder string, term time.Duration) (bool, error) {
	return s.take(ctx, name, holder, term)
}

// Leave gives a duty up.
func (s *Store) Leave(ctx context.Context, name, holder string) error {
	return s.leave(ctx, name, holder)
}

// Claim leases what the job of an effect names that a version of its order
// brought.
func (s *Store) Claim(ctx context.Context, account string, e mip.Effect, version int, now time.Time) (mip.Lease, error) {
	l, _, err := s.claim(ctx, jobArgs{Account: account, Channel: e.Ref.Channel, ID: e.Ref.ID, Effect: e.Kind, Attempt: e.Attempt, Seq: numberOf(version)}, now, now.Add(time.Hour))
	return l, err
}
