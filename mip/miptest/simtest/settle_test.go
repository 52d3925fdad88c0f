package simtest

import (
	"slices"
	"strings"
	"time"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
)

// settle stops the faults, lets everybody do what they should, and waits until
// nothing is left to do.
func (w *world) settle() {
	w.tell("the faults stop")
	begun := time.Now()
	w.chaos.Stop()
	w.bank.Switch(func(s *bigbuytest.Switches) { s.ShipAfter, s.DeliverAfter = 2*time.Hour, 10*time.Hour })
	w.bank.TopUp(mip.EUR(20_000_00))
	w.setStock(bigbuytest.SKUSoldOut, 100)
	for _, sku := range skus {
		w.setStock(sku, 100)
	}
	w.revive()
	w.deliver()
	for idle := 0; idle < 2; {
		p := w.programs[0]
		w.heard(p.eng.Sync(p.Context()))
		idle++
		if w.people(p) {
			idle = 0
		}
		w.rest(6 * time.Hour)
		if _, due, err := w.witness.NextDue(w.ctx); due || err != nil {
			idle = 0
		}
		if time.Since(begun) > 60*24*time.Hour {
			w.breaks("it does not come to rest in sixty days")
			return
		}
	}
	w.check()
}

// rest lets the program work for so long, when something is due.
func (w *world) rest(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		p := w.programs[0]
		_, err := p.eng.Work(p.Context())
		w.heard(err)
		w.revive()
		w.deliver()
		due, ok, err := w.witness.NextDue(w.ctx)
		w.must(err)
		if !ok || due.After(end) {
			due = end
		}
		time.Sleep(max(time.Until(due), time.Second))
	}
}

// patience is how often people try to help one order.
const patience = 6

// people look after what waits for them, and pay what must be paid. They
// report whether they did anything.
func (w *world) people(p *program) (acted bool) {
	acted = w.payUp()
	for _, b := range w.bank.Orders() {
		if b.Status == bigbuytest.StatusAwaitingPayment {
			w.must(w.bank.MarkPaid(b.ID))
			acted = true
		}
	}
	for _, s := range w.sales {
		o, err := w.witness.Order(w.ctx, s.ref)
		if err != nil || o.State != mip.StatePendingReview || s.helped >= patience {
			continue
		}
		s.helped++
		acted = true
		w.tell("%s  %s waits for %v", time.Now().UTC().Format("Jan 2 15:04:05"), s.ref, mip.Codes(o.Findings))
		w.lookAfter(p, s, o)
	}
	return acted
}

// lookAfter does what a careful person would do for a held order.
func (w *world) lookAfter(p *program, s *sale, o mip.Order) {
	holds := func(prefix string) bool {
		return slices.ContainsFunc(o.Findings, func(f mip.Finding) bool { return f.Blocks() && strings.HasPrefix(f.Code, prefix) })
	}
	if holds("address.") && !o.InFlight() {
		w.command(p.eng.EditAddress(p.Context(), s.ref, operator, home(1)))
	}
	switch {
	case w.hides(o.Ref) && !o.InFlight():
		return
	case holds(mip.CodeOutcomeUnknown) && len(w.bought(o)) == 0, holds(mip.CodeReinstated), holds(mip.CodeDuplicate), holds(mip.CodePaymentWithdrawn) && o.Demand == mip.DemandShip:
		w.override(p, s)
	case holds(mip.CodeAlreadyExists) && !w.others(s, named(o)):
		w.command(p.eng.MarkManuallySent(p.Context(), s.ref, operator, named(o)))
		return
	case holds(mip.CodeNothingToBuy), o.CancelAsked && !o.InFlight():
		w.command(p.eng.Cancel(p.Context(), s.ref, operator, "nothing is left to do"))
		return
	}
	w.command(p.eng.Resend(p.Context(), s.ref, operator))
}

// others reports whether a reference stands for another sale.
func (w *world) others(s *sale, reference string) bool {
	ref, ours := w.owner(reference)
	return ours && ref != s.ref
}

// named is the reference under which an order is said to exist already.
func named(o mip.Order) string {
	i := slices.IndexFunc(o.Findings, func(f mip.Finding) bool { return f.Code == mip.CodeAlreadyExists })
	return o.Findings[i].Params["reference"]
}

// final compares the settled world with what must have come out.
func (w *world) final() {
	for _, s := range w.sales {
		w.outcome(s)
	}
	w.silent()
	w.squared()

	for _, account := range []string{"wallet", "paypal"} {
		for _, r := range w.reservations(account) {
			if r.State == mip.ReservationOpen && !w.excused(r.Ref) {
				w.breaks("%s: %s stay set aside for ever", r.Ref, r.Amount)
			}
		}
	}
}

func (w *world) excused(ref mip.Ref) bool {
	return slices.ContainsFunc(w.sales, func(s *sale) bool { return s.ref == ref && s.doubt != "" })
}

