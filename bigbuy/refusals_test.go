package bigbuy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
)

func TestRefusals(t *testing.T) {
	cheap := bigbuytest.Config{Balance: mip.EUR(5_00)}
	tests := []struct {
		name   string
		world  bigbuytest.Config
		change func(*mip.Purchase)
		want   []string
	}{
		{"no such product", bigbuytest.Config{}, func(p *mip.Purchase) { p.Items[0].SKU = "S9999999" }, []string{"product.not_found"}},
		{"variation required", bigbuytest.Config{}, func(p *mip.Purchase) { p.Items[0].SKU = bigbuytest.SKUShirt }, []string{"product.variation_required"}},
		{"inactive", bigbuytest.Config{}, func(p *mip.Purchase) { p.Items[0].SKU = bigbuytest.SKUInactive }, []string{"product.inactive"}},
		{"no stock", bigbuytest.Config{}, func(p *mip.Purchase) { p.Items[0].SKU = bigbuytest.SKUSoldOut }, []string{"stock.out_of_stock"}},
		{"postcode", bigbuytest.Config{}, func(p *mip.Purchase) { p.ShipTo.Postcode = "X" }, []string{"address.postcode_format"}},
		{"postcode in the form", bigbuytest.Config{Switches: bigbuytest.Switches{PostcodeInForm: true}},
			func(p *mip.Purchase) { p.ShipTo.Postcode = "X" }, []string{"address.postcode_format"}},
		{"address too long", bigbuytest.Config{}, func(p *mip.Purchase) { p.ShipTo.Line2 = strings.Repeat("a", 70) }, []string{"address.too_long"}},
		{"address too long, dumped", bigbuytest.Config{Switches: bigbuytest.Switches{DumpErrors: true}},
			func(p *mip.Purchase) { p.ShipTo.Line2 = strings.Repeat("a", 70) }, []string{"address.too_long"}},
		{"last name too long", bigbuytest.Config{}, func(p *mip.Purchase) { p.ShipTo.LastName = strings.Repeat("a", 70) }, []string{"field.too_long"}},
		{"no phone", bigbuytest.Config{}, func(p *mip.Purchase) { p.ShipTo.Phone = "" }, []string{"contact.phone_missing"}},
		{"no money", cheap, func(*mip.Purchase) {}, []string{"wallet.insufficient_funds"}},
		{"PayPal is off", bigbuytest.Config{Switches: bigbuytest.Switches{PayPal: bigbuytest.PayPalOff}},
			func(p *mip.Purchase) { p.Payment = "paypal" }, []string{"payment.method_invalid"}},
		{"minimum", bigbuytest.Config{Switches: bigbuytest.Switches{MinimumOrder: mip.EUR(500_00)}}, func(*mip.Purchase) {}, []string{"order.below_minimum"}},
		{"pack", bigbuytest.Config{Switches: bigbuytest.Switches{PackMissing: true}}, func(*mip.Purchase) {}, []string{"account.pack_insufficient"}},
		{"no carrier", bigbuytest.Config{Switches: bigbuytest.Switches{PlainNotFound: true}},
			func(p *mip.Purchase) { p.Shipping = []string{"no such carrier"} }, []string{"shipping.no_carrier"}},
	}
	for _, tt := range tests {
		for _, whole := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, refused as a whole: %v", tt.name, whole), func(t *testing.T) {
				tt.world.Switches.WholeRefusal = whole
				in(t, tt.world, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
					p := purchase(bigbuytest.SKULamp)
					tt.change(&p)
					q, err := s.Check(t.Context(), p)
					require.NoError(t, err)
					assert.Equal(t, tt.want, codes(q.Refusals))
					placed, err := s.Place(t.Context(), p)
					require.NoError(t, err, "a proven refusal is no error")
					assert.Equal(t, tt.want, codes(placed.Refusals))
					assert.Empty(t, placed.Placements)
					assert.Empty(t, srv.Orders())
				})
			})
		}
	}
	t.Run("no money: the quote has the exact total", func(t *testing.T) {
		cheap.Switches.WholeRefusal = true
		in(t, cheap, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			q, err := s.Check(t.Context(), purchase(bigbuytest.SKULamp))
			require.NoError(t, err)
			require.Equal(t, []string{"wallet.insufficient_funds"}, codes(q.Refusals))
			assert.True(t, q.Refusals[0].AutoClear)
			assert.Equal(t, "5.00", q.Refusals[0].Params["moneyBoxAmount"])
			srv.TopUp(mip.EUR(100_00))
			rich, err := s.Check(t.Context(), purchase(bigbuytest.SKULamp))
			require.NoError(t, err)
			assert.True(t, rich.Total.Equal(q.Total), "%s and %s", rich.Total, q.Total)
		})
	})
	t.Run("part of it: placements and refusals together", func(t *testing.T) {
		in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			placed, err := s.Place(t.Context(), purchase(bigbuytest.SKULamp, bigbuytest.SKUSoldOut))
			require.NoError(t, err)
			require.Len(t, placed.Placements, 1)
			assert.Equal(t, srv.Orders()[0].ID, placed.Placements[0].ID)
			require.Equal(t, []string{"stock.out_of_stock"}, codes(placed.Refusals))
			assert.Equal(t, bigbuytest.SKUSoldOut, placed.Refusals[0].Params["skus"])
		})
	})
	t.Run("a payment nobody configured is invalid before anything is sent", func(t *testing.T) {
		in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			p := purchase(bigbuytest.SKULamp)
			p.Payment = "shells"
			_, err := s.Place(t.Context(), p)
			assert.ErrorIs(t, err, mip.ErrInvalid)
			assert.ErrorContains(t, err, "(payment.method_invalid): Config.Payments has no method for shells")
			p.Payment = ""
			_, err = s.Place(t.Context(), p)
			assert.ErrorIs(t, err, mip.ErrInvalid)
			assert.Zero(t, srv.Requests(bigbuytest.AnyRoute))
		})
	})
	t.Run("a wrong key is an error, not a finding", func(t *testing.T) {
		in(t, bigbuytest.Config{Token: "another"}, func(t *testing.T, _ *bigbuytest.Server, s *bigbuy.Supplier) {
			_, err := s.Check(t.Context(), purchase(bigbuytest.SKULamp))
			assert.ErrorIs(t, err, mip.ErrUnauthorized)
			_, err = s.Place(t.Context(), purchase(bigbuytest.SKULamp))
			assert.ErrorIs(t, err, mip.ErrUnauthorized)
		})
	})
}
