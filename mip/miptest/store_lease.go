package miptest

import (
	"context"
	"time"

	"github.com/openmip/openmip/mip"
)

func leaseChecks() []StoreCheck {
	return []StoreCheck{
		{"a lease that ended is taken over, and its holder fenced", "a worker that slept past its lease must not undo the work of the next", fencesTheLate},
		{"a lease nobody gave is a conflict", "a token from elsewhere must not end somebody's work", fencesTheForged},
		{"a newer effect survives the end of the one it replaced", "news that arrives during the work must be worked on too", newerSurvives},
		{"a newer effect waits for the holder of the one it replaced", "two workers must not do one thing of one order at a time", newerWaits},
		{"a newer effect is a new start", "tries and age of old work must not make new work give up", newerStartsAnew},
	}
}

// leaseCheck imports order 1 and leases its check until minute 10.
func leaseCheck(ctx context.Context, s mip.Store) (mip.Queue, mip.Lease, error) {
	q, err := queue(s)
	if err != nil {
		return nil, mip.Lease{}, err
	}
	if _, err := reach(ctx, s, plainFacts(shopRef(1)), start); err != nil {
		return nil, mip.Lease{}, err
	}
	ls, err := q.Lease(ctx, minute(1), minute(10), 9)
	if err != nil || len(ls) != 1 {
		return nil, mip.Lease{}, cannotLease(ls, err)
	}
	return q, ls[0], nil
}

func cannotLease(ls []mip.Lease, err error) error {
	var found breaches
	found.that(false, "want one lease, got %s, %v", show(ls), err)
	return found.err()
}

// replaceCheck makes the channel change order 1, which checks it anew.
func replaceCheck(ctx context.Context, s mip.Store, at, next time.Time) error {
	f := plainFacts(shopRef(1))
	f.Lines[0].Quantity = 3 + int(at.Sub(start)/time.Minute)
	f.UpdatedAt = at
	e := imported(f)
	e.Next = next
	_, err := s.Apply(ctx, f.Ref, e, at)
	return err
}

func fencesTheLate(ctx context.Context, s mip.Store) error {
	q, late, err := leaseCheck(ctx, s)
	if err != nil {
		return err
	}
	var found breaches
	none, err := q.Lease(ctx, minute(10).Add(-time.Microsecond), minute(20), 9)
	found.that(err == nil && len(none) == 0, "leased while under lease: %s, %v", show(none), err)
	ls, err := q.Lease(ctx, minute(10), minute(20), 9)
	if err != nil || len(ls) != 1 {
		return cannotLease(ls, err)
	}
	found.that(ls[0].Token != late.Token && ls[0].Tries == late.Tries && ls[0].Since.Equal(late.Since), "want the same work under a new token, got %s after %s", show(ls[0]), show(late))
	found.kind(q.Done(ctx, late), mip.ErrConflict, "done under a lost lease")
	found.kind(q.Later(ctx, late, minute(11)), mip.ErrConflict, "later under a lost lease")
	none, err = q.Lease(ctx, minute(11), minute(20), 9)
	found.that(err == nil && len(none) == 0, "a lost lease gave the effect back: %s, %v", show(none), err)
	found.kind(q.Done(ctx, ls[0]), nil, "done under the new lease")
	if err := replaceCheck(ctx, s, minute(12), minute(12)); err != nil {
		return err
	}
	again, err := q.Lease(ctx, minute(12), minute(30), 9)
	if err != nil || len(again) != 1 {
		return cannotLease(again, err)
	}
	found.kind(q.Done(ctx, late), mip.ErrConflict, "done of later work under a lease lost long ago")
	found.kind(q.Done(ctx, ls[0]), mip.ErrConflict, "done of later work under a lease used up")
	found.kind(q.Done(ctx, again[0]), nil, "done of the later work")
	return found.err()
}

func fencesTheForged(ctx context.Context, s mip.Store) error {
	q, l, err := leaseCheck(ctx, s)
	if err != nil {
		return err
	}
	if _, err := reach(ctx, s, plainFacts(shopRef(2)), minute(5)); err != nil {
		return err
	}
	var found breaches
	zero, other, kind, attempt, token := l, l, l, l, l
	zero.Token = 0
	other.Ref = shopRef(2)
	kind.Kind = mip.EffectSubmit
	attempt.Attempt = 7
	token.Token++
	for what, forged := range map[string]mip.Lease{"no token": zero, "another order": other, "another kind": kind, "another attempt": attempt, "another token": token, "nothing": {}} {
		found.kind(q.Done(ctx, forged), mip.ErrConflict, "done of a lease with "+what)
		found.kind(q.Later(ctx, forged, minute(2)), mip.ErrConflict, "later of a lease with "+what)
	}
	found.kind(q.Done(ctx, l), nil, "done of the lease itself")
	w, err := q.Waiting(ctx, shopRef(2))
	found.that(err == nil && len(w) == 1, "the other order lost its effect: %s, %v", show(w), err)
	return found.err()
}

