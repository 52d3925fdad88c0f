package channeltest_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/mip"
)

func TestOrder(t *testing.T) {
	for n := range 200 {
		for _, f := range []mip.Facts{channeltest.Order(n), channeltest.Hostile(n)} {
			sum := f.Postage
			for _, l := range f.Lines {
				assert.Positive(t, l.Quantity)
				sum, _ = sum.Add(l.Total)
			}
			assert.True(t, sum.Equal(f.Total), "order %d adds up", n)
			assert.Equal(t, f.ShipTo, f.ShipTo.Normal(), "order %d has no outer spaces", n)
			assert.Empty(t, f.Ref.ID)
		}
		assert.Equal(t, channeltest.Order(n), channeltest.Order(n), "the same n gives the same order")
	}
	assert.Len(t, channeltest.LongNote(), 1<<20)
	assert.True(t, utf8.ValidString(channeltest.LongNote()))
}

func TestShopKeepsItsOwnCopies(t *testing.T) {
	shop := channeltest.NewShop("demo")
	f := channeltest.Order(1)
	ref := shop.Buy(f)
	f.Lines[0].SKU = "changed outside"
	sale, ok := shop.Sale(ref.ID)
	require.True(t, ok)
	assert.NotEqual(t, "changed outside", sale.Lines[0].SKU)
	sale.Lines[0].SKU = "changed in the copy"
	again, _ := shop.Sale(ref.ID)
	assert.NotEqual(t, "changed in the copy", again.Lines[0].SKU)
}

func TestShopTimeOfChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := channeltest.NewShop("demo")
		ref := shop.Buy(channeltest.Order(1))
		bought, _ := shop.Sale(ref.ID)
		at := func() time.Duration {
			s, _ := shop.Sale(ref.ID)
			return s.UpdatedAt.Sub(bought.UpdatedAt)
		}
		time.Sleep(time.Minute)
		require.True(t, shop.Edit(ref.ID, func(s *channeltest.Sale) { s.Note = bought.Note }))
		assert.Zero(t, at(), "nothing changed")
		require.True(t, shop.Edit(ref.ID, func(s *channeltest.Sale) { s.Note = "ring twice"; s.Ref.ID = "2" }))
		assert.Equal(t, time.Minute, at())
		time.Sleep(time.Minute)
		require.True(t, shop.Ship(ref.ID, mip.StateShipped, mip.Parcel{ID: "1", Number: "A"}))
		assert.Equal(t, 2*time.Minute, at())
		time.Sleep(time.Minute)
		require.True(t, shop.Ship(ref.ID, mip.StateShipped, mip.Parcel{ID: "1", Number: "A"}))
		assert.Equal(t, 2*time.Minute, at(), "told the same again")
		assert.False(t, shop.Edit("77", func(*channeltest.Sale) {}))
		assert.False(t, shop.Refund(ref, 9, 1))
		assert.False(t, shop.Withdraw(mip.Ref{Channel: "demo", ID: "77"}))
	})
}

func TestShopSince(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := channeltest.NewShop("demo")
		for n := range 25 { // beyond 1009, where ids as text and as numbers part
			shop.Buy(channeltest.Order(n))
			time.Sleep(time.Duration(n%2) * time.Second)
		}
		var ids []string
		var from time.Time
		after := ""
		for {
			page := shop.Since(from, after, 4)
			for _, s := range page {
				ids = append(ids, s.Ref.ID)
				from, after = s.UpdatedAt, s.Ref.ID
			}
			if len(page) < 4 {
				break
			}
		}
		assert.Len(t, ids, 25)
		assert.IsIncreasing(t, ids)
		assert.Len(t, shop.Since(from, "", 0), 1, "inclusive")
	})
}

func TestShopToldWhatABuyerDoesNotSee(t *testing.T) {
	shop := channeltest.NewShop("demo")
	ref := shop.Buy(channeltest.Order(1))
	news := mip.Status{State: mip.StateShipped, Parcels: []mip.Parcel{{ID: "1"}, {ID: "2", Number: "B"}}}
	require.NoError(t, shop.Report(t.Context(), ref, news))
	assert.True(t, shop.Reported(ref).Equal(news))
	assert.Len(t, shop.Shown(ref.ID).Parcels, 1)
}

func TestFaults(t *testing.T) {
	get := func(ctx context.Context, net *channeltest.Net) (int, string) {
		req, err := http.NewRequestWithContext(ctx, "GET", "https://shop.test/x", nil)
		require.NoError(t, err)
		res, err := net.Client().Do(req)
		if err != nil {
			return 0, ""
		}
		defer func() { _ = res.Body.Close() }()
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return res.StatusCode, string(body) + res.Header.Get("Retry-After")
	}
	for _, c := range []struct {
		name   string
		fault  channeltest.Fault
		codes  []int // of three requests
		served int   // of them, carried out
	}{
		{"the zero fault breaks one connection", channeltest.Fault{}, []int{0, 200, 200}, 2},
		{"a status answers in the server's place", channeltest.Fault{Status: 503}, []int{503, 200, 200}, 2},
		{"a body alone is status 200", channeltest.Fault{Body: channeltest.WebPage}, []int{200, 200, 200}, 2},
		{"done means carried out", channeltest.Fault{Done: true}, []int{0, 200, 200}, 3},
		{"skip lets requests through", channeltest.Fault{Skip: 1, Status: 500}, []int{200, 500, 200}, 2},
		{"times counts", channeltest.Fault{Times: 2, Status: 500}, []int{500, 500, 200}, 1},
		{"a negative count is for ever", channeltest.Fault{Times: -1, Status: 500}, []int{500, 500, 500}, 0},
		{"hanging ends with the context", channeltest.Fault{Hang: true}, []int{0, 200, 200}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				served := 0
				net := channeltest.Serve(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served++ }))
				net.Fail(c.fault)
				var codes []int
				for range 3 {
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
					code, _ := get(ctx, net)
					cancel()
					codes = append(codes, code)
				}
				assert.Equal(t, c.codes, codes)
				assert.Equal(t, c.served, served)
				assert.Equal(t, 3, net.Requests())
			})
		})
	}
	t.Run("an answer says how long to wait", func(t *testing.T) {
		net := channeltest.Serve(http.NotFoundHandler())
		net.Fail(channeltest.Fault{Status: 429, RetryAfter: 30 * time.Second, Body: "slow down "})
		code, body := get(t.Context(), net)
		assert.Equal(t, 429, code)
		assert.Equal(t, "slow down 30", body)
	})
	t.Run("no faults clear the line", func(t *testing.T) {
		net := channeltest.Serve(http.NotFoundHandler())
		net.Fail(channeltest.Answers(500, 500)...)
		net.Fail()
		code, _ := get(t.Context(), net)
		assert.Equal(t, 404, code)
	})
}

func TestNetServesWhatWasSent(t *testing.T) {
	net := channeltest.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		assert.Equal(t, "hello", string(body))
		assert.Equal(t, "/a%2Fb?x=1", r.RequestURI)
		assert.Equal(t, "/a/b", r.URL.Path)
		assert.Equal(t, "shop.test", r.Host)
		assert.Nil(t, r.TLS)
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	res, err := net.Client().Post("http://shop.test/a%2Fb?x=1", "text/plain", strings.NewReader("hello"))
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	assert.Equal(t, http.StatusFound, res.StatusCode, "redirects are not followed")
	_, err = http.ParseTime(res.Header.Get("Date"))
	assert.NoError(t, err)
}
