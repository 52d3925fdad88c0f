package simtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest"
)

// TestCrashEverywhere plays one story (an order with parts in two warehouses,
// one that is held and resent, one whose answer is lost, one cancelled) and
// lets the process die at every single call that it makes. After a restart
// on the same store everything ends as without the crash.
func TestCrashEverywhere(t *testing.T) {
	var calls []string
	t.Run("without a crash", func(t *testing.T) {
		err := crash(t, 0, miptest.Fine, func(call string) { calls = append(calls, call) })
		require.NoError(t, err)
		t.Log(len(calls), "calls")
	})
	for _, must := range []string{"apply imported", "save cursor", "lease", "POST /rest/order/check", "GET /rest/user/purse", "reserve", "apply sending",
		"POST /rest/order/create", "apply unknown", "GET /rest/order/reference", "apply placed", "settle", "apply settled", "POST /rest/tracking/orders",
		"apply tracked", "PUT /wp-json", "apply reported", "done", "later"} {
		assert.True(t, slices.ContainsFunc(calls, func(c string) bool { return strings.Contains(c, must) }), "the story has no call %q", must)
	}
	for name, m := range map[string]miptest.Mishap{"before it leaves": miptest.CrashBefore, "after it took effect": miptest.CrashAfter,
		"while it is on its way": miptest.CrashLate} {
		t.Run("the process dies at a call "+name, func(t *testing.T) {
			t.Parallel()
			for at, step := 1, share/4+1; at <= len(calls); at += step {
				if err := crash(t, at, m, func(string) {}); err != nil {
					t.Errorf("call %d (%s): %v", at, calls[at-1], err)
				}
			}
		})
	}
}

// crash plays the story, lets the process die at the at-th call (0 = never),
// and returns what is wrong in the end.
func crash(t *testing.T, at int, m miptest.Mishap, count func(string)) (err error) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)))
		w := newWorld(t.Context(), plan{seed: 1, engines: 1, shops: []wootest.Tracking{wootest.ShipmentTracking}, balance: mip.EUR(500_00), steady: true})
		made := 0
		w.fate = func(p miptest.Point) miptest.Mishap {
			made++
			count(fmt.Sprint(p.Port, " ", p.Call))
			if made == at {
				w.loosen(p)
				return m
			}
			return miptest.Fine
		}
		w.story()
		w.settle()
		w.final()
		err = w.failure()
		if want := at > 0; want != (w.restarts > 0) {
			err = fmt.Errorf("%d crashes", w.restarts)
		}
		for _, p := range w.programs {
			p.Kill()
		}
	})
	return err
}

// story is what happens in TestCrashEverywhere.
func (w *world) story() {
	go1 := func(d time.Duration) {
		for range 2 {
			w.heard(w.programs[0].eng.Sync(w.programs[0].Context()))
			w.revive()
			time.Sleep(d)
			w.deliver()
		}
		w.check()
	}
	w.buy(action{kind: "buy", b: 1, c: 7}) // from two warehouses
	go1(time.Second)
	w.bank.Fail(bigbuytest.RouteCreateMulti, bigbuytest.Timeout|bigbuytest.AfterCommit, 1)
	w.buy(action{kind: "buy", c: 1})
	go1(time.Minute)
	w.buy(action{kind: "buy long", c: 2})
	go1(5 * time.Minute)
	w.buy(action{kind: "buy", c: 3})
	w.sales[3].shop.srv.SetStatus(w.sales[3].id, "cancelled")
	held := w.sales[2]
	for range 3 { // a person whose click came to nothing clicks again
		p := w.programs[0]
		w.command(p.eng.EditAddress(p.Context(), held.ref, operator, home(1)))
		w.command(p.eng.Resend(p.Context(), held.ref, operator))
		w.revive()
	}
	go1(time.Minute)
	for i, b := range w.bank.Orders() {
		w.must(w.bank.Ship(b.ID, "GLS", fmt.Sprint("T", i)))
	}
	go1(3 * time.Hour)
}
