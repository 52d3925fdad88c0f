package bigbuy_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// in runs f in a bubble with a fresh world and a supplier that keeps BigBuy's
// limits.
func in(t *testing.T, world bigbuytest.Config, f func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		srv := bigbuytest.New(world)
		s, err := bigbuy.New(bigbuy.Config{Key: rest.NewSecret(bigbuytest.Token), Transport: srv.Transport(),
			Sandbox: world.Switches.Sandbox, BaseURL: bigbuytest.URL})
		require.NoError(t, err)
		f(t, srv, s)
	})
}

func purchase(skus ...string) mip.Purchase {
	p := mip.Purchase{Ref: mip.Ref{Channel: "shop", ID: "1001"}, Reference: "shop-1001", Payment: "wallet",
		ShipTo: mip.Address{FirstName: "Ana", LastName: "Prueba", Line1: "Calle Falsa 1", Line2: "2º B", City: "Valencia",
			Postcode: "46005", Country: "es", Phone: "600000000", Email: "ana@example.test"}}
	for i, sku := range skus {
		p.Items = append(p.Items, mip.Item{LineID: fmt.Sprint(i + 1), SKU: sku, Quantity: 1})
	}
	return p
}

func codes(findings []mip.Finding) []string { return mip.Codes(findings) }

func TestCheckAndPlace(t *testing.T) {
	t.Run("one warehouse: quoted, placed, found, paid", func(t *testing.T) {
		in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			p := purchase(bigbuytest.SKULamp, bigbuytest.SKUMug, bigbuytest.SKULamp)
			q, err := s.Check(t.Context(), p)
			require.NoError(t, err)
			assert.Empty(t, q.Refusals)
			require.Len(t, q.Parts, 1)
			assert.Equal(t, time.Now().UTC(), q.At)

			placed, err := s.Place(t.Context(), p)
			require.NoError(t, err)
			assert.Empty(t, placed.Refusals)
			assert.False(t, placed.Exists)
			require.Len(t, placed.Placements, 1)
			got := placed.Placements[0]
			assert.Equal(t, []mip.Item{{SKU: bigbuytest.SKULamp, Quantity: 2}, {SKU: bigbuytest.SKUMug, Quantity: 1}}, got.Items)

			order := srv.Orders()[0]
			assert.Equal(t, got.ID, order.ID)
			assert.Equal(t, p.Reference, order.Reference)
			assert.Equal(t, "Calle Falsa 1, 2º B", order.ShipTo.Line1, "both lines are one")
			assert.Equal(t, "moneybox", order.Payment)
			assert.True(t, q.Total.Equal(order.Total), "quoted %s, paid %s", q.Total, order.Total)

			found, err := s.Find(t.Context(), p.Reference)
			require.NoError(t, err)
			assert.True(t, found.Authoritative)
			assert.False(t, found.Complete, "BigBuy shows one of several")
			require.Len(t, found.Placements, 1)
			assert.Equal(t, got.Items, found.Placements[0].Items)
			assert.True(t, q.Total.Equal(found.Placements[0].Cost))
			assert.Equal(t, mip.PlacementInProcess, found.Placements[0].Status)

			balance, err := s.Balance(t.Context())
			require.NoError(t, err)
			assert.True(t, srv.Balance().Equal(balance))
		})
	})
	t.Run("several warehouses: one placement each, all ids kept", func(t *testing.T) {
		in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			p := purchase(bigbuytest.SKULamp, bigbuytest.SKUChair, bigbuytest.SKUKettle, bigbuytest.SKUToaster)
			q, err := s.Check(t.Context(), p)
			require.NoError(t, err)
			assert.Len(t, q.Parts, 3)
			placed, err := s.Place(t.Context(), p)
			require.NoError(t, err)
			require.Len(t, placed.Placements, 3)
			var paid mip.Money
			for _, o := range srv.Orders() {
				i := slices.IndexFunc(placed.Placements, func(p mip.Placement) bool { return p.ID == o.ID })
				require.GreaterOrEqual(t, i, 0)
				assert.ElementsMatch(t, o.Items, placed.Placements[i].Items)
				assert.Equal(t, fmt.Sprint(o.Warehouse), placed.Placements[i].Warehouse)
				paid, err = paid.Add(o.Total)
				require.NoError(t, err)
			}
			assert.True(t, q.Total.Equal(paid))
		})
	})
	t.Run("types that flip change nothing", func(t *testing.T) {
		in(t, bigbuytest.Config{Switches: bigbuytest.Switches{TypeFlips: true}}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			p := purchase(bigbuytest.SKULamp, bigbuytest.SKUChair)
			q, err := s.Check(t.Context(), p)
			require.NoError(t, err)
			placed, err := s.Place(t.Context(), p)
			require.NoError(t, err)
			require.Len(t, placed.Placements, 2)
			require.NoError(t, srv.Ship(placed.Placements[0].ID, "GLS", "TRK1"))
			news, err := s.Track(t.Context(), []string{placed.Placements[0].ID, placed.Placements[1].ID})
			require.NoError(t, err)
			assert.Len(t, news, 2)
			balance, err := s.Balance(t.Context())
			require.NoError(t, err)
			rest, err := mip.EUR(10_000_00).Sub(q.Total)
			require.NoError(t, err)
			assert.True(t, rest.Equal(balance))
		})
	})
	t.Run("every plain answer comes without a 429, one per second", func(t *testing.T) {
		in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			began := time.Now()
			for i := range 100 {
				p := purchase(bigbuytest.SKULamp)
				p.Reference = fmt.Sprint("shop-", i)
				_, err := s.Check(t.Context(), p)
				require.NoError(t, err)
				_, err = s.Place(t.Context(), p)
				require.NoError(t, err)
			}
			assert.Zero(t, srv.Throttled())
			assert.LessOrEqual(t, time.Since(began), 102*time.Second)
		})
	})
}

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

