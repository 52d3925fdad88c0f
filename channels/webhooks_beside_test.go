package channels_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels"
	"github.com/openmip/openmip/mip"
)

// With -race: whoever makes a handler touches nothing that others use.
func TestAWebhookHandlerIsMadeBesideAStoreInUse(t *testing.T) {
	w := open(t)
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				_ = w.store.SaveCursor(t.Context(), "demo", "1", "2") // refused, and locked all the same
			}
		}
	}()
	for range 50 {
		_, err := channels.NewWebhooks(channels.WebhooksConfig{Channels: []channels.Pushed{pushing{w.shop}}, Inbox: w.store, Ingest: w.desk.ingest})
		require.NoError(t, err)
	}
	_, err := channels.NewWebhooks(channels.WebhooksConfig{Channels: []channels.Pushed{nil}, Inbox: w.store, Ingest: w.desk.ingest})
	require.ErrorIs(t, err, mip.ErrInvalid)
	close(stop)
	<-done
}
