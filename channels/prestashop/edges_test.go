package prestashop_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/prestashop"
	"github.com/openmip/openmip/channels/prestashop/prestatest"
	"github.com/openmip/openmip/mip"
)

// A buyer who moves house replaces the address in the account. That is no news
// of orders from years ago, which somebody else has handled.
func TestAnAddressThatABuyerReplacedBringsNoOldOrders(t *testing.T) {
	bubble(t, prestatest.Config{}, prestatest.Order{}, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int) {
		time.Sleep(90 * 24 * time.Hour)
		got, next, err := read(t.Context(), c, "")
		require.NoError(t, err)
		require.Empty(t, got)
		time.Sleep(time.Hour)
		shop.ReplaceAddress(id)
		got, _, err = read(t.Context(), c, next)
		require.NoError(t, err)
		assert.Empty(t, got)
	})
}

// Nothing says how many rows there are, so only an empty page is the end.
func TestAHostThatCutsListsHidesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := prestatest.New(prestatest.Config{MostRows: 20, RawAddressEdits: true})
		for range 50 {
			shop.Buy(prestatest.Order{})
		}
		c := open(t, shop)
		got, next, err := read(t.Context(), c, "")
		require.NoError(t, err)
		assert.Len(t, got, 50)
		time.Sleep(time.Hour)
		for _, id := range shop.IDs() {
			shop.EditAddress(id, prestatest.Madrid())
		}
		got, _, err = read(t.Context(), c, next)
		require.NoError(t, err)
		assert.Len(t, got, 50)
	})
}

func TestAnUnreadableOrderAtTheEndOfAPageHidesNoOther(t *testing.T) {
	for name, id := range map[string]any{"null": nil, "false": false, "empty": "", "zero": 0, "another type": []any{}} {
		synctest.Test(t, func(t *testing.T) {
			shop := prestatest.New(prestatest.Config{})
			for i := range 121 {
				o := prestatest.Order{}
				if i == 99 || i == 120 {
					o.Edit = func(r string, row map[string]any) { set(r == "orders", row, "id", id) }
				}
				shop.Buy(o)
			}
			got, _, err := read(t.Context(), open(t, shop), "")
			require.NoError(t, err, name)
			assert.Equal(t, 121, len(got), name)
		})
	}
}

func TestAShopThatDoesNotNameItsStates(t *testing.T) {
	for _, name := range []string{"PS_OS_CANCELED", "PS_OS_REFUND"} {
		for _, value := range []string{"", "0"} {
			bubble(t, prestatest.Config{}, prestatest.Order{}, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, _ int) {
				shop.SetConfig(name, value, 0, 0)
				_, next, err := read(t.Context(), c, "")
				require.ErrorIs(t, err, mip.ErrInvalid, "a cancellation would never be heard of")
				assert.Empty(t, next)
				named := open(t, shop, func(c *prestashop.Config) {
					c.States = map[int]mip.Demand{prestatest.Cancelled: mip.DemandCancel}
				})
				_, _, err = read(t.Context(), named, "")
				require.NoError(t, err)
			})
		}
	}
	bubble(t, prestatest.Config{}, prestatest.Order{}, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int) {
		shop.SetConfig("PS_OS_SHIPPING", "", 0, 0)
		require.ErrorIs(t, c.Report(t.Context(), ref(id), shipped(box("p", "N"))), mip.ErrInvalid, "nobody would be told")
		assert.Equal(t, []string{"N"}, trackings(shop, id))
		require.NoError(t, c.Report(t.Context(), ref(id), mip.Status{State: mip.StateSubmitted}))
	})
}

