package simtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/paypal/paypaltest"
)

// saw is told every change that was committed.
func (w *world) saw(before mip.Order, e mip.Event, r mip.Result) {
	w.tell("    %s: %s: %s -> %s %v %s", r.Order.Ref, e.Kind, before.State, r.Order.State, r.Change.Codes, r.Change.Note)
	w.reallyNot(before, e, r.Order)
	if e.Kind != mip.EventSending {
		return
	}
	a := r.Order.Attempts[e.Attempt-1]
	for _, held := range w.reservations(a.Payment) {
		if held.Key == a.PaymentKey(a.Payment) && held.State == mip.ReservationOpen && held.Amount.Equal(a.Amount) {
			return
		}
	}
	w.breaks("%s is sent to be paid by %s, and no money is set aside", r.Order.Ref, a.Payment)
}

// reallyNot: an attempt that is said to have bought nothing has bought nothing
// that BigBuy knows of.
func (w *world) reallyNot(before mip.Order, e mip.Event, o mip.Order) {
	w.mu.Lock()
	doubled := w.doubled
	for i, was := range before.Attempts {
		if was.InFlight() && !o.Attempts[i].InFlight() {
			w.ended[was.Key()] = w.looked[was.Reference]
		}
	}
	w.mu.Unlock()
	if doubled || slices.Contains(mip.Codes(e.Findings), mip.CodeAlreadyExists) {
		return // a refusal may be of the second copy; or it is not what was asked for
	}
	for i, was := range before.Attempts {
		is := o.Attempts[i]
		if !was.InFlight() || was.SentAt.IsZero() || is.Outcome != mip.OutcomeRefused && !is.SentAt.IsZero() {
			continue
		}
		for _, b := range w.bank.Orders() {
			if b.Reference == was.Reference && !b.ByHand && !b.CreatedAt.Before(was.SentAt) {
				w.breaks("%s: attempt %d bought %s, and %s says that it did not", o.Ref, was.Number, b.ID, e.Kind)
			}
		}
	}
}

// reservations returns an account's open reservations.
func (w *world) reservations(account string) []mip.Reservation {
	all, err := w.witness.Reservations(w.ctx, account, time.Now().Add(time.Hour))
	w.must(err)
	return all
}

// arrived looks at a call at BigBuy before it is done: an order may be created
// only for an attempt that was announced, and with what it covers.
func (w *world) arrived(c bigbuytest.Call) {
	if c.Route == bigbuytest.RouteReference {
		w.mu.Lock()
		w.looked[strings.TrimSuffix(path.Base(c.Path), ".json")]++
		w.mu.Unlock()
	}
	if c.Route != bigbuytest.RouteCreateMulti && c.Route != bigbuytest.RouteCreate {
		return
	}
	var form struct {
		Order struct {
			Reference string `json:"internalReference"`
			Method    string `json:"paymentMethod"`
			Products  []struct {
				SKU      string `json:"reference"`
				Quantity int    `json:"quantity"`
			}
		}
	}
	w.must(json.Unmarshal(c.Body, &form))
	ref, ours := w.owner(form.Order.Reference)
	if !ours {
		w.breaks("an order is created under %q, which is nobody's", form.Order.Reference)
		return
	}
	o, err := w.witness.Order(w.ctx, ref)
	w.must(err)
	for _, a := range slices.Backward(o.Attempts) {
		if a.Reference != form.Order.Reference || a.SentAt.IsZero() {
			continue
		}
		w.lookedFirst(o, a)
		if form.Order.Method == "paypal" {
			w.paidFirst(ref, a)
		}
		left := map[string]int{}
		for _, it := range a.Items {
			left[it.SKU] += it.Quantity
		}
		for _, p := range form.Order.Products {
			left[p.SKU] -= p.Quantity
			if left[p.SKU] < 0 {
				w.breaks("%s: attempt %d covers fewer pieces of %s than are ordered", ref, a.Number, p.SKU)
			}
		}
		return
	}
	w.breaks("%s: a create call that no attempt announces", ref)
}

// making returns the reference under which a call at BigBuy orders, if it does.
func (w *world) making(c bigbuytest.Call) string {
	if c.Route != bigbuytest.RouteCreateMulti && c.Route != bigbuytest.RouteCreate {
		return ""
	}
	var form struct {
		Order struct {
			Reference string `json:"internalReference"`
		}
	}
	w.must(json.Unmarshal(c.Body, &form))
	return form.Order.Reference
}

