package simtest

import (
	"net/http"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
	"github.com/openmip/openmip/paypal"
	"github.com/openmip/openmip/paypal/paypaltest"
)

// openPayPal makes the PayPal account of a world in which payments are direct.
func (w *world) openPayPal() {
	w.pay = paypaltest.New(paypaltest.Config{Switches: paypaltest.Switches{LateBy: 20 * time.Second, ExpiredStay: w.seed%2 == 0}})
	w.vault = w.pay.Vault("the shopkeeper")
	w.pay.OnCall(func(c paypaltest.Call) paypaltest.Fault {
		if !w.chaos.Chance(w.payFaults) {
			return paypaltest.None
		}
		all := paypaltest.Faults()
		f := all[w.chaos.Pick(len(all))]
		switch w.chaos.Pick(3) {
		case 1:
			f |= paypaltest.AfterCommit
		case 2:
			f |= paypaltest.LateCommit
		}
		w.tell("    paypal %s %s: fault %d", c.Method, c.Path, f)
		return f
	})
}

// direct is the payment through PayPal's Orders v2, as a program has it.
func (w *world) direct(ledger mip.Ledger, transport http.RoundTripper) mip.Payment {
	client, err := paypal.NewClient(paypal.ClientConfig{ClientID: paypaltest.ClientID, Secret: rest.NewSecret(paypaltest.Secret), Transport: transport,
		Logger: w.logger()})
	w.must(err)
	c := paypal.DirectConfig{Client: client, Ledger: ledger, Name: "paypal", Account: "paypal", Secret: rest.NewSecret("0123456789abcdef"),
		ReturnURL: "https://shop.example/paid", Authorise: w.authorise, MaxPerOrder: mip.EUR(200_00)}
	if w.vaulted {
		c.Vault = w.vault
	}
	d, err := paypal.Direct(c)
	w.must(err)
	return d
}

// actAtPayPal is what the payer does; false = nothing of theirs.
func (w *world) actAtPayPal(p *program, a action) bool {
	switch a.kind {
	case "approve", "decline", "approve and wait":
	case "return":
		if s := w.sale(a.b); s != nil {
			w.heard(p.eng.PaymentMoved(p.Context(), s.ref))
		}
		return true
	default:
		return false
	}
	if w.pay == nil {
		return true
	}
	all := w.pay.Orders()
	if len(all) == 0 {
		return true
	}
	id := all[a.b%len(all)].ID
	switch a.kind { // what the order's state does not allow is refused, and that is fine
	case "approve":
		_ = w.pay.Approve(id)
	case "decline":
		_ = w.pay.Decline(id)
	default:
		_ = w.pay.ApproveWith(id, paypaltest.InReview)
	}
	return true
}

// payUp approves whatever waits, and decides what PayPal looks at.
func (w *world) payUp() (acted bool) {
	if w.pay == nil {
		return false
	}
	for _, o := range w.pay.Orders() {
		if o.Status != "COMPLETED" && w.pay.Approve(o.ID) == nil && o.ApprovedAt.IsZero() {
			acted = true
		}
		for _, c := range o.Captures {
			if c.Status == "PENDING" {
				w.must(w.pay.CompleteCapture(c.ID))
				acted = true
			}
		}
	}
	return acted
}

// paidFirst: what is bought with PayPal is paid, or set aside, before it is
// bought.
func (w *world) paidFirst(ref mip.Ref, a mip.Attempt) {
	if w.pay == nil {
		return
	}
	key := a.PaymentKey("paypal")
	for _, o := range w.pay.Orders() {
		if o.CustomID != key || !o.Amount.Equal(a.Amount) {
			continue
		}
		for _, c := range append(o.Captures, o.Authorizations...) {
			if c.Status == "COMPLETED" || c.Status == "CREATED" {
				return
			}
		}
	}
	w.breaks("%s: attempt %d is bought with PayPal, and nothing is paid", ref, a.Number)
}

// chargedOnce: no payment takes money twice.
func (w *world) chargedOnce() {
	if w.pay == nil {
		return
	}
	taken := map[string]int{}
	for _, m := range w.pay.Charged("") {
		if m.Kind == paypaltest.Captured {
			taken[m.CustomID]++
		}
	}
	for key, n := range taken {
		if n > 1 {
			w.breaks("the payer is charged %d times for %s", n, key)
		}
	}
}

// squared: in the end the payer has paid what the books say, to the cent.
func (w *world) squared() {
	if w.pay == nil {
		return
	}
	all, err := w.witness.Reservations(w.ctx, "paypal", time.Time{})
	w.must(err)
	known := map[string]bool{}
	for _, r := range all {
		known[r.Key] = true
		want := mip.EUR(0)
		if r.State == mip.ReservationSettled {
			want = r.Actual
			if c, err := want.Cmp(r.Amount); err != nil || c > 0 || want.Currency() == "" {
				want = r.Amount // there is no more to take
			}
		}
		got, err := mip.EUR(0).Add(w.pay.Paid(r.Key))
		w.must(err)
		if r.State != mip.ReservationOpen && !got.Equal(want) {
			w.breaks("%s: the books say %s, the payer paid %s", r.Key, want, got)
		}
	}
	for _, m := range w.pay.Charged("") {
		if !known[m.CustomID] {
			w.breaks("the payer paid %s for %s, which is in no book", m.Amount, m.CustomID)
		}
	}
}
