package main

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// What every delivery comes to, over real HTTP.
func TestStory(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var out bytes.Buffer
	require.NoError(t, tell(ctx, &out))
	assert.Equal(t, `WooCommerce tries the address out: [200]
lamps: an order is pushed: [200]
  bought at BigBuy for lamps
lamps: the same again: [200]
lamps: a forgery: 401 Unauthorized
mugs: an order is pushed: [200]
  bought at BigBuy for mugs
mugs: the same again: [200]
mugs: a forgery: 401 Unauthorized
  bought at BigBuy for mugs
only polling found it: true
lamps: stored 1, repeated 1, refused 1, only polled 0
mugs: stored 1, repeated 1, refused 1, only polled 1
`, out.String())
}
