package miptest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/stretchr/testify/require"
)

// Vendor is a supplier under test with the world behind it. The first three
// fields are required; checks that need a hook which is nil do not apply.
type Vendor struct {
	Supplier mip.Supplier
	// Purchase returns the n-th of any number of purchases that the supplier
	// takes as they are: one line, two pieces of one SKU, paid from the
	// balance. No two share a reference. Stock and balance are enough for a
	// hundred of them. The words of the address are found nowhere else.
	Purchase func(n int) mip.Purchase
	// Sold returns what was really sold under exactly this reference, as
	// somebody sees it who looks into the supplier's books.
	Sold func(reference string) []Sold
	// Secrets are the credentials that no error may show.
	Secrets []string

	// Break makes every call from now on run into trouble, until it is called
	// with [NoTrouble]. It reports whether it can.
	Break func(t Trouble) bool
	// Losses are ways to lose the answer to the next purchase.
	Losses []Loss
	// SellOut empties all warehouses of a SKU.
	SellOut func(sku string)
	// Fund sets the balance.
	Fund func(balance mip.Money)
	// Split is like Purchase, but the supplier makes several orders of it, for
	// different SKUs.
	Split func(n int) mip.Purchase
	// ByHand buys as a person does in the supplier's web shop.
	ByHand func(p mip.Purchase) error
	// Lag hides orders made from now on from look-ups for so long.
	Lag func(d time.Duration)
	// Ship sends a parcel with a number; again = one more parcel.
	Ship func(id, carrier, number string) error
	// Renumber corrects the number of a parcel.
	Renumber func(id, from, to string) error
	// Deliver and Cancel end an order.
	Deliver, Cancel func(id string) error
}

// Sold is one order in the supplier's books.
type Sold struct {
	ID     string
	Items  []mip.Item  // by SKU
	ShipTo mip.Address // zero = not to be compared; Line1 may be the whole street
	Paid   mip.Money   // zero value = not to be compared
}

// Trouble is what every call runs into.
type Trouble uint8

// The troubles of [Vendor.Break].
const (
	NoTrouble    Trouble = iota
	Unreachable          // no connection can be made: nothing was sent
	Throttled            // the rate limit is used up
	Unauthorized         // the credentials were withdrawn
	Failing              // the server fails before it does anything
	Silent               // no answer until the caller gives up
)

// Loss is one way to lose an answer.
type Loss struct {
	Name  string
	After bool // the purchase is made all the same
	Plan  func()
}

// SupplierCheck is one promise that every supplier keeps.
type SupplierCheck struct {
	Name string // the promise, as a sentence
	Why  string // what goes wrong where it is broken
	// Run tries it on a vendor of its own, untouched, and describes every
	// breach it finds. It waits with the clock of package time, so that it
	// wants a testing/synctest bubble. A check of something that the vendor
	// does not have returns [errors.ErrUnsupported].
	Run func(ctx context.Context, v Vendor) error
}

// SupplierChecks returns every check, in the order in which to read them.
func SupplierChecks() []SupplierCheck {
	return slices.Concat(quoteChecks(), placeChecks(), splitChecks(), refusalChecks(), lostChecks(), troubleChecks(),
		findChecks(), trackChecks(), parcelChecks(), supplyTogetherChecks(), abilityChecks())
}

// TestSupplier runs every check as a subtest on a vendor of its own, each in a
// testing/synctest bubble in which open is called: waits for a rate limit take
// no time, and transports must be in-process. Run it with the race detector.
func TestSupplier(t *testing.T, open func(t testing.TB) Vendor) {
	t.Helper()
	for _, c := range SupplierChecks() {
		t.Run(c.Name, func(t *testing.T) {
			var err error
			synctest.Test(t, func(t *testing.T) { err = c.Run(t.Context(), open(t)) })
			if errors.Is(err, errors.ErrUnsupported) {
				t.Skip(err)
			}
			require.NoError(t, err, "the rule: %s\nbecause %s", c.Name, c.Why)
		})
	}
}
