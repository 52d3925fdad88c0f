package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
)

// With -race: whoever makes an engine touches nothing that others use.
func TestAnEngineIsMadeBesideAStoreInUse(t *testing.T) {
	w := newWorld(t, nil)
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				_ = w.store.Release(t.Context(), "key", time.Now())
				w.shop.mu.Lock()
				w.shop.heard = append(w.shop.heard[:0], mip.Status{})
				w.shop.mu.Unlock()
			}
		}
	}()
	for range 50 {
		_, err := engine.New(engine.Config{Channels: []mip.Channel{w.shop}, Supplier: w.supply, Payments: []mip.Payment{w.wallet}, Store: w.store})
		require.NoError(t, err)
	}
	close(stop)
	<-done
}
