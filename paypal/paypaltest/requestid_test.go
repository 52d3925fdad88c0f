package paypaltest_test

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/paypal/paypaltest"
)

// A key is worth something for a while. Afterwards the same call pays again.
func TestARequestIDIsRememberedForAWhile(t *testing.T) {
	tests := []struct {
		name  string
		keep  time.Duration
		begin func(a *app) (call, body string)
		count func(a *app) int
	}{
		{"an order that is paid at once", paypaltest.OrdersKeep, func(a *app) (string, string) {
			return "POST /v2/checkout/orders", vaulted("5.00", "inv", a.Vault("customer1"))
		}, func(a *app) int { return len(a.Charged("inv")) }},
		{"a refund", paypaltest.PaymentsKeep, func(a *app) (string, string) {
			_, capture := a.paid("5.00", "inv")
			return "POST /v2/payments/captures/" + capture + "/refund", `{"amount":` + euros("1.00") + `}`
		}, func(a *app) int { return len(a.Orders()[0].Refunds) }},
		{"a setup token", paypaltest.VaultKeep, func(*app) (string, string) { return "POST /v3/vault/setup-tokens", setup },
			func(a *app) int { return a.Requests(paypaltest.RouteCreateSetupToken) / 3 }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := newApp(t, paypaltest.Config{Switches: paypaltest.Switches{TokenLife: 100 * 24 * time.Hour}})
				call, body := tt.begin(a)
				first := a.do(call, body, key("k")...)
				require.Equal(t, 201, first.status, first.raw)
				time.Sleep(tt.keep)
				again := a.do(call, body, key("k")...)
				assert.Equal(t, 200, again.status, "a replay")
				assert.Equal(t, first.text("id"), again.text("id"))
				before := tt.count(a)
				time.Sleep(time.Second)
				later := a.do(call, body, key("k")...)
				assert.Equal(t, 201, later.status, "the key is forgotten")
				assert.NotEqual(t, first.text("id"), later.text("id"))
				assert.Equal(t, before+1, tt.count(a))
			})
		})
	}
}

func TestAReplayShowsHowThingsAreNow(t *testing.T) {
	a := newApp(t, paypaltest.Config{})
	first := a.do("POST /v2/checkout/orders", plain("1.00", "i"), key("k")...)
	require.NoError(t, a.Approve(first.text("id")))
	again := a.do("POST /v2/checkout/orders", plain("1.00", "i"), key("k")...)
	assert.Equal(t, 200, again.status)
	assert.Equal(t, "APPROVED", again.text("status"))
}

func TestARequestIDBelongsToOneOperation(t *testing.T) {
	a := newApp(t, paypaltest.Config{})
	made := a.do("POST /v2/checkout/orders", plain("1.00", "i"), key("k")...)
	require.NoError(t, a.Approve(made.text("id")))
	got := a.do("POST /v2/checkout/orders/"+made.text("id")+"/capture", "", key("k")...)
	assert.Equal(t, 201, got.status, "create's key says nothing about capture")
}

func TestARequestIDWithAnotherBody(t *testing.T) {
	for _, refuses := range []bool{false, true} {
		t.Run(fmt.Sprintf("refused: %v", refuses), func(t *testing.T) {
			a := newApp(t, paypaltest.Config{Switches: paypaltest.Switches{RefuseChangedBody: refuses}})
			first := a.do("POST /v2/checkout/orders", plain("1.00", "i"), key("k")...)
			a.unlisted = true
			other := a.do("POST /v2/checkout/orders", plain("2.00", "j"), key("k")...)
			assert.Len(t, a.Orders(), 1, "there is no second order either way")
			if refuses {
				assert.Equal(t, 422, other.status)
				assert.Equal(t, "DUPLICATE_REQUEST_ID", other.issue())
				return
			}
			assert.Equal(t, 200, other.status)
			assert.Equal(t, first.text("id"), other.text("id"), "the second payment was swallowed")
		})
	}
}

func TestARefusalDoesNotUseARequestIDUp(t *testing.T) {
	a := newApp(t, paypaltest.Config{})
	id := a.do("POST /v2/checkout/orders", plain("1.00", "i"), key("k")...).text("id")
	require.NoError(t, a.Decline(id))
	got := a.do("POST /v2/checkout/orders/"+id+"/capture", "", key("c")...)
	assert.Equal(t, "INSTRUMENT_DECLINED", got.issue())
	assert.Contains(t, got.link("redirect"), "/checkoutnow?token="+id)
	require.NoError(t, a.Approve(id), "with another instrument")
	assert.Equal(t, 201, a.do("POST /v2/checkout/orders/"+id+"/capture", "", key("c")...).status)
	assert.Len(t, a.Charged("i"), 1)
}

// Of many calls with one key at once one pays, the others wait.
func TestARequestIDInFlightIsAConflict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, paypaltest.Config{})
		body := vaulted("5.00", "inv", a.Vault("customer1"))
		a.Switch(func(w *paypaltest.Switches) { w.Latency = time.Second })
		statuses, mu := map[int]int{}, sync.Mutex{}
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				one := &app{Server: a.Server, t: t, client: a.Client(), token: a.token}
				got := one.do("POST /v2/checkout/orders", body, key("k")...)
				mu.Lock()
				defer mu.Unlock()
				statuses[got.status]++
				if got.status == 409 {
					assert.Equal(t, "PREVIOUS_REQUEST_IN_PROGRESS", got.issue())
				}
			})
		}
		wg.Wait()
		assert.Equal(t, map[int]int{201: 1, 409: 4}, statuses)
		assert.Equal(t, 200, a.do("POST /v2/checkout/orders", body, key("k")...).status)
		assert.Len(t, a.Charged("inv"), 1)
	})
}

func TestVaultCallsNeedARequestID(t *testing.T) {
	a := newApp(t, paypaltest.Config{})
	got := a.do("POST /v3/vault/setup-tokens", setup)
	assert.Equal(t, 400, got.status)
	assert.Equal(t, "MISSING_REQUIRED_PARAMETER", got.issue())
}
