package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/mip"
)

func TestHealthJudgesByWhatHappened(t *testing.T) {
	type call struct {
		after time.Duration
		kind  error
	}
	const red = 10 * time.Minute
	for name, c := range map[string]struct {
		within time.Duration
		calls  []call
		rest   time.Duration // until somebody asks
		want   string
	}{
		"nothing happened, nothing is due":     {rest: 24 * time.Hour},
		"a failure, a moment ago":              {calls: []call{{0, mip.ErrUnavailable}}, rest: red - 1},
		"a failure, for long the last word":    {calls: []call{{0, mip.ErrUnavailable}}, rest: red, want: "every call fails: unavailable"},
		"failures count from the first":        {calls: []call{{0, mip.ErrUnknown}, {red, mip.ErrUnauthorized}}, want: "every call fails: unauthorized"},
		"a success between ends it":            {calls: []call{{0, mip.ErrUnavailable}, {red / 2, nil}, {1, mip.ErrUnavailable}}, rest: red / 2},
		"a refusal is an answer":               {calls: []call{{0, mip.ErrUnavailable}, {1, mip.ErrRefused}}, rest: red},
		"a throttled call says neither":        {calls: []call{{0, mip.ErrUnavailable}, {1, mip.ErrThrottled}}, rest: red, want: "every call fails: unavailable"},
		"what is due and did not come":         {within: time.Hour, rest: time.Hour, want: "no success for more than 1h0m0s"},
		"what is due and fails":                {within: time.Hour, calls: []call{{time.Hour - 1, mip.ErrUnavailable}}, rest: 1, want: "every call fails: unavailable"},
		"what is due and came":                 {within: time.Hour, calls: []call{{30 * time.Minute, nil}}, rest: time.Hour - 1},
		"an answer nobody understands is none": {calls: []call{{0, mip.ErrContract}}, rest: red, want: "every call fails: answer not understood"},
	} {
		t.Run(name, func(t *testing.T) {
			now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
			h := newHealth(red)
			h.now = func() time.Time { return now }
			h.expect("a", c.within)
			for _, call := range c.calls {
				now = now.Add(call.after)
				h.saw("a", call.kind)
			}
			now = now.Add(c.rest)
			got := ""
			for _, complaint := range h.complaints() {
				assert.Equal(t, "a", complaint.What)
				got += complaint.Why
			}
			assert.Equal(t, c.want, got)
		})
	}
}

func TestPatienceWithPolling(t *testing.T) {
	h := newHealth(10 * time.Minute)
	assert.Equal(t, 10*time.Minute, h.patience(0), "a minute is the engine's default")
	assert.Equal(t, 3*time.Hour, h.patience(time.Hour))
}

func TestADaemonThatStopsIsNotReady(t *testing.T) {
	h := newHealth(time.Minute)
	h.stop()
	assert.Equal(t, "it is stopping", h.complaints()[0].Why)
}
