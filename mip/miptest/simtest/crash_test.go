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
	"github.com/openmip/openmip/paypal/paypaltest"
)

// story is a history that every crash is tried on.
type story struct {
	name string
	plan plan
	tell func(w *world)
	must []string // calls that occur in it
}

// stories are: an order with parts in two warehouses, one that is held and
// resent, one whose answer is lost, one cancelled; and three paid with PayPal:
// one approved, one declined and approved, one given back.
func stories() []story {
	common := []string{"apply imported", "save cursor", "lease", "POST /rest/order/check", "GET /rest/user/purse", "reserve", "apply sending",
		"POST /rest/order/create", "apply placed", "settle", "apply settled", "POST /rest/tracking/orders", "apply tracked", "PUT /wp-json", "apply reported", "done", "later"}
	base := plan{seed: 1, engines: 1, shops: []wootest.Tracking{wootest.ShipmentTracking}, balance: mip.EUR(500_00), steady: true}
	paid := base
	paid.balance, paid.paypal, paid.isDirect = mip.EUR(1_00), true, true
	return []story{
		{"the wallet", base, (*world).story, append([]string{"apply unknown", "GET /rest/order/reference"}, common...)},
		{"PayPal", paid, (*world).payPalStory, append([]string{"POST /v2/checkout/orders", "/capture", "/refund", "note", "apply awaiting_payment"}, common...)},
	}
}

// TestCrashEverywhere lets the process die at every single call that it makes
// in a story. After a restart on the same store everything ends as without
// the crash.
func TestCrashEverywhere(t *testing.T) {
	for _, s := range stories() {
		t.Run(s.name, func(t *testing.T) { crashEverywhere(t, inMemory, s, share/4+1) })
	}
}

// crashEverywhere dies at every step-th call.
func crashEverywhere(t *testing.T, o open, s story, step int) {
	var calls []string
	t.Run("without a crash", func(t *testing.T) {
		err := crash(t, o, s, 0, miptest.Fine, func(call string) { calls = append(calls, call) })
		require.NoError(t, err)
		t.Log(len(calls), "calls")
	})
	for _, must := range s.must {
		assert.True(t, slices.ContainsFunc(calls, func(c string) bool { return strings.Contains(c, must) }), "the story has no call %q", must)
	}
	for name, m := range map[string]miptest.Mishap{"before it leaves": miptest.CrashBefore, "after it took effect": miptest.CrashAfter,
		"while it is on its way": miptest.CrashLate} {
		t.Run("the process dies at a call "+name, func(t *testing.T) {
			t.Parallel()
			for at := 1 + step*int(m)/8; at <= len(calls); at += step {
				if err := crash(t, o, s, at, m, func(string) {}); err != nil {
					t.Errorf("call %d (%s): %v", at, calls[at-1], err)
				}
			}
		})
	}
}

// crash plays the story, lets the process die at the at-th call (0 = never),
// and returns what is wrong in the end.
func crash(t *testing.T, o open, s story, at int, m miptest.Mishap, count func(string)) (err error) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)))
		w := newWorld(t.Context(), o(), s.plan)
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
		s.tell(w)
		w.settle()
		w.final()
		err = w.failure()
		if want := at > 0; want != (w.restarts > 0) {
			err = fmt.Errorf("%d crashes", w.restarts)
		}
		w.end()
	})
	return err
}

// go1 lets the program work twice, and some time pass.
func (w *world) go1(d time.Duration) {
	for range 2 {
		w.heard(w.programs[0].eng.Sync(w.programs[0].Context()))
		w.revive()
		time.Sleep(d)
		w.deliver()
	}
	w.check()
}

// payPalStory has a wallet that pays for nothing.
func (w *world) payPalStory() {
	for i := range 3 {
		w.buy(action{kind: "buy", c: i + 1})
	}
	w.go1(time.Minute)
	for i, o := range w.pay.Orders() {
		switch i {
		case 0:
			_ = w.pay.Approve(o.ID)
		case 1:
			_ = w.pay.Decline(o.ID)
		default:
			_ = w.pay.ApproveWith(o.ID, paypaltest.InReview)
		}
	}
	w.go1(6 * time.Minute)
	for range 3 {
		p := w.programs[0]
		w.command(p.eng.Cancel(p.Context(), w.sales[2].ref, operator, "the buyer rang"))
		w.revive()
	}
	w.go1(6 * time.Minute)
	w.payUp()
	w.go1(20 * time.Minute)
	for i, b := range w.bank.Orders() {
		_ = w.bank.Ship(b.ID, "GLS", fmt.Sprint("T", i))
	}
	w.go1(3 * time.Hour)
}

// story has a wallet that pays for everything.
func (w *world) story() {
	go1 := w.go1
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
