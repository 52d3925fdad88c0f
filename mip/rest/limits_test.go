package rest_test

import (
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/mip/rest"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 500_000_000, time.UTC)
	unix := func(d time.Duration) string { return strconv.FormatInt(now.Add(d).Unix(), 10) }
	tests := []struct {
		name, value, date string
		want              time.Duration
	}{
		{"seconds", "30", "", 30 * time.Second},
		{"seconds with a fraction", "1.5", "", 1500 * time.Millisecond},
		{"an HTTP date counts to the end of its second", "Fri, 02 Jan 2026 03:04:10 GMT", "", 5500 * time.Millisecond},
		{"Unix seconds count to the end of their second", unix(10 * time.Second), "", 10500 * time.Millisecond},
		{"Unix milliseconds", strconv.FormatInt(now.Add(10*time.Second).UnixMilli(), 10), "", 10 * time.Second},
		{"the answer's own date beats a wrong clock", "Fri, 02 Jan 2026 09:00:10 GMT", "Fri, 02 Jan 2026 09:00:00 GMT", 11 * time.Second},
		{"the past is nothing", "Fri, 02 Jan 2026 03:00:00 GMT", "", 0},
		{"a negative number is nothing", "-5", "", 0},
		{"garbage is nothing", "soon", "", 0},
		{"not a number is nothing", "NaN", "", 0},
		{"an absurd number is an hour", "899999999", "", time.Hour},
		{"infinity is nothing", "1e999", "", 0},
		{"an absurd instant is an hour", "99999999999999999999", "", time.Hour},
		{"nothing is nothing", "", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := http.Header{"Retry-After": {tt.value}}
			if tt.date != "" {
				h.Set("Date", tt.date)
			}
			assert.Equal(t, tt.want, rest.RetryAfter(h, now))
		})
	}
}

func TestAnInstantInABubbleIsNoWaitOfAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		h := http.Header{"Retry-After": {strconv.FormatInt(now.Add(5*time.Second).Unix(), 10)}}
		assert.Equal(t, 6*time.Second, rest.RetryAfter(h, now))
	})
}

func TestReadLimits(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	for _, family := range []string{"X-RateLimit-", "X-Ratelimit-", "RateLimit-", "X-Rate-Limit-"} {
		t.Run("the family "+family+" is read", func(t *testing.T) {
			h := http.Header{}
			h.Set(family+"Limit", "10")
			h.Set(family+"Remaining", "0")
			h.Set(family+"Reset", "1800000060")
			l := rest.ReadLimits(rest.Response{Status: 429, Header: h}, now)
			assert.Equal(t, rest.Limits{Throttled: true, Limit: 10, Remaining: 0, Wait: 61 * time.Second}, l)
		})
	}
	t.Run("no headers say nothing", func(t *testing.T) {
		assert.Equal(t, rest.Limits{Limit: -1, Remaining: -1}, rest.ReadLimits(rest.Response{Status: 200}, now))
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"1", "-1", "1e9", "Fri, 02 Jan 2026 03:04:10 GMT", "9223372036854775807", "0x1p62"} {
		f.Add(s, s)
	}
	now := time.Unix(1_800_000_000, 0)
	f.Fuzz(func(t *testing.T, value, date string) {
		d := rest.RetryAfter(http.Header{"Retry-After": {value}, "Date": {date}}, now)
		if d < 0 || d > time.Hour {
			t.Fatalf("%v from %q", d, value)
		}
	})
}
