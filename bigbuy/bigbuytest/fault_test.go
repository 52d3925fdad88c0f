package bigbuytest_test

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
)

// create posts an order that is in good shape.
func create(t *testing.T, srv *bigbuytest.Server, reference string) (answer, error) {
	t.Helper()
	return send(t, srv.Client(), bigbuytest.URL, http.MethodPost, "order/create", order(reference, lamp, 1).body(t))
}

func TestLostAnswers(t *testing.T) {
	for _, c := range []struct {
		fault   bigbuytest.Fault
		timeout bool
		cause   error
	}{
		{bigbuytest.Timeout, true, os.ErrDeadlineExceeded},
		{bigbuytest.Reset, false, syscall.ECONNRESET},
	} {
		t.Run(c.fault.String()+" looks the same before and after the order was made", func(t *testing.T) {
			var texts []string
			for made, fault := range []bigbuytest.Fault{c.fault, c.fault | bigbuytest.AfterCommit} {
				srv := world(bigbuytest.Switches{})
				srv.Fail(bigbuytest.RouteCreate, fault, 1)
				_, err := create(t, srv, "r")
				require.ErrorIs(t, err, c.cause)
				netErr, isNet := errors.AsType[net.Error](err)
				require.True(t, isNet)
				assert.Equal(t, c.timeout, netErr.Timeout())
				texts = append(texts, err.Error())
				assert.Len(t, srv.Orders(), made)
				assert.Equal(t, fault.Kind(), srv.Calls()[0].Lost)

				a, err := create(t, srv, "r")
				require.NoError(t, err, "the fault was for one call")
				assert.Equal(t, []int{201, 409}[made], a.status)
				assert.Len(t, srv.Orders(), 1)
			}
			assert.Equal(t, texts[0], texts[1])
		})
	}
	t.Run("a connection that cannot be made proves that nothing happened", func(t *testing.T) {
		srv := world(bigbuytest.Switches{})
		srv.Fail(bigbuytest.RouteCreate, bigbuytest.Unreachable|bigbuytest.AfterCommit, 1)
		_, err := create(t, srv, "r")
		op, isOp := errors.AsType[*net.OpError](err)
		require.True(t, isOp)
		assert.Equal(t, "dial", op.Op)
		assert.ErrorIs(t, err, syscall.ECONNREFUSED)
		assert.Empty(t, srv.Orders())
	})
	t.Run("silence lasts until the client gives up, and holds up nobody else", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			srv := world(bigbuytest.Switches{})
			srv.Fail(bigbuytest.RouteCreate, bigbuytest.Hang|bigbuytest.AfterCommit, 1)
			client := srv.Client()
			client.Timeout = time.Minute
			start := time.Now()
			done := make(chan error)
			go func() {
				_, err := send(t, client, bigbuytest.URL, http.MethodPost, "order/create", order("r", lamp, 1).body(t))
				done <- err
			}()
			synctest.Wait()
			assert.Equal(t, 200, get(t, srv, "order/reference/r").status, "the order is there already")
			err := <-done
			netErr, isNet := errors.AsType[net.Error](err)
			require.True(t, isNet)
			assert.True(t, netErr.Timeout())
			assert.Equal(t, time.Minute, time.Since(start))
		})
	})
	t.Run("a late order is made when nobody waits any more", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			srv := world(bigbuytest.Switches{LateBy: 30 * time.Second})
			srv.Fail(bigbuytest.RouteCreate, bigbuytest.Timeout|bigbuytest.LateCommit, 1)
			start := time.Now()
			_, err := create(t, srv, "r")
			require.Error(t, err)
			time.Sleep(29 * time.Second)
			assert.Equal(t, 404, get(t, srv, "order/reference/r").status)
			time.Sleep(5 * time.Second)
			assert.Equal(t, 200, get(t, srv, "order/reference/r").status)
			require.Len(t, srv.Orders(), 1)
			assert.Equal(t, 30*time.Second, srv.Orders()[0].CreatedAt.Sub(start))
		})
	})
	t.Run("a late order is made when the test says so", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			srv := world(bigbuytest.Switches{LateBy: time.Hour})
			srv.Fail(bigbuytest.RouteCreate, bigbuytest.Reset|bigbuytest.LateCommit, 1)
			_, err := create(t, srv, "r")
			require.Error(t, err)
			time.Sleep(time.Minute)
			require.Empty(t, srv.Orders())
			srv.CommitLate()
			require.Len(t, srv.Orders(), 1)
			assert.Equal(t, time.Now(), srv.Orders()[0].CreatedAt)
			time.Sleep(2 * time.Hour)
			assert.Len(t, srv.Orders(), 1, "once")
		})
	})
	t.Run("a late order meets a reference that was used meanwhile", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			srv := world(bigbuytest.Switches{})
			srv.Fail(bigbuytest.RouteCreate, bigbuytest.Reset|bigbuytest.LateCommit, 1)
			_, err := create(t, srv, "r")
			require.Error(t, err)
			a, err := create(t, srv, "r")
			require.NoError(t, err)
			assert.Equal(t, 201, a.status)
			time.Sleep(time.Minute)
			assert.Len(t, srv.Orders(), 1)
			assert.Equal(t, "9990.19", srv.Balance().Text())
		})
	})
}

