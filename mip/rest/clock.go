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
}

// See learns that their clock has just shown at. What is more than a month off
// is no clock.
func (c *Clock) See(at time.Time) {
	if skew := time.Until(at); skew.Abs() < 30*24*time.Hour {
		c.skew.Store(int64(skew))
	}
}

// Read learns from the Date of an answer. It has whole seconds, so that their
// time is never overestimated.
func (c *Clock) Read(h http.Header) {
	if at, err := http.ParseTime(h.Get("Date")); err == nil {
		c.See(at)
	}
}

// Now is what their clock shows, in UTC.
func (c *Clock) Now() time.Time { return time.Now().UTC().Add(time.Duration(c.skew.Load())) }