func newerSurvives(ctx context.Context, s mip.Store) error {
	q, l, err := leaseCheck(ctx, s)
	if err != nil {
		return err
	}
	var found breaches
	if err := replaceCheck(ctx, s, minute(2), minute(3)); err != nil {
		return err
	}
	found.kind(q.Done(ctx, l), nil, "done of the one that was replaced")
	due, ok, err := q.NextDue(ctx)
	found.that(err == nil && ok && due.Equal(minute(3)), "the newer one is due at its own time, %s, got %s, %t, %v", minute(3), due, ok, err)
	ls, err := q.Lease(ctx, minute(3), minute(9), 9)
	if err != nil || len(ls) != 1 {
		return cannotLease(ls, err)
	}
	if err := replaceCheck(ctx, s, minute(4), minute(5)); err != nil {
		return err
	}
	found.kind(q.Later(ctx, ls[0], minute(50)), nil, "later of the one that was replaced")
	ls, err = q.Lease(ctx, minute(5), minute(9), 9)
	if err != nil || len(ls) != 1 {
		return cannotLease(ls, err)
	}
	found.that(ls[0].Due.Equal(minute(5)) && ls[0].Tries == 0, "later must leave the newer one as it is, got %s", show(ls[0]))
	found.kind(q.Done(ctx, ls[0]), nil, "done of the newer one")
	w, err := q.Waiting(ctx, shopRef(1))
	found.that(err == nil && len(w) == 0, "want nothing left, got %s, %v", show(w), err)
	return found.err()
}

func newerWaits(ctx context.Context, s mip.Store) error {
	q, l, err := leaseCheck(ctx, s) // until minute 10
	if err != nil {
		return err
	}
	var found breaches
	if err := replaceCheck(ctx, s, minute(2), minute(3)); err != nil {
		return err
	}
	w, err := q.Waiting(ctx, shopRef(1))
	found.that(err == nil && len(w) == 1 && w[0].Due.Equal(minute(3)), "want one effect, the newer, got %s, %v", show(w), err)
	ls, err := q.Lease(ctx, minute(4), minute(9), 9)
	found.that(err == nil && len(ls) == 0, "leased while its forerunner is being worked on: %s, %v", show(ls), err)
	due, ok, err := q.NextDue(ctx)
	found.that(err == nil && ok && due.Equal(minute(10)), "want the end of the lease as next due, got %s, %t, %v", due, ok, err)
	if err := replaceCheck(ctx, s, minute(5), minute(30)); err != nil {
		return err
	}
	due, ok, err = q.NextDue(ctx)
	found.that(err == nil && ok && due.Equal(minute(30)), "want the newer one's due time, after the lease, as next due, got %s, %t, %v", due, ok, err)
	ls, err = q.Lease(ctx, minute(11), minute(20), 9)
	found.that(err == nil && len(ls) == 0, "leased before it was due, because a lease ended: %s, %v", show(ls), err)
	ls, err = q.Lease(ctx, minute(30), minute(40), 9)
	if err != nil || len(ls) != 1 {
		return cannotLease(ls, err)
	}
	found.kind(q.Done(ctx, l), mip.ErrConflict, "done under the lost lease")
	found.kind(q.Done(ctx, ls[0]), nil, "done")
	return found.err()
}

func newerStartsAnew(ctx context.Context, s mip.Store) error {
	q, l, err := leaseCheck(ctx, s)
	if err != nil {
		return err
	}
	var found breaches
	found.kind(q.Later(ctx, l, minute(60)), nil, "later")
	if err := replaceCheck(ctx, s, minute(2), minute(3)); err != nil {
		return err
	}
	ls, err := q.Lease(ctx, minute(3), minute(9), 9)
	if err != nil || len(ls) != 1 {
		return cannotLease(ls, err)
	}
	found.that(ls[0].Tries == 0 && ls[0].Since.Equal(minute(2)) && ls[0].Due.Equal(minute(3)), "want no tries, since %s, due %s, got %s", minute(2), minute(3), show(ls[0]))
	return found.err()
}