func TestAnHourThatTheClockSkips(t *testing.T) {
	for _, c := range []struct{ zone, shown, want string }{
		{"Europe/Warsaw", "2026-03-29 01:59:59", "2026-03-29T00:59:59Z"},
		{"Europe/Warsaw", "2026-03-29 02:00:00", "2026-03-29T01:00:00Z"}, // which clocks never show
		{"Europe/Warsaw", "2026-03-29 02:30:00", "2026-03-29T01:30:00Z"},
		{"Europe/Warsaw", "2026-03-29 03:00:00", "2026-03-29T01:00:00Z"},
		{"America/New_York", "2026-03-08 02:30:00", "2026-03-08T07:30:00Z"},
		{"Australia/Lord_Howe", "2026-10-04 02:15:00", "2026-10-03T15:45:00Z"},
	} {
		synctest.Test(t, func(t *testing.T) {
			shop := prestatest.New(prestatest.Config{Zone: zone(t, c.zone)})
			id := shop.Buy(prestatest.Order{Edit: func(r string, row map[string]any) { set(r == "orders", row, "date_upd", c.shown) }})
			f, err := open(t, shop).Order(t.Context(), text(id))
			require.NoError(t, err)
			assert.Equal(t, c.want, f.UpdatedAt.Format(time.RFC3339), "%s in %s", c.shown, c.zone)
			assert.Empty(t, f.Defects)
		})
	}
}

func TestAnOrderWithoutAStateIsADefect(t *testing.T) {
	for _, state := range []any{nil, false, "", []any{}} {
		bubble(t, prestatest.Config{}, prestatest.Order{Edit: func(r string, row map[string]any) { set(r == "orders", row, "current_state", state) }},
			func(t *testing.T, _ *prestatest.Server, c *prestashop.Shop, id int) {
				f, err := c.Order(t.Context(), text(id))
				require.NoError(t, err)
				assert.Equal(t, mip.DemandUnpaid, f.Demand)
				require.Len(t, f.Defects, 1, "%v", state)
				assert.Equal(t, "current_state", f.Defects[0].Path)
			})
	}
	bubble(t, prestatest.Config{}, prestatest.Order{Edit: func(r string, row map[string]any) { set(r == "orders", row, "current_state", 0) }},
		func(t *testing.T, _ *prestatest.Server, c *prestashop.Shop, id int) {
			f, err := c.Order(t.Context(), text(id))
			require.NoError(t, err)
			assert.Empty(t, f.Defects, "it is being made")
		})
}

// The shop sends a date that it does not take.
func TestARowWithoutADateIsWritten(t *testing.T) {
	o := prestatest.Order{Edit: func(r string, row map[string]any) { set(r == "order_carriers", row, "date_add", "0000-00-00 00:00:00") }}
	bubble(t, prestatest.Config{}, o, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int) {
		require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p", "N"))))
		assert.Equal(t, []string{"N"}, trackings(shop, id))
	})
}

func TestWordsThatTheShopRefusesStopNoCancellation(t *testing.T) {
	bubble(t, prestatest.Config{}, prestatest.Order{}, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int) {
		require.NoError(t, c.Cancel(t.Context(), ref(id), "the buyer's words: onload=now, javascript: no"))
		st, _ := shop.State(id)
		assert.Equal(t, prestatest.Cancelled, st.State)
		assert.Empty(t, st.Private)
	})
}

// The key in the address is in no error, whatever happens, and goes to nobody
// else.
func TestTheKeyInTheAddressIsNotTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, end := range map[string]func(*http.Request) (*http.Response, error){
			"a broken connection": func(r *http.Request) (*http.Response, error) { return nil, fmt.Errorf("dial %s: refused", r.URL.Host) },
			"a redirect": func(r *http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 302, Header: http.Header{"Location": {"https://elsewhere.test/" + r.URL.RawQuery}}, Body: http.NoBody, Request: r}, nil
			},
			"an error page that shows the address": func(r *http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 500, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(r.URL.String())), Request: r}, nil
			},
		} {
			shop := prestatest.New(prestatest.Config{})
			id := shop.Buy(prestatest.Order{})
			broken, hosts := false, map[string]bool{}
			c := open(t, shop, func(c *prestashop.Config) {
				c.KeyInQuery = true
				c.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
					hosts[r.URL.Host] = true
					if broken {
						return end(r)
					}
					return shop.Transport().RoundTrip(r)
				})
			})
			_, _, err := read(t.Context(), c, "")
			require.NoError(t, err)
			broken = true
			_, _, reading := read(t.Context(), c, "")
			for _, err := range []error{reading, c.Report(t.Context(), ref(id), shipped(box("p", "N")))} {
				require.Error(t, err, name)
				assert.NotContains(t, fmt.Sprintf("%+v %#v", err, err), prestatest.DefaultKey, name)
			}
			assert.Equal(t, map[string]bool{"presta.test": true}, hosts, name)
		}
	})
}