func TestSpoiltAnswers(t *testing.T) {
	for _, c := range []struct {
		fault       bigbuytest.Fault
		status      int
		contentType string
		body        string // prefix
	}{
		{bigbuytest.ServerError, 500, "application/json", `{"code":500,"message":"An error has occurred. Please try again later.`},
		{bigbuytest.PaymentError, 503, "text/html", `HTTP/2 503  returned for "https://www.bigbuy.eu/order/payment/`},
		{bigbuytest.IdleTimeout, 500, "text/html", `Idle timeout reached for `},
		{bigbuytest.NotAvailable, 500, "application/json", `{"error":"Information is not available right now. Try it again later"}`},
		{bigbuytest.SoftError, 200, "application/json", `{"code":409,"message":"Something went wrong 0123456789abcdef0123456789abcdef"}`},
		{bigbuytest.Embedded, 200, "application/json", "HTTP/1.0 500 Internal Server Error\r\n"},
		{bigbuytest.Empty, 200, "application/json", ""},
		{bigbuytest.GatewayTimeout, 504, "text/html", "<html><body><h1>504 Gateway Time-out</h1>"},
		{bigbuytest.NoServer, 503, "text/html", "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request."},
		{bigbuytest.Oops, 500, "text/html", "<!DOCTYPE html>\n<html><body><h1>Oops! An Error Occurred"},
		{bigbuytest.BadGateway, 502, "text/html", "Bad Gateway"},
		{bigbuytest.TryLater, 409, "application/json", `{"code":"ER009","message":"{\"info\":`},
	} {
		for made, fault := range []bigbuytest.Fault{c.fault, c.fault | bigbuytest.AfterCommit} {
			t.Run(fault.String(), func(t *testing.T) {
				srv := world(bigbuytest.Switches{})
				srv.Fail(bigbuytest.RouteCreate, fault, 2)
				for range 2 {
					a, err := create(t, srv, "r")
					require.NoError(t, err)
					assert.Equal(t, c.status, a.status)
					assert.True(t, strings.HasPrefix(a.header.Get("Content-Type"), c.contentType))
					assert.True(t, strings.HasPrefix(a.body, c.body), a.body)
				}
				assert.Len(t, srv.Orders(), made)
				assert.True(t, fault.Loses())
			})
		}
	}
	t.Run("the embedded answer is a whole one", func(t *testing.T) {
		srv := world(bigbuytest.Switches{})
		srv.Fail(bigbuytest.RouteLowestCost, bigbuytest.Embedded, 1)
		body := post(t, srv, "shipping/lowest-shipping-cost-by-country", `{}`).body
		_, inner, found := strings.Cut(body, "\r\n\r\n")
		require.True(t, found)
		assert.JSONEq(t, `{"error":"Information is not available right now. Try it again later"}`, inner)
	})
	t.Run("throttled on demand, with nothing done", func(t *testing.T) {
		srv := bigbuytest.New(bigbuytest.Config{})
		srv.Fail(bigbuytest.RouteCreate, bigbuytest.Throttle|bigbuytest.AfterCommit, 1)
		a, err := create(t, srv, "r")
		require.NoError(t, err)
		assert.Equal(t, 429, a.status)
		assert.Equal(t, "You exceeded the rate limit", a.body)
		assert.NotEmpty(t, a.header.Get("X-RateLimit-Reset"))
		assert.Empty(t, srv.Orders())
		assert.Equal(t, 1, srv.Throttled())
	})
	t.Run("code and message swapped, with nothing done", func(t *testing.T) {
		srv := world(bigbuytest.Switches{})
		srv.Fail(bigbuytest.RouteCreate, bigbuytest.Swapped|bigbuytest.AfterCommit, 1)
		a, err := create(t, srv, "r")
		require.NoError(t, err)
		assert.Equal(t, 400, a.status)
		assert.Equal(t, `{"code":"Bad request","message":400}`, a.body)
		assert.Empty(t, srv.Orders())
		assert.False(t, bigbuytest.Swapped.Loses())
	})
	t.Run("a key withdrawn for a moment", func(t *testing.T) {
		srv := bigbuytest.New(bigbuytest.Config{})
		srv.Fail(bigbuytest.RouteCreate, bigbuytest.Unauthorized, 1)
		a, err := create(t, srv, "r")
		require.NoError(t, err)
		assert.Equal(t, 401, a.status)
		assert.Empty(t, a.header.Get("X-RateLimit-Reset"))
	})
	t.Run("half an answer", func(t *testing.T) {
		srv := world(bigbuytest.Switches{})
		srv.Fail(bigbuytest.RouteCreate, bigbuytest.Truncated, 1)
		a, err := create(t, srv, "r")
		require.NoError(t, err)
		assert.Equal(t, 201, a.status)
		assert.False(t, json.Valid([]byte(a.body)))
		assert.Len(t, srv.Orders(), 1)
	})
	t.Run("partial multishipping", func(t *testing.T) {
		srv := world(bigbuytest.Switches{})
		srv.Fail(bigbuytest.RouteCreateMulti, bigbuytest.Partial, 1)
		a := post(t, srv, "order/create/multishipping", order("r", lamp, 1, chair, 1).without("carriers").body(t))
		assert.Equal(t, 200, a.status)
		assert.Contains(t, a.body, `"orders":[{"productReferences":["S0000001"],"id":"15000001"`)
		assert.Contains(t, a.body, `"errors":[{"status":409,"code":"ER003","message":"Products have no stock.","productReferences":["S0000003"],"warehouse":2}]`)
		assert.Len(t, srv.Orders(), 1)
		assert.Equal(t, "9990.19", srv.Balance().Text())
	})
	t.Run("a part that is told to fail, and is there all the same", func(t *testing.T) {
		for hidden, fault := range []bigbuytest.Fault{bigbuytest.PartialLater, bigbuytest.PartialLater | bigbuytest.AfterCommit} {
			srv := world(bigbuytest.Switches{})
			srv.Fail(bigbuytest.RouteCreateMulti, fault, 1)
			a := post(t, srv, "order/create/multishipping", order("r", lamp, 1, chair, 1).without("carriers").body(t))
			assert.Equal(t, 200, a.status)
			assert.Contains(t, a.body, `"orders":[{"productReferences":["S0000001"],"id":"15000001"`)
			assert.Contains(t, a.body, `"errors":[{"status":409,"code":"ER009"`)
			assert.Len(t, srv.Orders(), 1+hidden)
		}
	})
}