// outcome looks at what became of one sale.
func (w *world) outcome(s *sale) {
	shown, there := s.shop.srv.Order(s.id)
	o, err := w.witness.Order(w.ctx, s.ref)
	if mip.KindOf(err) == mip.ErrNotFound {
		if there && shown.Status == "processing" {
			w.breaks("%s is to be shipped and not in the store", s.ref)
		}
		return
	}
	w.must(err)
	s.doubt = w.waits(o)
	if !o.State.Terminal() && there && !o.UpdatedAt.Equal(shown.Modified) {
		w.breaks("%s: what the shop says since %s is not known, but what it said at %s", s.ref, shown.Modified, o.UpdatedAt)
	}
	if s.doubt != "" {
		return
	}
	switch {
	case o.State == mip.StateDelivered:
		w.told(s, o, shown)
	case o.State == mip.StateCancelled:
		if shown.Status == "processing" || shown.Status == "completed" {
			w.breaks("%s is cancelled, and %s at the shop", s.ref, shown.Status)
		}
	default:
		w.breaks("%s ends as %s (%s at the shop) with %v", s.ref, o.State, shown.Status, mip.Codes(o.Findings))
	}
}

// waits says why an order may wait for ever; empty = it may not.
func (w *world) waits(o mip.Order) string {
	if o.State == mip.StatePendingReview && (o.Demand == mip.DemandUnpaid || o.Demand == mip.DemandClosed) {
		return "the shop does not want it shipped"
	}
	if w.hides(o.Ref) {
		return "an order at BigBuy cannot be found"
	}
	return ""
}

// hides reports whether BigBuy has living orders that the order does not know
// and no search finds: it shows the first order of a reference only. People
// who look see them, and do not have the order bought again.
func (w *world) hides(ref mip.Ref) bool {
	o, err := w.witness.Order(w.ctx, ref)
	if err != nil {
		return false
	}
	unseen := w.bought(o)
	return len(unseen) > 0 && !slices.ContainsFunc(unseen, func(b bigbuytest.Order) bool { return w.shown(b) || !w.excusable(b) })
}

// excusable reports whether the answer to the order's making may have been
// lost, or a person made it.
func (w *world) excusable(b bigbuytest.Order) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return b.ByHand || w.spoilt[b.Reference] || w.storeFaults > 0 || w.crashes > 0 || w.fate != nil || w.late
}

// shown reports whether a search for the order's reference finds it.
func (w *world) shown(b bigbuytest.Order) bool {
	for _, first := range w.bank.Orders() {
		if first.Reference == b.Reference {
			return first.ID == b.ID
		}
	}
	return false
}

// told: the shop shows what happened, each parcel once.
func (w *world) told(s *sale, o mip.Order, shown wootest.Order) {
	if slices.ContainsFunc(o.Findings, func(f mip.Finding) bool { return f.Code == mip.CodeReportRefused }) {
		if shown.Status != "cancelled" && shown.Status != "refunded" && shown.Status != "trash" && s.touched.Before(w.lastTold(s)) {
			w.breaks("%s: the shop refused the news although it is %s", s.ref, shown.Status)
		}
		return
	}
	if shown.Status != "completed" && s.touched.Before(w.lastTold(s)) {
		w.breaks("%s is delivered, and %s at the shop", s.ref, shown.Status)
	}
	for _, b := range w.bank.Orders() {
		if ref, ours := w.owner(b.Reference); !ours || ref != s.ref || b.Status == bigbuytest.StatusCancelled || unsaid(o, b) {
			continue
		}
		for _, parcel := range b.Parcels {
			if n := timesShown(shown, parcel.Number); n != 1 {
				w.breaks("%s: parcel %s is shown %d times", s.ref, parcel.Number, n)
			}
		}
	}
}

// unsaid: a person ordered by hand, told nobody, and cancelled the order here.
// Nothing is looked up for it any more.
func unsaid(o mip.Order, b bigbuytest.Order) bool {
	return b.ByHand && o.CancelAsked && !slices.ContainsFunc(o.Placements, func(p mip.Placement) bool { return p.ID == b.ID })
}

// lastTold is when the shop last heard of the order.
func (w *world) lastTold(s *sale) time.Time {
	history, err := w.witness.History(w.ctx, s.ref)
	w.must(err)
	for _, c := range slices.Backward(history) {
		if c.Event == mip.EventReported || c.Event == mip.EventReportRefused {
			return c.At
		}
	}
	return time.Time{}
}

// timesShown counts the places where the shop shows a tracking number.
func timesShown(o wootest.Order, number string) int {
	n := 0
	for _, t := range o.Trackings {
		if t.Number == number {
			n++
		}
	}
	for _, f := range o.Fulfillments {
		if wootest.MetaValue(f.Meta, "_tracking_number") == number {
			n++
		}
	}
	for _, note := range o.Notes {
		if slices.Contains(strings.FieldsFunc(note.Text, func(r rune) bool { return strings.ContainsRune(" :,\n/=&?", r) }), number) {
			n++
		}
	}
	return n
}
