package bigbuytest

import (
	"net/http"
	"strconv"
	"time"
)

// limit is a number of calls per period; the zero value is no limit.
type limit struct {
	calls  int
	period time.Duration
}

// window is a running fixed window of one route.
type window struct {
	calls int
	until time.Time
}

// allow counts a call of the route and returns the limit headers. A window
// begins with its first call and lasts its period (see [Switches.Hurry]); calls above the limit are
// refused and do not push its end out. Reset is in Unix seconds, rounded up,
// so that waiting for it is always enough.
func (s *Server) allow(e *endpoint, now time.Time) (http.Header, bool) {
	if e.limit.calls == 0 || s.sw.NoLimits {
		return nil, true
	}
	w := s.windows[e.route]
	if !now.Before(w.until) {
		w = window{until: now.Add(e.limit.period / time.Duration(max(s.sw.Hurry, 1)))}
	}
	w.calls++
	s.windows[e.route] = w
	reset := w.until.Unix()
	if w.until.Nanosecond() > 0 {
		reset++
	}
	h := http.Header{}
	h.Set("X-RateLimit-Limit", strconv.Itoa(e.limit.calls))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(max(0, e.limit.calls-w.calls)))
	h.Set("X-RateLimit-Reset", strconv.FormatInt(reset, 10))
	return h, w.calls <= e.limit.calls
}