func TestTypeFlips(t *testing.T) {
	srv := world(bigbuytest.Switches{TypeFlips: true})
	assert.Equal(t, `10000.00`, get(t, srv, "user/purse").body)
	assert.Equal(t, `{"order_id":"15000001"}`, post(t, srv, "order/create", order("r", lamp, 1).body(t)).body)
	assert.Equal(t, `{"id":15000001,"totalPaidTaxIncl":9.81}`, get(t, srv, "order/reference/r").body)
	assert.Contains(t, post(t, srv, "order/create", order("r", lamp, 1).body(t)).body, `\"orderId\":\"15000001\"`)
	got := get(t, srv, "order/15000001").body
	assert.Contains(t, got, `"totalPaidTaxIncl":"9.81"`)
	assert.Contains(t, got, `"reference":"S0000001"`)
	assert.Contains(t, post(t, srv, "order/create/multishipping", order("s", lamp, 1).body(t)).body, `"id":15000002`)
	require.NoError(t, srv.Ship("15000001", "GLS", "12345"))
	got = get(t, srv, "tracking/order/15000001").body
	assert.Contains(t, got, `"id":"15000001"`)
	assert.Contains(t, got, `"carrier":{"id":7}`)
	assert.Contains(t, got, `"trackingNumber":"12345"`)
	assert.Contains(t, get(t, srv, "catalog/product/101").body, `"wholesalePrice":"4.52"`)

	once := world(bigbuytest.Switches{})
	once.Fail(bigbuytest.RoutePurse, bigbuytest.FlipTypes, 1)
	assert.Equal(t, `10000.00`, get(t, once, "user/purse").body)
	assert.Equal(t, `"10000.00"`, get(t, once, "user/purse").body)
}