func TestExists(t *testing.T) {
	for _, flat := range []bool{false, true} {
		t.Run(fmt.Sprintf("a used reference is found, never bought again; flat: %v", flat), func(t *testing.T) {
			in(t, bigbuytest.Config{Switches: bigbuytest.Switches{FlatDuplicate: flat}}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
				first, err := s.Place(t.Context(), purchase(bigbuytest.SKULamp))
				require.NoError(t, err)
				again, err := s.Place(t.Context(), purchase(bigbuytest.SKUMug))
				require.NoError(t, err)
				assert.True(t, again.Exists)
				assert.Empty(t, again.Refusals)
				require.Len(t, again.Placements, 1)
				assert.Equal(t, first.Placements[0].ID, again.Placements[0].ID)
				assert.Equal(t, first.Placements[0].Items, again.Placements[0].Items, "the content of the earlier one")
				assert.Equal(t, "9.81 EUR", again.Placements[0].Cost.String())
				assert.Len(t, srv.Orders(), 1)
			})
		})
	}
	t.Run("while the earlier order cannot be read, the outcome is unknown", func(t *testing.T) {
		in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			_, err := s.Place(t.Context(), purchase(bigbuytest.SKULamp))
			require.NoError(t, err)
			srv.Fail(bigbuytest.RouteOrder, bigbuytest.ServerError, 10)
			_, err = s.Place(t.Context(), purchase(bigbuytest.SKULamp))
			assert.ErrorIs(t, err, mip.ErrUnknown)
		})
	})
}

