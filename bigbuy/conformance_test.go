package bigbuy_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest"
)

// shop is BigBuy and everything around it that the suite wants to move.
func shop(t testing.TB, world bigbuytest.Config) miptest.Vendor {
	srv := bigbuytest.New(world)
	srv.SetStock(bigbuytest.SKULamp, 1, 1000)
	srv.SetStock(bigbuytest.SKUChair, 2, 1000)
	buy := func(reference string, skus ...string) mip.Purchase {
		p := purchase(skus...)
		p.Reference, p.Note = reference, "ring twice"
		p.ShipTo = mip.Address{FirstName: "Aurelia", LastName: "Quintanar", Company: "Quimera SL", Line1: "Callejón Ficticio 77",
			Line2: "Bloque Verde", City: "Alcorcón", Postcode: "28922", Country: "es", Phone: "600123987", Email: "aurelia@example.test"}
		for i := range p.Items {
			p.Items[i].Quantity = 2
		}
		return p
	}
	supplier := srv.Supplier(bigbuy.Config{})
	if world.Switches.CarriersRequired {
		_, err := supplier.Check(t.Context(), buy("shop-0", bigbuytest.SKULamp)) // which learns the list
		require.NoError(t, err)
	}
	return miptest.Vendor{
		Supplier: supplier,
		Purchase: func(n int) mip.Purchase { return buy(fmt.Sprintf("shop-%d", n), bigbuytest.SKULamp) },
		Split: func(n int) mip.Purchase {
			return buy(fmt.Sprintf("split-%d", n), bigbuytest.SKULamp, bigbuytest.SKUChair)
		},
		Sold:    func(reference string) []miptest.Sold { return sold(srv, reference) },
		Secrets: []string{bigbuytest.Token},
		Losses:  losses(srv),
		Break:   func(trouble miptest.Trouble) bool { return spoil(srv, trouble) },
		SellOut: func(sku string) {
			for warehouse := 1; warehouse <= 3; warehouse++ {
				srv.SetStock(sku, warehouse, 0)
			}
		},
		Fund: func(balance mip.Money) {
			more, err := balance.Sub(srv.Balance())
			assert.NoError(t, err)
			srv.TopUp(more)
		},
		ByHand: func(p mip.Purchase) error {
			_, err := srv.PlaceByHand(p.Reference, p.ShipTo.Normal(), p.BySKU()...)
			return err
		},
		Lag:      func(d time.Duration) { srv.Switch(func(s *bigbuytest.Switches) { s.LookupLag = d }) },
		Ship:     srv.Ship,
		Renumber: srv.Renumber,
		Deliver:  srv.Deliver,
		Cancel:   srv.Cancel,
	}
}

func sold(srv *bigbuytest.Server, reference string) []miptest.Sold {
	var out []miptest.Sold
	for _, o := range srv.Orders() {
		if o.Reference == reference {
			out = append(out, miptest.Sold{ID: o.ID, Items: o.Items, ShipTo: o.ShipTo, Paid: o.Total})
		}
	}
	return out
}

// losses are all faults after which nobody can tell, each with and without
// the order being made.
func losses(srv *bigbuytest.Server) []miptest.Loss {
	var out []miptest.Loss
	for _, f := range bigbuytest.Faults() {
		if !f.Loses() || f == bigbuytest.PartialLater { // which is an answer
			continue
		}
		plan := func(f bigbuytest.Fault) func() { return func() { srv.Fail(bigbuytest.RouteCreateMulti, f, 1) } }
		after := f | bigbuytest.AfterCommit
		out = append(out, miptest.Loss{Name: after.String(), After: true, Plan: plan(after)})
		if f != bigbuytest.Truncated { // half of an answer tells that something was done
			out = append(out, miptest.Loss{Name: f.String(), Plan: plan(f)})
		}
	}
	return out
}

func spoil(srv *bigbuytest.Server, trouble miptest.Trouble) bool {
	faults := map[miptest.Trouble]bigbuytest.Fault{
		miptest.Unreachable: bigbuytest.Unreachable, miptest.Throttled: bigbuytest.Throttle,
		miptest.Unauthorized: bigbuytest.Unauthorized, miptest.Failing: bigbuytest.ServerError, miptest.Silent: bigbuytest.Hang,
	}
	srv.Heal()
	if f, ok := faults[trouble]; ok {
		srv.Fail(bigbuytest.AnyRoute, f, -1)
	}
	return true
}

// Every promise of package mip to an engine, over the faithful server.
func TestConformance(t *testing.T) {
	miptest.TestSupplier(t, func(t testing.TB) miptest.Vendor { return shop(t, bigbuytest.Config{}) })
}

// Where the public sources contradict each other, the promises hold in both
// worlds.
func TestConformanceInOtherWorlds(t *testing.T) {
	for name, world := range map[string]bigbuytest.Switches{
		"flipped types":                  {TypeFlips: true},
		"a list of carriers is required": {CarriersRequired: true},
		"flat duplicates":                {FlatDuplicate: true},
		"a status of its own for parts":  {MultiStatus: 207, MultiRefusedStatus: 409},
		"refused as a whole":             {WholeRefusal: true},
		"dumped form errors":             {DumpErrors: true, PlainNotFound: true, OwnNumberInTracking: true},
	} {
		t.Run(name, func(t *testing.T) {
			miptest.TestSupplier(t, func(t testing.TB) miptest.Vendor { return shop(t, bigbuytest.Config{Switches: world}) })
		})
	}
}
