package woocommerce_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
)

// read ranges to the end and returns orders by id, the cursor and the error.
func read(ctx context.Context, c mip.Channel, since mip.Cursor, each ...func()) (orders map[string]mip.Facts, next mip.Cursor, err error) {
	orders, next = map[string]mip.Facts{}, since
	for page, err := range c.Orders(ctx, since) {
		if err != nil {
			return orders, next, err
		}
		for _, f := range page.Orders {
			orders[f.Ref.ID] = f
		}
		if page.Next != "" {
			next = page.Next
		}
		for _, f := range each {
			f()
		}
	}
	return orders, next, nil
}

func text(id int64) string { return strconv.FormatInt(id, 10) }

func TestDemands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{Statuses: []string{"packing", "quote", "lost"}})
		want := map[string]mip.Demand{
			"processing": mip.DemandShip, "completed": mip.DemandClosed, "cancelled": mip.DemandCancel, "refunded": mip.DemandCancel,
			"pending": mip.DemandUnpaid, "on-hold": mip.DemandShip, "failed": mip.DemandUnpaid,
			"packing": mip.DemandShip, "quote": mip.DemandUnpaid, "lost": mip.DemandUnpaid, "trash": mip.DemandCancel,
		}
		ids := map[string]string{}
		for status := range want {
			if status == "trash" {
				id := shop.Buy(wootest.Order{})
				shop.Trash(id)
				ids[status] = text(id)
				continue
			}
			ids[status] = text(shop.Buy(wootest.Order{Status: status}))
		}
		c := open(t, shop, func(c *woocommerce.Config) {
			c.Statuses = map[string]mip.Demand{"packing": mip.DemandShip, "quote": mip.DemandUnpaid, "on-hold": mip.DemandShip}
		})
		time.Sleep(time.Minute)
		got, _, err := read(t.Context(), c, "")
		require.NoError(t, err)
		for status, demand := range want {
			f := got[ids[status]]
			assert.Equal(t, demand, f.Demand, status)
			if status == "lost" {
				require.Len(t, f.Defects, 1, "an unknown status is held, not lost")
				assert.Equal(t, "status", f.Defects[0].Path)
				assert.Equal(t, mip.CodeUnreadable, f.Defects[0].Code)
				assert.NotEmpty(t, f.Raw)
				continue
			}
			assert.Empty(t, f.Defects, status)
			assert.Empty(t, f.Raw, "the payload is personal data and only kept where it is needed")
		}
	})
}

// Every difficult order arrives; those that cannot be read say where.
func TestVariants(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{})
		defects := map[string][]string{
			"a quantity is fractional": {"line_items[0].quantity"}, "a quantity is negative": {"line_items[0].quantity"},
			"the price is unreadable": {"line_items[0].total"}, "the status is unknown": {"status"},
		}
		byID := map[string]wootest.Variant{}
		for _, v := range wootest.Variants() {
			byID[text(shop.Buy(v.Order))] = v
		}
		time.Sleep(time.Minute)
		got, _, err := read(t.Context(), open(t, shop), "")
		require.NoError(t, err)
		require.Len(t, got, len(byID))
		for id, v := range byID {
			f := got[id]
			var paths []string
			for _, d := range f.Defects {
				paths = append(paths, d.Path)
			}
			assert.Equal(t, defects[v.Name], paths, v.Name)
			assert.Equal(t, v.Name != "the status is unknown", f.Demand == mip.DemandShip, v.Name)
			assert.LessOrEqual(t, len(f.Raw), 64<<10, v.Name)
			if v.Name == "the shipping address is empty" {
				assert.Equal(t, "Madrid", f.ShipTo.City)
			}
			if v.Name == "the product was deleted" {
				assert.Empty(t, f.Lines[0].SKU)
				assert.False(t, f.Lines[0].Foreign)
			}
		}
	})
}

func TestLongNote(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{})
		id := shop.Buy(wootest.Order{CustomerNote: strings.Repeat("ñ", 1<<20)})
		f, err := open(t, shop).Order(t.Context(), text(id))
		require.NoError(t, err)
		assert.Len(t, f.Note, 1<<20+len("…"), "two megabytes are cut to one, between characters")
		require.Len(t, f.Defects, 1, "and never silently")
		assert.Equal(t, "customer_note", f.Defects[0].Path)
		assert.LessOrEqual(t, len(f.Raw), 64<<10)
	})
}

