package paypal

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/openmip/openmip/mip"
)

// maxWebhook is the longest delivery that is read, in bytes.
const maxWebhook = 1 << 20

// WebhookHandler takes PayPal's webhooks (CHECKOUT.ORDER.*, PAYMENT.CAPTURE.*,
// VAULT.PAYMENT-TOKEN.*) for payments of this account. A delivery is a hint:
// what it names is looked up at PayPal by whoever hears of it through
// [DirectConfig].Moved, so a repeated, late or misordered one does no harm.
//
//	200  the hint was followed, or is about nothing of this account
//	401  the signature is wrong or missing
//	405  not a POST request
//	413  longer than 1 MiB
//	503  could not be followed now; PayPal repeats it for three days
func (d *DirectPayment) WebhookHandler(v *Verifier) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		w.WriteHeader(d.receive(w, req, v))
	})
}

func (d *DirectPayment) receive(w http.ResponseWriter, req *http.Request, v *Verifier) int {
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxWebhook))
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return http.StatusRequestEntityTooLarge
	} else if err != nil {
		return http.StatusBadRequest
	}
	// Its sender may hang up; what was verified is followed all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(req.Context()), 20*time.Second)
	defer cancel()
	event, err := v.Verify(ctx, req.Header, body)
	switch {
	case errors.Is(err, mip.ErrUnauthorized):
		return http.StatusUnauthorized
	case errors.Is(err, mip.ErrInvalid):
		return http.StatusOK // signed by PayPal, and about nothing known here
	case err != nil:
		return http.StatusServiceUnavailable
	}
	if err := d.follow(ctx, event); err != nil {
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}

// follow tells whoever listens what an event is about.
func (d *DirectPayment) follow(ctx context.Context, e Event) error {
	if e.TokenID != "" && e.TokenID == d.config.Vault && e.Type == "VAULT.PAYMENT-TOKEN.DELETED" {
		if d.config.ConsentGone != nil {
			d.config.ConsentGone(ctx)
		}
		return nil
	}
	if e.CustomID == "" || d.config.Moved == nil {
		return nil
	}
	r, _, err := d.read(ctx, e.CustomID)
	if errors.Is(err, mip.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	err = d.config.Moved(ctx, r.Ref)
	if errors.Is(err, mip.ErrNotFound) {
		return nil
	}
	return err
}