func TestLostAnswers(t *testing.T) {
	for _, fault := range bigbuytest.Faults() {
		for _, flag := range []bigbuytest.Fault{bigbuytest.None, bigbuytest.AfterCommit, bigbuytest.LateCommit} {
			t.Run(fmt.Sprintf("%v never reads as certainly not bought when it was", fault|flag), func(t *testing.T) {
				in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
					srv.Fail(bigbuytest.RouteCreateMulti, fault|flag, 1)
					p := purchase(bigbuytest.SKULamp, bigbuytest.SKUChair)
					placed, err := s.Place(t.Context(), p)
					time.Sleep(time.Minute)
					assert.Equal(t, 1, srv.Requests(bigbuytest.RouteCreateMulti), "a write is never repeated")
					untold := slices.Contains(codes(placed.Refusals), mip.CodeOutcomeUnknown)
					if fault.Loses() && !untold {
						assert.Equal(t, mip.ErrUnknown, mip.KindOf(err), "%v", err)
					}
					if err != nil && mip.KindOf(err) != mip.ErrUnknown {
						assert.Empty(t, srv.Orders(), "certainly not done: %v", err)
					}
					if err == nil {
						assert.True(t, untold || len(srv.Orders()) == len(placed.Placements), "%+v", placed)
					}
				})
			})
		}
	}
}

func TestFind(t *testing.T) {
	t.Run("production: absence is authoritative", func(t *testing.T) {
		in(t, bigbuytest.Config{}, func(t *testing.T, _ *bigbuytest.Server, s *bigbuy.Supplier) {
			f, err := s.Find(t.Context(), "shop-404")
			require.NoError(t, err)
			assert.Equal(t, mip.Found{Authoritative: true}, f)
		})
	})
	t.Run("sandbox: absence proves nothing", func(t *testing.T) {
		in(t, bigbuytest.Config{Switches: bigbuytest.Switches{Sandbox: true}}, func(t *testing.T, _ *bigbuytest.Server, s *bigbuy.Supplier) {
			f, err := s.Find(t.Context(), "shop-404")
			require.NoError(t, err)
			assert.Equal(t, mip.Found{}, f)
		})
	})
	for _, fault := range []bigbuytest.Fault{bigbuytest.ServerError, bigbuytest.Empty, bigbuytest.SoftError, bigbuytest.Embedded,
		bigbuytest.GatewayTimeout, bigbuytest.Oops, bigbuytest.Timeout, bigbuytest.NotAvailable} {
		t.Run(fmt.Sprintf("%v is no absence", fault), func(t *testing.T) {
			in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
				srv.Fail(bigbuytest.RouteReference, fault, -1)
				_, err := s.Find(t.Context(), "shop-1001")
				assert.Equal(t, mip.ErrUnavailable, mip.KindOf(err), "%v", err)
			})
		})
	}
	t.Run("a failure that passes is repeated away", func(t *testing.T) {
		in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			srv.Fail(bigbuytest.RouteReference, bigbuytest.BadGateway, 2)
			f, err := s.Find(t.Context(), "shop-404")
			require.NoError(t, err)
			assert.True(t, f.Authoritative)
		})
	})
}

func TestNoPersonalDataInErrors(t *testing.T) {
	const canary = "CANARYCANARY"
	for _, v := range variants() {
		body := strings.ReplaceAll(v.body, "This", canary+" This")
		s := supplier(t, always(v.status, body+strings.Repeat(" ", 3)))
		p := purchase(bigbuytest.SKULamp)
		p.ShipTo.LastName, p.Note, p.Reference = canary, canary, strings.ToLower(canary)
		placed, err := s.Place(t.Context(), p)
		_, lookup := s.Find(t.Context(), p.Reference)
		e, _ := errors.AsType[*bigbuy.Error](err)
		text := strings.ToUpper(fmt.Sprintf("%v %+v %v %v %#v", err, err, lookup, e, e))
		assert.NotContains(t, text, canary, v.name)
		b, jsonErr := json.Marshal(placed.Refusals)
		require.NoError(t, jsonErr)
		assert.NotContains(t, string(b), canary, v.name)
	}
	assert.NotContains(t, fmt.Sprintf("%v %+v %#v", bigbuy.Address{LastName: canary}, bigbuy.OrderRequest{ShippingAddress: bigbuy.Address{Phone: canary}},
		bigbuy.Address{Town: canary}), canary)
}
