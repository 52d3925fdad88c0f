package wallet_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/wallet"
)

// With -race: whoever makes a wallet touches nothing that others use.
func TestAWalletIsMadeBesideAStoreInUse(t *testing.T) {
	store, purse := memstore.New(), &bank{amount: mip.EUR(1)}
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				_ = store.Release(t.Context(), "key", time.Now())
				_, _ = purse.Balance(t.Context())
			}
		}
	}()
	for range 50 {
		_, err := wallet.New(wallet.Config{Balance: purse, Ledger: store})
		require.NoError(t, err)
	}
	close(stop)
	<-done
}
