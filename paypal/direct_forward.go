package paypal

import (
	"context"
	"errors"

	"github.com/openmip/openmip/mip"
)

// forward moves a payment on as far as it goes now.
func (d *DirectPayment) forward(ctx context.Context, r *mip.Reservation, n record) (record, error) {
	for range 8 {
		var err error
		switch before := n.Stage; before {
		case stageNone:
			n.Stage, n.Begun = stageBegun, d.now()
			err = d.write(ctx, r, n)
		case stageBegun:
			if n, err = d.create(ctx, r, n); n.Stage == stageWaiting {
				return n, err
			}
		case stageApproved:
			n, err = d.take(ctx, r, n)
		case stageWaiting, stageClearing:
			if n, err = d.look(ctx, r, n); n.Stage == before {
				return n, err
			}
		case stageTaking:
			if n, err = d.look(ctx, r, n); err == nil && n.Stage == before {
				n, err = d.take(ctx, r, n) // the same key again
			}
		default:
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
	return n, &mip.Error{Kind: mip.ErrUnavailable, Err: errors.New("it does not come to rest")}
}

// create makes PayPal's order. The same key finds the one that a lost answer
// left behind; once PayPal has forgotten the key, an order that nobody has
// the address of can never be approved, and another is made. With a vaulted
// token an order pays at once: then nobody can tell any more, and it is left
// to a person.
func (d *DirectPayment) create(ctx context.Context, r *mip.Reservation, n record) (record, error) {
	if d.now().Sub(n.Begun) > keyWindow {
		if d.config.Vault != "" {
			return n, unclear("PayPal has forgotten the key")
		}
		n.Round, n.Begun = n.Round+1, d.now()
		return n, d.write(ctx, r, n)
	}
	o, err := d.createOrder(ctx, *r, n)
	if err != nil {
		return d.failed(ctx, r, n, err)
	}
	n.Order, n.Until = o.ID, d.now().Add(lifetime)
	return d.saw(ctx, r, n, o)
}

// take asks for the money. That it is about to be asked for is written down
// before the call leaves, and whatever the client repeats has ended before its
// absence counts.
func (d *DirectPayment) take(ctx context.Context, r *mip.Reservation, n record) (record, error) {
	n.Stage, n.Taking = stageTaking, d.now()
	if err := d.write(ctx, r, n); err != nil {
		return n, err
	}
	call, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	o, err := d.takeOrder(call, *r, n)
	if err != nil {
		return d.failed(ctx, r, n, err)
	}
	return d.saw(ctx, r, n, o)
}

// look asks where a payment stands that has an order. It never takes money.
func (d *DirectPayment) look(ctx context.Context, r *mip.Reservation, n record) (record, error) {
	switch n.Stage {
	case stageWaiting, stageApproved, stageTaking, stageClearing:
	default:
		return n, nil
	}
	o, err := d.config.Client.GetOrder(ctx, n.Order)
	if errors.Is(err, mip.ErrNotFound) && !d.mayBeTaken(n) {
		return d.end(ctx, r, n, "expired", false) // PayPal forgets what nobody approved
	}
	if err != nil {
		return n, err
	}
	return d.saw(ctx, r, n, o)
}
