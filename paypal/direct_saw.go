package paypal

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/openmip/openmip/mip"
)

// saw takes over what PayPal says of a payment's order.
func (d *DirectPayment) saw(ctx context.Context, r *mip.Reservation, n record, o Order) (record, error) {
	if len(o.Units) > 0 && o.Units[0].Amount.Currency() != "" && !o.Units[0].Amount.Equal(r.Amount) {
		return n, &mip.Error{Kind: mip.ErrContract, Err: errors.New("PayPal's order is over another amount")}
	}
	late := d.now().Sub(n.Taking) >= doubt
	switch o.Status {
	case OrderApproved:
		switch declined := !n.Declined.IsZero() && !o.UpdatedAt.After(n.Declined); {
		case declined && !d.now().Before(n.Until):
			return d.end(ctx, r, n, "expired", false)
		case declined:
			n.Stage = stageWaiting
		case n.Stage == stageTaking && !late:
		case n.Stage != stageApproved:
			n.Stage, n.Approved = stageApproved, d.now()
		case d.now().Sub(n.Approved) >= lifetime:
			return d.end(ctx, r, n, "expired", false) // nobody used it
		}
	case OrderCompleted:
		if n.Stage == stageBegun { // paid from the vault: a short answer does not say how
			n.Stage, n.Taking = stageTaking, d.now()
		}
		n = n.with(o)
	case OrderVoided:
		return d.end(ctx, r, n, "voided", false)
	default:
		switch {
		case n.Stage == stageTaking && !late:
		case !d.now().Before(n.Until):
			return d.end(ctx, r, n, "expired", false)
		default:
			n.Stage = stageWaiting
			fill(&n.Link, o.ApproveURL)
		}
	}
	return n, d.write(ctx, r, n)
}

// with returns the record with what a completed order holds: an order may be
// completed while its capture is not. What came to nothing does not hide what
// took money beside it.
func (n record) with(o Order) record {
	found := false
	sees := func(id string, amount mip.Money, status string) {
		stage, reason := outcome(status)
		if found && stage == stageEnded {
			return
		}
		found = stage != stageEnded
		n.Taken, n.Amount, n.Stage, n.Reason = id, "", stage, reason
		if amount.Currency() != "" {
			n.Amount = amount.Text()
		}
	}
	for _, u := range o.Units {
		for _, p := range u.Authorizations {
			sees(p.ID, p.Amount, string(p.Status))
		}
		for _, p := range u.Captures {
			sees(p.ID, p.Amount, string(p.Status))
		}
	}
	return n
}

// outcome is what the status of a capture or an authorisation means.
func outcome(status string) (stage, string) {
	switch status {
	case "COMPLETED", "CREATED", "CAPTURED", "PARTIALLY_CAPTURED", "PARTIALLY_REFUNDED":
		return stageTaken, ""
	case "DECLINED", "DENIED", "FAILED", "VOIDED", "EXPIRED":
		return stageEnded, "declined"
	case "REFUNDED":
		return stageBack, "refunded"
	}
	return stageClearing, ""
}

// failed takes over what a refused call means. Whatever it does not prove is
// returned as it is.
func (d *DirectPayment) failed(ctx context.Context, r *mip.Reservation, n record, err error) (record, error) {
	refusal, ok := errors.AsType[*Error](err)
	switch {
	case n.Order == "" && errors.Is(err, mip.ErrInvalid) && (!ok || refusal.Name != ""):
		// The same words under the same key are as wrong each time.
		return d.end(ctx, r, n, "invalid_request", true)
	case !ok:
		return n, err
	}
	reason := strings.ToLower(issue(refusal))
	switch ClassOf(err) {
	case ClassPayer:
		if d.config.Vault != "" || n.Order == "" {
			return d.end(ctx, r, n, reason, false)
		}
		return d.declined(ctx, r, n)
	case ClassConsent:
		if d.config.ConsentGone != nil {
			d.config.ConsentGone(ctx)
		}
		if n, err := d.end(ctx, r, n, reason, false); err != nil {
			return n, err
		}
		return n, &mip.Error{Kind: mip.ErrUnauthorized, Code: "payment.consent_gone", Err: err}
	case ClassRefused, ClassUnknown:
		if refusal.Status == http.StatusConflict {
			return n, err // with another call, which may be taking the money
		}
		return d.end(ctx, r, n, reason, true)
	case ClassReread:
		if n.Order == "" && d.config.Vault == "" {
			return d.end(ctx, r, n, reason, true) // the invoice is another payment's
		}
		if n.Order == "" {
			return n, unclear("it may be paid, and PayPal does not show it")
		}
		before := n.Stage
		if n, err = d.look(ctx, r, n); err == nil && n.Stage == before {
			return n, unclear("PayPal contradicts itself")
		}
		return n, err
	}
	return n, err
}

// declined leaves the same link open for other means.
func (d *DirectPayment) declined(ctx context.Context, r *mip.Reservation, n record) (record, error) {
	n.Stage, n.Declined, n.Declines = stageWaiting, d.now(), n.Declines+1
	if o, err := d.config.Client.GetOrder(ctx, n.Order); err == nil && !o.UpdatedAt.IsZero() {
		n.Declined = o.UpdatedAt
	}
	return n, d.write(ctx, r, n)
}

// unclear: nobody can tell whether money moved.
func unclear(why string) error {
	return &mip.Error{Kind: mip.ErrUnknown, Code: "payment.outcome_unknown", Err: errors.New(why)}
}

// end writes down that a payment came to nothing.
func (d *DirectPayment) end(ctx context.Context, r *mip.Reservation, n record, reason string, final bool) (record, error) {
	n.Stage, n.Reason, n.Final = stageEnded, reason, final
	fill(&n.Reason, "refused")
	return n, d.write(ctx, r, n)
}

// mayBeTaken reports whether money may have moved.
func (d *DirectPayment) mayBeTaken(n record) bool {
	return n.Stage == stageClearing || n.Stage == stageTaking && d.now().Sub(n.Taking) < doubt
}
