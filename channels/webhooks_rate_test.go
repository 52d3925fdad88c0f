package channels_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/channels"
)

func TestTooManyDeliveriesAreThrottledAndOthersAreNot(t *testing.T) {
	now := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	w := open(t, func(c *channels.WebhooksConfig) { c.Rate, c.Now = 2, func() time.Time { return now } })
	codes := map[int]int{}
	for i := range 30 {
		a := post(w.hooks, "/hook/demo", "demo", fmt.Sprint(i), "1001")
		if codes[a.Code]++; a.Code == 429 {
			assert.Equal(t, "1", a.Header().Get("Retry-After"))
		}
	}
	assert.Equal(t, map[int]int{200: 20, 429: 10}, codes, "ten seconds' worth at once")
	assert.Equal(t, 200, post(w.hooks, "/hook/second", "second", "1", "").Code, "the other channel has its own")
	now = now.Add(time.Second)
	assert.Equal(t, 200, post(w.hooks, "/hook/demo", "demo", "a", "1001").Code)
	assert.Equal(t, 200, post(w.hooks, "/hook/demo", "demo", "b", "1001").Code)
	assert.Equal(t, 429, post(w.hooks, "/hook/demo", "demo", "c", "1001").Code)
}

// What strangers send costs the channel nothing of its rate, and fills no log.
func TestForgeriesKeepNoDeliveryOut(t *testing.T) {
	now := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	var logs bytes.Buffer
	w := open(t, func(c *channels.WebhooksConfig) {
		c.Rate, c.Now, c.Logger = 2, func() time.Time { return now }, slog.New(slog.NewTextHandler(&logs, nil))
	})
	for i := range 500 {
		assert.Equal(t, 401, post(w.hooks, "/hook/demo", "guess", fmt.Sprint(i), "1001").Code)
	}
	assert.Equal(t, 200, post(w.hooks, "/hook/demo", "demo", "d1", "1001").Code)
	assert.Equal(t, 500, w.hooks.Stats()["demo"].Unauthorized)
	assert.Equal(t, 10, strings.Count(logs.String(), "webhook refused"))
}
