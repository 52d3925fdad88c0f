package paypal_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/mip/rest"
	"github.com/openmip/openmip/paypal"
)

// With -race: whoever makes a payment touches nothing that others use.
func TestAPaymentIsMadeBesideALedgerInUse(t *testing.T) {
	p := openTill(t, nil)
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				_ = p.ledger.Release(t.Context(), "key", time.Now())
				_, _ = p.config.Client.GetOrder(t.Context(), "unknown")
			}
		}
	}()
	for range 50 {
		_, err := paypal.Direct(p.config)
		require.NoError(t, err)
		_, err = paypal.ChargedBySupplier(paypal.Config{Ledger: p.ledger})
		require.NoError(t, err)
	}
	close(stop)
	<-done
}

func TestADirectPaymentNeedsAClientAndALedger(t *testing.T) {
	for _, c := range []paypal.DirectConfig{{Client: new(paypal.Client)}, {Ledger: memstore.New()}} {
		c.Secret, c.Vault = rest.NewSecret("0123456789abcdef"), "token"
		_, err := paypal.Direct(c)
		require.ErrorIs(t, err, mip.ErrInvalid)
	}
}
