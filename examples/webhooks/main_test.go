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
	assert.Equal(t, `a ping: [200]
an order is pushed: [200]
  bought at BigBuy for lamps
the same again: [200]
the other shop pushes: [200]
  bought at BigBuy for mugs
a forgery: 401 Unauthorized
  bought at BigBuy for mugs
only polling found true
lamps: stored 1, repeated 1, refused 1, only polled 0
mugs: stored 1, repeated 0, refused 0, only polled 1
`, out.String())
}
