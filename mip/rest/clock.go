package rest

import (
	"net/http"
	"sync/atomic"
	"time"
)

// Clock is the other side's clock, as far as its answers tell it. The zero
// value is our own until something was learnt. It is safe for concurrent use.
type Clock struct {
	skew atomic.Int64 // theirs less ours
	told atomic.Bool
}

// See learns that their clock has just shown at. What is more than a month off
// is no clock.
func (c *Clock) See(at time.Time) {
	if skew := time.Until(at); skew.Abs() < 30*24*time.Hour {
		c.skew.Store(int64(skew))
		c.told.Store(true)
	}
}

// Read learns from the Date of an answer. It has whole seconds, so that their
// time is never overestimated.
func (c *Clock) Read(h http.Header) {
	if at, err := http.ParseTime(h.Get("Date")); err == nil {
		c.See(at)
	}
}

// Told reports whether anything was learnt.
func (c *Clock) Told() bool { return c.told.Load() }

// Now is what their clock shows, in UTC.
func (c *Clock) Now() time.Time { return c.At(time.Now()) }

// At is what their clock showed at a time of ours, if it always went as it goes
// now, in UTC.
func (c *Clock) At(ours time.Time) time.Time { return ours.UTC().Add(time.Duration(c.skew.Load())) }