// lookedFirst: what may be bought already is looked up before it is bought.
func (w *world) lookedFirst(o mip.Order, a mip.Attempt) {
	for _, b := range o.Attempts {
		w.mu.Lock()
		since := w.looked[a.Reference] - w.ended[b.Key()]
		w.mu.Unlock()
		if b.Number < a.Number && b.Reference == a.Reference && !b.SentAt.IsZero() && since == 0 {
			w.breaks("%s: attempt %d leaves, and nobody looked what attempt %d did", o.Ref, a.Number, b.Number)
		}
	}
}

// check compares the world with what must hold at every moment.
func (w *world) check() {
	w.boughtOnce()
	w.ownGoods()
	w.moneyHolds()
	w.chargedOnce()
	if err := w.witness.Forgotten(w.ctx); err != nil {
		w.breaks("%w", err)
	}
	if err := w.witness.Err(); err != nil {
		w.breaks("%w", err)
	}
	w.mu.Lock()
	throttled := w.bank.Throttled() - w.injected
	loose := w.loose
	w.mu.Unlock()
	if throttled > 0 && !loose {
		w.breaks("%d calls were throttled", throttled)
	}
}

func (w *world) failure() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return errors.Join(w.broken...)
}

// boughtOnce: nothing living at BigBuy exceeds what the customer wanted.
func (w *world) boughtOnce() {
	have := map[mip.Ref]map[string]int{}
	for _, b := range w.bank.Orders() {
		ref, ours := w.owner(b.Reference)
		if !ours || b.Status == bigbuytest.StatusCancelled {
			continue
		}
		if have[ref] == nil {
			have[ref] = map[string]int{}
		}
		for _, it := range b.Items {
			have[ref][it.SKU] += it.Quantity
		}
	}
	for _, s := range w.sales {
		for sku, n := range have[s.ref] {
			if n > s.wanted[sku] {
				w.breaks("%s: %d pieces of %s are bought, %d were wanted", s.ref, n, sku, s.wanted[sku])
			}
		}
	}
}

// ownGoods: no order takes another's purchase for its own.
func (w *world) ownGoods() {
	made := map[string]string{}
	for _, b := range w.bank.Orders() {
		made[b.ID] = b.Reference
	}
	for o, err := range w.witness.Orders(w.ctx, mip.Query{}) {
		w.must(err)
		for _, p := range o.Placements {
			if ref, ours := w.owner(made[p.ID]); !ours || ref != o.Ref {
				w.breaks("%s is said to be bought as %s, which is %s's", o.Ref, p.ID, ref)
			}
		}
	}
}

// moneyHolds: what may be bought has its money set aside, and what is set
// aside for purchases still to come is there.
func (w *world) moneyHolds() {
	held := map[string]bool{}
	for _, account := range []string{"wallet", "paypal"} {
		for _, r := range w.reservations(account) {
			held[r.Key] = r.State == mip.ReservationOpen
		}
	}
	for o, err := range w.witness.Orders(w.ctx, mip.Query{}) {
		w.must(err)
		for _, a := range o.Attempts {
			if a.InFlight() && !a.SentAt.IsZero() && !held[a.PaymentKey(a.Payment)] {
				w.breaks("%s: attempt %d may have bought, and its money is not set aside", o.Ref, a.Number)
			}
		}
	}
	if !w.steady || slices.ContainsFunc(w.bank.Orders(), func(b bigbuytest.Order) bool { return b.ByHand }) {
		return // people who order by hand take from the same purse, reserved or not
	}
	needed := mip.EUR(0)
	for _, r := range w.reservations("wallet") {
		if r.State == mip.ReservationOpen && !w.debited(r.Key) {
			needed, _ = needed.Add(r.Amount) // all in EUR
		}
	}
	if c, err := needed.Cmp(w.bank.Balance()); err != nil || c > 0 {
		w.breaks("%s are set aside, the purse holds %s", needed, w.bank.Balance())
	}
}

// debited reports whether BigBuy has an order under an attempt's reference.
func (w *world) debited(key string) bool {
	reference := key[:strings.LastIndex(key, "--a")]
	for _, b := range w.bank.Orders() {
		if b.Reference == reference {
			return true
		}
	}
	return false
}

// silent: nothing that came out of the library holds personal data or keys.
func (w *world) silent() {
	for _, s := range w.sales {
		history, err := w.witness.History(w.ctx, s.ref)
		if err == nil {
			w.hear(fmt.Sprintf("%+v", history))
		}
	}
	said := strings.ToLower(w.spoken.String())
	for _, secret := range []string{canary, bigbuytest.Token, "ck_1111", "cs_2222", "calle", paypaltest.Secret, paypaltest.PayerEmail, "checkoutnow"} {
		if i := strings.Index(said, strings.ToLower(secret)); i >= 0 {
			w.breaks("%q was said: %q", secret, said[max(0, i-120):min(len(said), i+60)])
		}
	}
}
