package paypal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/openmip/openmip/mip"
)

// stage is how far one payment has come.
type stage string

const (
	stageNone     stage = ""         // nothing has left yet
	stageBegun    stage = "begun"    // perhaps created: the call may have left
	stageWaiting  stage = "waiting"  // created; the payer has not approved
	stageApproved stage = "approved" // the payer has approved, and nothing is taken
	stageTaking   stage = "taking"   // perhaps taken: the call may have left
	stageClearing stage = "clearing" // taken, and PayPal has not decided yet
	stageTaken    stage = "taken"    // the money is there, or authorised
	stageBack     stage = "back"     // given back
	stageEnded    stage = "ended"    // came to nothing: no money moved
)

// record is what is written down about a payment, as the note of its
// reservation: ids and times, nothing personal.
type record struct {
	Stage stage     `json:"stage,omitempty"`
	Begun time.Time `json:"begun,omitzero"`  // when the key of the create call was first used
	Round int       `json:"round,omitempty"` // create calls begun with another key, because PayPal forgot the one before
	Order string    `json:"order,omitempty"`
	Link  string    `json:"link,omitempty"`
	Until time.Time `json:"until,omitzero"`
	// Approved is when the approval was first seen. PayPal keeps it for three
	// hours.
	Approved time.Time `json:"approved,omitzero"`
	Taking   time.Time `json:"taking,omitzero"` // when money was last asked for
	Taken    string    `json:"taken,omitempty"` // id of the capture, or of the authorisation
	// Declined is PayPal's time of the order when the payer's means were
	// declined: until it changes, the approval is the old one.
	Declined time.Time `json:"declined,omitzero"`
	// Declines is how often PayPal has refused to take the money: each time
	// uses up a key, which PayPal may answer with the same refusal again.
	Declines int    `json:"declines,omitempty"`
	Amount   string `json:"amount,omitempty"`
	Owed     string `json:"owed,omitempty"` // what the purchase cost, once PayPal was asked to close with it
	Reason   string `json:"reason,omitempty"`
	Final    bool   `json:"final,omitempty"`  // PayPal will never pay it
	Closed   bool   `json:"closed,omitempty"` // captured, or its rest refunded, as the purchase cost
}

// errMoved: somebody else wrote about the payment at the same time.
var errMoved = fmt.Errorf("%w: it moved meanwhile", mip.ErrConflict)

// read returns the reservation of a key and its record.
func (d *DirectPayment) read(ctx context.Context, key string) (mip.Reservation, record, error) {
	r, err := d.config.Ledger.Reservation(ctx, key)
	if err != nil {
		return r, record{}, err
	}
	if r.Account != d.config.Account {
		return r, record{}, &mip.Error{Op: "paypal: read", Ref: r.Ref, Kind: mip.ErrNotFound}
	}
	var n record
	if r.Note != "" {
		if err := json.Unmarshal([]byte(r.Note), &n); err != nil {
			return r, n, &mip.Error{Op: "paypal: read", Ref: r.Ref, Kind: mip.ErrContract, Err: errors.New("what was written down does not decode")}
		}
	}
	return r, n, nil
}

// write replaces the record, if nobody else has since r was read; r then
// holds the new one. Otherwise it is errMoved.
func (d *DirectPayment) write(ctx context.Context, r *mip.Reservation, n record) error {
	b, err := json.Marshal(n)
	if err != nil {
		return err
	}
	if string(b) == r.Note {
		return nil
	}
	err = d.config.Ledger.Note(ctx, r.Key, r.Note, string(b))
	if errors.Is(err, mip.ErrConflict) {
		return errMoved
	}
	if err == nil {
		r.Note = string(b)
	}
	return err
}

// settledFor is the amount that was taken.
func (n record) settledFor(r mip.Reservation) mip.Money {
	if m, err := mip.ParseMoney(n.Amount, r.Amount.Currency()); err == nil && n.Amount != "" {
		return m
	}
	return r.Amount
}
