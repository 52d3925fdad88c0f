package bigbuy_test

import (
	"fmt"
	"slices"
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

func TestPaidOtherwise(t *testing.T) {
	tests := []struct {
		name   string
		mode   bigbuytest.PayPalMode
		fault  bigbuytest.Fault
		status mip.PlacementStatus
	}{
		{"charged by itself", bigbuytest.PayPalPays, bigbuytest.None, mip.PlacementInProcess},
		{"a person must pay", bigbuytest.PayPalWaits, bigbuytest.None, mip.PlacementAwaitingPayment},
		{"not known yet counts as to be paid", bigbuytest.PayPalPays, bigbuytest.ServerError, mip.PlacementAwaitingPayment},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in(t, bigbuytest.Config{Switches: bigbuytest.Switches{PayPal: tt.mode}}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
				srv.Fail(bigbuytest.RouteOrder, tt.fault, -1)
				p := purchase(bigbuytest.SKULamp)
				p.Payment = "paypal"
				placed, err := s.Place(t.Context(), p)
				require.NoError(t, err)
				require.Len(t, placed.Placements, 1)
				assert.Equal(t, tt.status, placed.Placements[0].Status)
				assert.Equal(t, "paypal", srv.Orders()[0].Payment)
			})
		})
	}
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
