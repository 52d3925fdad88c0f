package woocommerce_test

import (
	"net/http"
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

func TestClocks(t *testing.T) {
	for name, off := range map[string]time.Duration{"an hour behind": -time.Hour, "equal": 0, "an hour ahead": time.Hour, "a day ahead": 24 * time.Hour} {
		for scheme, tracks := range map[string]string{"https": "https://woo.test", "http": "http://woo.test"} {
			t.Run("the shop's clock is "+name+" over "+scheme, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					shop := wootest.New(wootest.Config{URL: tracks})
					c := open(t, shop, func(c *woocommerce.Config) { c.Transport = shifted{shop.Transport(), off} })
					time.Sleep(48 * time.Hour)
					var next mip.Cursor
					seen := map[string]mip.Facts{}
					var bought []string
					for range 5 {
						bought = append(bought, text(shop.Buy(wootest.Order{Modified: time.Now().Truncate(time.Second).UTC()})))
						time.Sleep(3 * time.Second)
						got, to, err := read(t.Context(), c, next)
						require.NoError(t, err)
						next = to
						for id, f := range got {
							seen[id] = f
						}
						assert.Contains(t, got, bought[len(bought)-1], "it comes within three seconds by the shop's clock")
					}
					for _, id := range bought {
						assert.Contains(t, seen, id)
					}
				})
			})
		}
	}
}

// shifted makes the shop's clock differ from the channel's: what the channel
// sends about time is moved, and so is what it hears.
type shifted struct {
	http.RoundTripper
	off time.Duration // the shop's clock less the channel's
}

func (s shifted) RoundTrip(r *http.Request) (*http.Response, error) {
	q := r.URL.Query()
	if at, err := strconv.ParseInt(q.Get("oauth_timestamp"), 10, 64); err == nil {
		if skew := time.Until(time.Unix(at, 0)) - s.off; skew.Abs() > 15*time.Minute {
			resp := answer(r, 401, `{"code":"woocommerce_rest_authentication_error","message":"Invalid timestamp.","data":{"status":401}}`)
			resp.Header.Set("Date", time.Now().Add(s.off).UTC().Format(http.TimeFormat))
			return resp, nil
		}
	}
	for k := range q {
		if strings.HasPrefix(k, "oauth_") {
			q.Del(k)
		}
	}
	for _, k := range []string{"modified_after", "modified_before"} {
		if at, err := time.Parse("2006-01-02T15:04:05", q.Get(k)); err == nil {
			q.Set(k, at.Add(-s.off).Format("2006-01-02T15:04:05"))
		}
	}
	in := r.Clone(r.Context())
	in.URL.RawQuery, in.URL.Scheme = q.Encode(), "https"
	in.SetBasicAuth(wootest.DefaultKey, wootest.DefaultSecret)
	resp, err := s.RoundTripper.RoundTrip(in)
	if err == nil {
		resp.Header.Set("Date", time.Now().Add(s.off).UTC().Format(http.TimeFormat))
		body := readAll(resp)
		for _, name := range []string{"created", "modified"} {
			body = moveDates(body, `"date_`+name+`_gmt":"`, s.off)
		}
		resp.Body = bodyOf(body)
	}
	return resp, err
}

// Totals lie, are missing, or pages come shorter than asked for: no order is
// lost and the reading ends.
func TestPagingInTheWild(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(http.Header)
		pages  []string // sizes; a short page without a total is the last one
	}{
		{"as documented", func(http.Header) {}, []string{"100", "40"}},
		{"without a total", func(h http.Header) { h.Del("X-WP-Total") }, []string{"100"}},
		{"with a total that counts hidden orders", func(h http.Header) { h.Set("X-WP-Total", "260") }, []string{"100", "40"}},
		{"without a Date", func(h http.Header) { h.Del("Date") }, []string{"100", "40"}},
	} {
		for _, perPage := range c.pages {
			t.Run(c.name+", "+perPage+" a page", func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					shop := wootest.New(wootest.Config{})
					var all []string
					for range 250 {
						all = append(all, text(shop.Buy(wootest.Order{})))
						time.Sleep(time.Second)
					}
					time.Sleep(time.Minute)
					page := 0
					channel := open(t, shop, func(config *woocommerce.Config) {
						config.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
							in := r.Clone(r.Context())
							q := in.URL.Query()
							q.Set("per_page", perPage)
							in.URL.RawQuery = q.Encode()
							resp, err := shop.Transport().RoundTrip(in)
							if err == nil {
								c.change(resp.Header)
							}
							return resp, err
						})
					})
					got, next, err := read(t.Context(), channel, "", func() {
						page++
						if page == 1 || page == 2 { // what was read leaves the window, the rest moves up
							for _, i := range []int{3 * page, 3*page + 1} {
								id, _ := strconv.ParseInt(all[i], 10, 64)
								shop.SetStatus(id, "completed")
							}
						}
					})
					require.NoError(t, err)
					require.NotEmpty(t, next)
					for _, id := range all {
						assert.Contains(t, got, id)
					}
				})
			})
		}
	}
}

func TestBusyShopComesToAnEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{})
		var all []int64
		for range 400 {
			all = append(all, shop.Buy(wootest.Order{}))
			time.Sleep(time.Minute)
		}
		c, turn := open(t, shop), 0
		seen := map[string]mip.Facts{}
		var next mip.Cursor
		for i := range 20 {
			got, to, err := read(t.Context(), c, next, func() {
				if i < 3 {
					turn++
					shop.SetStatus(all[turn%len(all)], []string{"on-hold", "processing"}[turn/len(all)%2])
					time.Sleep(2 * time.Second)
				}
			})
			require.NoError(t, err)
			assert.NotEqual(t, next, to, "every reading gets on")
			next = to
			for id, f := range got {
				seen[id] = f
			}
			time.Sleep(time.Minute)
		}
		for _, id := range all {
			o, _ := shop.Order(id)
			require.Contains(t, seen, text(id))
			assert.Equal(t, o.Status == "processing", seen[text(id)].Demand == mip.DemandShip)
		}
	})
}

func TestOldShopIgnoresTheWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{Before58: true})
		old := text(shop.Buy(wootest.Order{}))
		time.Sleep(2 * time.Hour)
		c := open(t, shop)
		got, next, err := read(t.Context(), c, "")
		require.NoError(t, err)
		require.Contains(t, got, old)
		fresh := text(shop.Buy(wootest.Order{}))
		time.Sleep(time.Minute)
		got, _, err = read(t.Context(), c, next)
		require.NoError(t, err)
		assert.Contains(t, got, fresh)
		assert.NotContains(t, got, old, "what lies outside the window is dropped")
	})
}

func TestLookBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{})
		old := text(shop.Buy(wootest.Order{}))
		time.Sleep(31 * 24 * time.Hour)
		fresh := text(shop.Buy(wootest.Order{}))
		time.Sleep(time.Minute)
		got, _, err := read(t.Context(), open(t, shop), "")
		require.NoError(t, err)
		assert.NotContains(t, got, old)
		assert.Contains(t, got, fresh)
		got, _, err = read(t.Context(), open(t, shop, func(c *woocommerce.Config) { c.LookBack = 40 * 24 * time.Hour }), "")
		require.NoError(t, err)
		assert.Contains(t, got, old)
	})
}

// Orders that leave from behind, walk after walk, make two walks look alike up
// to the page where it happens. What is behind that page must still be read.
func TestOrdersThatLeaveFromBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{})
		var all []int64
		for range 250 {
			all = append(all, shop.Buy(wootest.Order{}))
		}
		time.Sleep(time.Minute)
		second := 0
		c := open(t, shop, func(c *woocommerce.Config) {
			c.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
				if q := r.URL.Query(); q.Get("page") == "2" && q.Get("status") == "any" {
					shop.SetStatus(all[len(all)-1-second], "completed")
					second++
				}
				return shop.Transport().RoundTrip(r)
			})
		})
		got, next, err := read(t.Context(), c, "")
		require.NoError(t, err)
		assert.Less(t, second, 10, "it comes to an end")
		left, _, err := read(t.Context(), c, next)
		require.NoError(t, err)
		for _, id := range all {
			if _, later := left[text(id)]; !later && id < all[len(all)-1-second] {
				assert.Contains(t, got, text(id))
			}
		}
	})
}
