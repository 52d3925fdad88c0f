package paypal

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/openmip/openmip/mip"
)

// createOrder makes an order over r. Its custom id is the payment's key, by
// which webhooks are recognised; its invoice id is the key as well, so that
// the payee can match the payment to the supplier's order.
func (d *DirectPayment) createOrder(ctx context.Context, r mip.Reservation, n record) (Order, error) {
	req := OrderRequest{Intent: IntentCapture, Units: []Unit{{Amount: r.Amount, CustomID: r.Key, InvoiceID: r.Key}}}
	if d.config.Authorise {
		req.Intent = IntentAuthorize
	}
	operation := "create"
	if n.Round > 0 {
		operation = fmt.Sprintf("create-%d", n.Round)
		req.Units[0].InvoiceID += fmt.Sprintf("-r%d", n.Round)
	}
	if d.config.Vault != "" {
		req.Vaulted = &Vaulted{ID: d.config.Vault}
	} else {
		req.Approval = &Approval{ReturnURL: d.back(r.Key, ""), CancelURL: d.back(r.Key, "cancel"), BrandName: d.config.Brand, AllowPending: d.config.AllowPending}
	}
	return d.config.Client.CreateOrder(ctx, NewRequestID(r.Key, operation), req)
}

// takeOrder captures an approved order, or has its money authorised.
func (d *DirectPayment) takeOrder(ctx context.Context, r mip.Reservation, n record) (Order, error) {
	again := ""
	if n.Declines > 0 {
		again = fmt.Sprintf("-%d", n.Declines)
	}
	if d.config.Authorise {
		return d.config.Client.AuthorizeOrder(ctx, NewRequestID(r.Key, "authorize"+again), n.Order)
	}
	return d.config.Client.CaptureOrder(ctx, NewRequestID(r.Key, "capture"+again), n.Order)
}

// captureAuthorization takes what was authorised, for good, and returns the
// capture. One that PayPal has not decided is not done, and one that PayPal
// refuses counts as made before only if its order shows it: the same word may
// mean that the invoice was another payment's.
func (d *DirectPayment) captureAuthorization(ctx context.Context, r mip.Reservation, n record, amount mip.Money) (Capture, error) {
	c, err := d.config.Client.CaptureAuthorization(ctx, NewRequestID(r.Key, "settle"), n.Taken,
		AuthorizationCapture{Amount: amount, InvoiceID: r.Key, Final: true})
	if errors.Is(err, mip.ErrConflict) || errors.Is(err, mip.ErrRefused) || errors.Is(err, mip.ErrUnfunded) {
		o, seen := d.config.Client.GetOrder(ctx, n.Order)
		if seen != nil {
			return c, errors.Join(&mip.Error{Kind: mip.ErrConflict, Code: "payment.capture_failed", Err: err}, seen)
		}
		c = captureOfOrder(o)
		if c.ID == "" {
			return c, &mip.Error{Kind: mip.ErrConflict, Code: "payment.capture_failed", Err: err}
		}
	} else if err != nil {
		return c, err
	}
	switch c.Status {
	case CaptureDeclined, CaptureFailed:
		return c, &mip.Error{Kind: mip.ErrConflict, Code: "payment.capture_failed"}
	case CapturePending:
		return c, notDecided(stageClearing)
	}
	return c, nil
}

// captureOfOrder returns the capture that took an order's money, or may yet;
// else one that did not, or none.
func captureOfOrder(o Order) (found Capture) {
	for _, c := range o.Captures() {
		if s, _ := outcome(string(c.Status)); s != stageEnded {
			return c
		}
		found = c
	}
	return found
}

// voidAuthorization sets free what was authorised. Without a request id, a
// look tells what became of a lost answer, and what there is nothing left of.
func (d *DirectPayment) voidAuthorization(ctx context.Context, n record) error {
	err := d.config.Client.VoidAuthorization(ctx, n.Taken)
	if err == nil {
		return nil
	}
	a, seen := d.config.Client.GetAuthorization(ctx, n.Taken)
	switch {
	case seen != nil:
		return errors.Join(err, seen)
	case a.Status == AuthorizationVoided || a.Status == AuthorizationDenied:
		return nil
	case a.Status == AuthorizationCaptured || a.Status == AuthorizationPartiallyCaptured:
		return &mip.Error{Kind: mip.ErrRefused, Code: CodeRefundFailed, Err: err}
	case !a.ExpiresAt.IsZero() && d.now().After(a.ExpiresAt):
		return nil // it ran out
	}
	return err
}

// issue is the reason that PayPal gave, in its own word.
func issue(e *Error) string {
	if len(e.Issues) > 0 {
		return e.Issues[0].Name
	}
	return cmp.Or(e.Name, "REFUSED")
}
