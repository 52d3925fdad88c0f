package paypal

import (
	"context"
	"errors"
	"time"

	"github.com/openmip/openmip/mip"
)

// giveBack undoes a payment, as far as it has come.
func (d *DirectPayment) giveBack(ctx context.Context, r *mip.Reservation, n record) error {
	for range 8 {
		var err error
		switch before := n.Stage; before {
		case stageBack, stageEnded:
			return nil
		case stageTaken:
			if err = d.refundAll(ctx, *r, n); err == nil {
				n.Stage, n.Reason = stageBack, "released"
				err = d.write(ctx, r, n)
			}
		case stageTaking, stageClearing:
			if n, err = d.look(ctx, r, n); err == nil && n.Stage == before {
				return notDecided(before)
			}
		case stageBegun:
			if d.config.Vault == "" {
				n, err = d.end(ctx, r, n, "released", false) // nobody has its address
			} else {
				n, err = d.create(ctx, r, n) // it may have paid: the same key tells
			}
		default:
			n, err = d.end(ctx, r, n, "released", false)
		}
		if err != nil {
			return err
		}
	}
	return &mip.Error{Kind: mip.ErrUnavailable, Err: errors.New("it does not come to rest")}
}

// notDecided: PayPal knows more later.
func notDecided(s stage) error {
	wait := doubt
	if s == stageClearing {
		wait = time.Hour
	}
	return &mip.Error{Kind: mip.ErrUnavailable, RetryAfter: wait, Err: errors.New("PayPal has not decided")}
}

// refundAll gives back what was taken. The key makes it harmless to repeat
// (PayPal: 45 days).
func (d *DirectPayment) refundAll(ctx context.Context, r mip.Reservation, n record) error {
	if d.config.Authorise && !n.Closed {
		return d.voidAuthorization(ctx, n)
	}
	return d.refund(ctx, r, n, mip.Money{}, "refund")
}

// refund gives back an amount, all of it for the zero value.
func (d *DirectPayment) refund(ctx context.Context, r mip.Reservation, n record, amount mip.Money, operation string) error {
	done, err := d.config.Client.RefundCapture(ctx, NewRequestID(r.Key, operation), n.Taken, RefundRequest{Amount: amount, CustomID: r.Key})
	refusal, refused := errors.AsType[*Error](err)
	switch {
	case refused && refusal.Has("CAPTURE_FULLY_REFUNDED"):
		return nil
	case refused && refusal.Has("PENDING_CAPTURE"):
		return notDecided(stageClearing)
	case ClassOf(err) == ClassSetup: // not allowed now; perhaps later
		return err
	case refused && ClassOf(err) != ClassRetry:
		return &mip.Error{Kind: mip.ErrRefused, Code: CodeRefundFailed, Err: err}
	case err != nil:
		return err
	case done.Status == RefundPending:
		return notDecided(stageClearing)
	case done.Status != RefundFailed && done.Status != RefundCancelled:
		return nil
	}
	c, err := d.config.Client.GetCapture(ctx, n.Taken)
	if err == nil && c.Status == CaptureRefunded { // by hand, meanwhile
		return nil
	}
	return &mip.Error{Kind: mip.ErrRefused, Code: CodeRefundFailed, Err: err}
}

// close makes what was taken what the purchase cost, and returns what stands:
// nought if nothing was taken, because nothing will be.
func (d *DirectPayment) close(ctx context.Context, r *mip.Reservation, n record, owed mip.Money) (mip.Money, error) {
	if n.Stage == stageTaking || n.Stage == stageClearing {
		before, err := n.Stage, error(nil)
		if n, err = d.look(ctx, r, n); err == nil && n.Stage == before {
			err = notDecided(before)
		}
		if err != nil {
			return mip.Money{}, err
		}
	}
	if n.Stage != stageTaken {
		return r.Amount.Times(0), d.giveBack(ctx, r, n)
	}
	if n.Closed {
		return n.settledFor(*r), nil
	}
	owed, err := d.ask(ctx, r, &n, owed)
	if err != nil {
		return mip.Money{}, err
	}
	if n.Amount, err = d.correct(ctx, r, n, owed); err != nil {
		return mip.Money{}, err
	}
	n.Closed = true
	return n.settledFor(*r), d.write(ctx, r, n)
}

// ask writes down what is about to be asked for under a key, before the call
// leaves, and returns it: a key stands for one amount, so a later price changes
// nothing any more.
func (d *DirectPayment) ask(ctx context.Context, r *mip.Reservation, n *record, owed mip.Money) (mip.Money, error) {
	if n.Owed != "" {
		return mip.ParseMoney(n.Owed, r.Amount.Currency())
	}
	n.Owed = owed.Text()
	return owed, d.write(ctx, r, *n)
}

// correct takes what is owed of what was authorised, or gives back what is not
// owed of what was taken, and returns what stands then.
func (d *DirectPayment) correct(ctx context.Context, r *mip.Reservation, n record, owed mip.Money) (string, error) {
	taken := n.settledFor(*r)
	rest, err := taken.Sub(owed)
	switch {
	case err != nil:
		return "", err
	case d.config.Authorise && owed.IsZero():
		return owed.Text(), d.voidAuthorization(ctx, n)
	case d.config.Authorise:
		c, err := d.captureAuthorization(ctx, *r, n, owed)
		if c.Amount.Currency() == r.Amount.Currency() {
			owed = c.Amount
		}
		return owed.Text(), err
	case rest.IsZero() || rest.IsNegative():
		return taken.Text(), nil
	}
	err = d.refund(ctx, *r, n, rest, "rest")
	if errors.Is(err, mip.ErrRefused) {
		// The money is gone, and the books say so; a person must ask for it.
		return "", errors.Join(d.config.Ledger.Settle(ctx, r.Key, taken, d.now()), err)
	}
	return owed.Text(), err
}