// An order whose refunds cannot be read comes with a defect, hides nobody,
// and is read again until it can.
func TestRefundsThatCannotBeRead(t *testing.T) {
	for name, fault := range map[string]wootest.Fault{"a crashed plugin": wootest.HTML(500), "no JSON": wootest.HTML(200), "a firewall": wootest.HTML(403)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				shop := wootest.New(wootest.Config{})
				bad := shop.Buy(wootest.Order{Lines: []wootest.Line{{Quantity: 3}}})
				o, _ := shop.Order(bad)
				shop.Refund(bad, map[int64]int{o.Lines[0].ID: 1})
				good := shop.Buy(wootest.Order{})
				time.Sleep(time.Minute)
				shop.SetFault(func(r *http.Request) wootest.Fault {
					if strings.HasSuffix(r.URL.Path, "/refunds") {
						return fault
					}
					return wootest.Fault{}
				})
				c := open(t, shop)
				got, next, err := read(t.Context(), c, "")
				require.ErrorIs(t, err, mip.ErrUnavailable)
				assert.Empty(t, next, "the cursor stays where it is")
				assert.Contains(t, got, text(good))
				require.Len(t, got[text(bad)].Defects, 1)
				assert.Equal(t, "refunds", got[text(bad)].Defects[0].Path)

				shop.SetFault(nil)
				got, next, err = read(t.Context(), c, next)
				require.NoError(t, err)
				assert.NotEmpty(t, next)
				assert.Empty(t, got[text(bad)].Defects)
				assert.Equal(t, 2, got[text(bad)].Lines[0].Wanted())
			})
		})
	}
}

func TestStrangeAnswersAreRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{})
		id := text(shop.Buy(wootest.Order{}))
		time.Sleep(time.Minute)
		c := open(t, shop)
		for name, f := range map[string]wootest.Fault{"a BOM": wootest.BOM(), "a PHP notice": wootest.Notice(), "a page of a firewall": wootest.HTML(403),
			"a page instead of JSON": wootest.HTML(200), "an error page": wootest.HTML(500), "a lost request": wootest.LoseBefore()} {
			shop.Fail(f)
			got, _, err := read(t.Context(), c, "")
			require.NoError(t, err, name)
			assert.Contains(t, got, id, name)
		}
		// A 404 that is not WooCommerce's own word for a missing order must
		// never look like a deletion.
		for _, f := range []wootest.Fault{wootest.HTML(404), {Status: 404, Body: `{"code":"rest_no_route","data":{"status":404}}`}, {Status: 410, Body: "gone"}} {
			for range 3 {
				shop.Fail(f)
			}
			_, err := c.Order(t.Context(), id)
			require.Error(t, err)
			assert.False(t, errors.Is(err, mip.ErrNotFound), "%v", err)
			shop.SetFault(nil)
		}
	})
}

func TestWhatPHPPrintsBeforeEveryAnswerIsPassedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{})
		id := shop.Buy(wootest.Order{})
		time.Sleep(time.Minute)
		shop.SetFault(func(*http.Request) wootest.Fault { return wootest.Notice() })
		c := open(t, shop)
		got, _, err := read(t.Context(), c, "")
		require.NoError(t, err)
		assert.Contains(t, got, text(id))
		require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p", "N1"))))
		assert.Equal(t, "completed", status(shop, id))
		_, err = c.Order(t.Context(), "424242")
		assert.ErrorIs(t, err, mip.ErrNotFound, "a refusal is read as well")
	})
}

func TestOrderByID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{Language: "de"})
		c := open(t, shop)
		id := shop.Buy(wootest.Order{})
		shop.Trash(id)
		f, err := c.Order(t.Context(), text(id))
		require.NoError(t, err)
		assert.Equal(t, mip.DemandCancel, f.Demand, "trashed is cancelled, not gone")
		shop.Delete(id)
		_, err = c.Order(t.Context(), text(id))
		require.ErrorIs(t, err, mip.ErrNotFound, "codes are compared, messages are translated")
		for _, odd := range []string{"", "abc", "1/2", "-1", "1?x=2", "99999999999999999999"} {
			_, err = c.Order(t.Context(), odd)
			require.ErrorIs(t, err, mip.ErrInvalid, odd)
		}
	})
}

func TestAnotherOrderIsNotTaken(t *testing.T) {
	c := reader(t, serve([]byte(`{"id":8,"status":"processing","currency":"EUR","total":"1.00"}`), []byte("[]")))
	_, err := c.Order(t.Context(), "7")
	require.ErrorIs(t, err, mip.ErrContract, "a cache that answers with another order")
	require.ErrorIs(t, c.Report(t.Context(), ref(7), shipped()), mip.ErrContract)
}

// Order ids are what an order with an id is known by; one without is kept
// under a name made of its content.
func TestOrderWithoutAnID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{})
		shop.Buy(wootest.Order{Edit: func(o map[string]any) { delete(o, "id") }})
		good := text(shop.Buy(wootest.Order{}))
		time.Sleep(time.Minute)
		c := open(t, shop)
		got, _, err := read(t.Context(), c, "")
		require.NoError(t, err)
		require.Len(t, got, 2)
		again, _, err := read(t.Context(), c, "")
		require.NoError(t, err)
		for id, f := range got {
			require.NoError(t, f.Ref.Valid())
			assert.Contains(t, again, id, "the name is stable")
			assert.Equal(t, id == good, !slices.ContainsFunc(f.Defects, func(d mip.Finding) bool { return d.Path == "id" }))
		}
	})
}
