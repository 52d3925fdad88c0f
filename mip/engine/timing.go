package engine

import (
	"time"

	"github.com/openmip/openmip/mip"
)

// Timing holds the engine's patience. Zero fields take the defaults named.
type Timing struct {
	// Call bounds one call to the supplier or a channel. Default 60 s
	// (BigBuy: answers after a minute happen).
	Call time.Duration
	// Lease is how long one effect may run before another worker takes it
	// over. Default 3 min; at least twice Call.
	Lease time.Duration
	// Leave is how long effects under way may go on once Run's context has
	// ended. Default Call: enough for every call that was begun.
	Leave time.Duration
	// Grace is the wait before the first look after a lost answer: the
	// supplier may still be committing. Default 30 s.
	Grace time.Duration
	// AbsentAfter is how long after an answer was lost "not there" starts to
	// count; two such answers in a row are needed as well. Default 2 min; at
	// least twice Call, so that the call has ended before its absence counts.
	AbsentAfter time.Duration
	// Abreast is how many purchases, and how many checks, Run has under way at
	// once. Default 3 (BigBuy: a call each second, answers after up to two).
	Abreast int
	// Looks is how many look-ups are made before a person is asked. Default 12.
	Looks int
	// Attempts bounds how often one order is tried again by itself after
	// attempts that proved not to have arrived. Default 5.
	Attempts int
	// Track is the shortest wait between two questions for tracking; it grows
	// with the order's age up to twelve times. Up to a sixth is added so that
	// many are asked about together. Default 30 min.
	Track time.Duration
	// TrackBatch is how many placements one question may name. Default 50.
	TrackBatch int
	// Link is the wait between two look-ups of an order placed by hand, and
	// LinkFor how long they go on. Defaults 15 min and 14 days.
	Link, LinkFor time.Duration
	// TrackingNumber is how long "shipped" is kept from the channel while no
	// tracking number is known. Default 3 h.
	TrackingNumber time.Duration
	// Purse is the wait between two looks at the balance while orders wait
	// for money: a top-up is noticed so soon. Default 5 s
	// (BigBuy allows one look per second).
	Purse time.Duration
	// Reconcile is the wait between two looks while none waits. Default 1 h.
	Reconcile time.Duration
	// PayWithin is how long an order that the supplier has created may await
	// payment before a person is called. Default 24 h.
	PayWithin time.Duration
	// ReadyFor is how long a payment that was approved is kept for an order
	// that something else holds; then it is given back. Default 3 days.
	ReadyFor time.Duration
	// Retry is the policy for everything that may simply be repeated.
	// Default [mip.DefaultBackoff], also for waits that are not set.
	Retry mip.Backoff
	// CheckTries is how many failing checks make an order say that the
	// supplier is unavailable. Default 3.
	CheckTries int
}

func (t Timing) withDefaults() Timing {
	set := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	num := func(n *int, v int) {
		if *n <= 0 {
			*n = v
		}
	}
	set(&t.Call, time.Minute)
	set(&t.Lease, 3*t.Call)
	t.Lease = max(t.Lease, 2*t.Call)
	set(&t.Leave, t.Call)
	set(&t.Grace, 30*time.Second)
	set(&t.AbsentAfter, 2*time.Minute)
	t.AbsentAfter = max(t.AbsentAfter, 2*t.Call)
	set(&t.Track, 30*time.Minute)
	set(&t.Link, 15*time.Minute)
	set(&t.LinkFor, 14*24*time.Hour)
	set(&t.TrackingNumber, 3*time.Hour)
	set(&t.Purse, 5*time.Second)
	set(&t.Reconcile, time.Hour)
	set(&t.PayWithin, 24*time.Hour)
	set(&t.ReadyFor, 72*time.Hour)
	num(&t.Abreast, 3)
	num(&t.Looks, 12)
	num(&t.Attempts, 5)
	num(&t.TrackBatch, 50)
	num(&t.CheckTries, 3)
	if t.Retry == (mip.Backoff{}) {
		t.Retry = mip.DefaultBackoff
	}
	set(&t.Retry.First, mip.DefaultBackoff.First)
	set(&t.Retry.Max, max(mip.DefaultBackoff.Max, t.Retry.First))
	return t
}

// nextTrack slows down with age: the base for a day, then 2, 4 and 12 times.
func (t Timing) nextTrack(at, since time.Time) time.Time {
	factor := time.Duration(12)
	switch age := at.Sub(since); {
	case age < 24*time.Hour:
		factor = 1
	case age < 4*24*time.Hour:
		factor = 2
	case age < 14*24*time.Hour:
		factor = 4
	}
	return t.together(at.Add(factor * t.Track))
}

// together moves a question for tracking on to the next of the times, a sixth
// of [Timing.Track] apart, at which all are asked that fall between two of
// them: one call then serves many orders, although they were bought one each
// second.
func (t Timing) together(at time.Time) time.Time {
	if span := t.Track / 6; span > 0 {
		return at.Add(span - 1).Truncate(span)
	}
	return at
}
