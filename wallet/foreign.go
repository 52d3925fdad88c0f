package wallet

import (
	"context"
	"errors"

	"github.com/openmip/openmip/mip"
)

// foreign reports whether a key is reserved in another account of the ledger:
// an attempt's key may be another payment's, whose business it is.
func (w *Wallet) foreign(ctx context.Context, key string) (bool, error) {
	r, err := w.ledger.Reservation(ctx, key)
	if errors.Is(err, mip.ErrNotFound) {
		return false, nil
	}
	return err == nil && r.Account != w.account, err
}
