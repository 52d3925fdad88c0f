package rest

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxAsked caps what the other side can ask for: coming back too early costs
// one more refusal, a wrong header must not cost a day.
const maxAsked = time.Hour

// Limits is what an answer says about its rate limit.
type Limits struct {
	Throttled bool          // it was refused for its rate (429)
	Limit     int           // calls per window; −1 = not said
	Remaining int           // calls left in the window; −1 = not said
	Wait      time.Duration // until the window ends or the call may come again; 0 = not said
}

// ReadLimits reads the rate limit headers of an answer that came at now:
// Retry-After and the X-RateLimit-*, X-Rate-Limit-* and RateLimit-* families.
func ReadLimits(r Response, now time.Time) Limits {
	l := Limits{
		Throttled: r.Status == http.StatusTooManyRequests,
		Limit:     count(r.Header, "Limit"),
		Remaining: count(r.Header, "Remaining"),
		Wait:      RetryAfter(r.Header, now),
	}
	if l.Wait == 0 {
		l.Wait = wait(limitHeader(r.Header, "Reset"), r.Header, now)
	}
	return l
}

// RetryAfter reads the Retry-After header of an answer that came at now:
// seconds (whole or not), an HTTP date, or the time as Unix seconds or
// milliseconds. An instant is compared with the answer's own Date where there
// is one, so that a wrong clock here does no harm, and counts as the end of
// its second. Garbage and the past give 0, and nothing gives more than an hour.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	return wait(h.Get("Retry-After"), h, now)
}

func wait(value string, h http.Header, now time.Time) time.Duration {
	if value = strings.TrimSpace(value); value == "" {
		return 0
	}
	now = serverNow(h, now)
	if at, err := http.ParseTime(value); err == nil {
		return capped(at.Add(time.Second).Sub(now))
	}
	n, err := strconv.ParseFloat(value, 64)
	switch {
	case err != nil || math.IsNaN(n) || n <= 0:
		return 0
	case n >= 1e11:
		return capped(time.UnixMilli(int64(min(n, 1e14))).Sub(now))
	case n >= 9e8: // the clock of a testing/synctest bubble begins in 2000
		return capped(time.Unix(int64(n)+1, 0).Sub(now))
	}
	return capped(time.Duration(min(n, maxAsked.Seconds()) * float64(time.Second)))
}

func capped(d time.Duration) time.Duration { return min(max(d, 0), maxAsked) }

// serverNow is the answer's Date, if it has a credible one.
func serverNow(h http.Header, now time.Time) time.Time {
	date := h.Get("Date")
	if date == "" {
		return now
	}
	if at, err := http.ParseTime(date); err == nil && at.Year() >= 2020 {
		return at
	}
	return now
}

func count(h http.Header, what string) int {
	value := limitHeader(h, what)
	if value == "" {
		return -1
	}
	n, err := strconv.Atoi(strings.TrimSpace(value))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// limitHeader spells the names as package net/http does.
func limitHeader(h http.Header, what string) string {
	for _, family := range []string{"X-Ratelimit-", "X-Rate-Limit-", "Ratelimit-"} {
		if v := h.Get(family + what); v != "" {
			return v
		}
	}
	return ""
}
