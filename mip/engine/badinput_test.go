package engine_test

import (
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/mip/rest"
	"github.com/openmip/openmip/wallet"
)

// wired joins the real adapters over their servers, in one process.
func wired(t *testing.T, woo *wootest.Server, bb *bigbuytest.Server) (*engine.Engine, *memstore.Store) {
	t.Helper()
	store := memstore.New()
	shop := must(woocommerce.New(woocommerce.Config{Name: "shop", URL: woo.URL(), Transport: woo.Transport(),
		Key: rest.NewSecret(wootest.DefaultKey), Secret: rest.NewSecret(wootest.DefaultSecret)}))
	supplier := bb.Supplier(bigbuy.Config{})
	purse := must(wallet.New(wallet.Config{Balance: supplier, Ledger: store}))
	return must(engine.New(engine.Config{Channels: []mip.Channel{shop}, Supplier: supplier,
		Payments: []mip.Payment{purse}, Store: store})), store
}

func TestBadInputIsKeptWithAReasonAndHindersNobody(t *testing.T) {
	bad := func(o wootest.Order) func() wootest.Order { return func() wootest.Order { return o } }
	for _, c := range []struct {
		claim string
		order func() wootest.Order
		codes []string // that hold it; none = it is bought
	}{
		{"an unreadable price", wootest.UnreadablePrice, []string{mip.CodeUnreadable}},
		{"a fractional quantity", wootest.FractionalQuantity, []string{mip.CodeUnreadable}},
		{"a negative quantity", bad(wootest.Order{Lines: []wootest.Line{{Quantity: -2}}}), []string{mip.CodeUnreadable}},
		{"an unknown status", wootest.UnknownStatus, []string{mip.CodeUnreadable}},
		{"no address at all", bad(wootest.Order{NoAddress: true}), []string{"address.name_missing", "address.street_missing",
			"address.city_missing", "address.country_missing", "contact.phone_missing", "contact.email_missing"}},
		{"a foreign currency", bad(wootest.Order{Currency: "USD", Lines: []wootest.Line{{Total: "90.00"}}}), []string{"money.currency_mismatch"}},
		{"hostile text", bad(func() wootest.Order { o := wootest.HostileText(); o.Lines = []wootest.Line{{Total: "29.00"}}; return o }()), []string{"field.too_long"}},
		{"a deleted product", wootest.DeletedProduct, []string{"product.not_mapped"}},
		{"a note of one megabyte", wootest.HugeNote, nil},
		{"a float for a price", bad(wootest.Order{Lines: []wootest.Line{{Quantity: 3, Total: "40.00", TotalTax: "8.40"}}}), nil},
	} {
		t.Run(c.claim, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				woo, bb := wootest.New(wootest.Config{}), bigbuytest.New(bigbuytest.Config{})
				eng, store := wired(t, woo, bb)
				good := wootest.Order{Lines: []wootest.Line{{Total: "29.00"}}}
				before, id, after := woo.Buy(good), woo.Buy(c.order()), woo.Buy(good)
				time.Sleep(time.Minute)
				require.NoError(t, eng.Sync(t.Context()))

				state := func(id int64) mip.Order {
					o, err := store.Order(t.Context(), mip.Ref{Channel: "shop", ID: strconv.FormatInt(id, 10)})
					require.NoError(t, err, "an order is lost")
					return o
				}
				o := state(id)
				if c.codes == nil {
					assert.Equal(t, mip.StateSubmitted, o.State, mip.Codes(o.Holding()))
				} else {
					assert.Equal(t, mip.StatePendingReview, o.State)
					assert.Subset(t, mip.Codes(o.Holding()), c.codes)
				}
				assert.Equal(t, mip.StateSubmitted, state(before).State, mip.Codes(state(before).Holding()))
				assert.Equal(t, mip.StateSubmitted, state(after).State)
			})
		})
	}
}

func TestAPageOfHTMLLosesNothing(t *testing.T) {
	for _, status := range []int{http.StatusOK, http.StatusForbidden, http.StatusInternalServerError} {
		synctest.Test(t, func(t *testing.T) {
			woo, bb := wootest.New(wootest.Config{}), bigbuytest.New(bigbuytest.Config{})
			eng, store := wired(t, woo, bb)
			woo.Buy(wootest.Order{Lines: []wootest.Line{{Total: "29.00"}}})
			time.Sleep(time.Minute)
			woo.SetFault(func(*http.Request) wootest.Fault { return wootest.Fault{Status: status, Body: "<html>down</html>"} })
			err := eng.Sync(t.Context())
			require.Error(t, err, "a page of HTML is no empty shop (%d)", status)
			assert.NotContains(t, err.Error(), "html>")
			cursor, err := store.Cursor(t.Context(), "shop")
			require.NoError(t, err)
			assert.Empty(t, cursor, "the cursor has not moved")
			woo.SetFault(nil)
			time.Sleep(10 * time.Minute)
			require.NoError(t, eng.Sync(t.Context()))
			counts, err := eng.Counts(t.Context())
			require.NoError(t, err)
			assert.Equal(t, 1, counts[mip.StateSubmitted])
		})
	}
}

func TestBackfillReadsAnewAndBuysNothingTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		woo, bb := wootest.New(wootest.Config{}), bigbuytest.New(bigbuytest.Config{})
		eng, store := wired(t, woo, bb)
		began := time.Now()
		for range 3 {
			woo.Buy(wootest.Order{Lines: []wootest.Line{{Total: "29.00"}}})
		}
		time.Sleep(time.Minute)
		require.NoError(t, eng.Sync(t.Context()))
		cursor, err := store.Cursor(t.Context(), "shop")
		require.NoError(t, err)
		n, err := eng.Backfill(t.Context(), "shop", began)
		require.NoError(t, err)
		assert.Equal(t, 3, n)
		_, err = eng.Work(t.Context())
		require.NoError(t, err)
		assert.Len(t, bb.Orders(), 3)
		again, err := store.Cursor(t.Context(), "shop")
		require.NoError(t, err)
		assert.Equal(t, cursor, again)
		require.NoError(t, eng.Import(t.Context(), mip.Ref{Channel: "shop", ID: strconv.FormatInt(woo.IDs()[0], 10)}))
		assert.ErrorIs(t, eng.Import(t.Context(), mip.Ref{Channel: "shop", ID: "999999"}), mip.ErrNotFound)
		_, err = eng.Backfill(t.Context(), "other", began)
		assert.ErrorIs(t, err, mip.ErrNotFound)
	})
}
