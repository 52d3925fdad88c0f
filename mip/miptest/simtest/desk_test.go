package simtest

import (
	"slices"
	"strings"
	"time"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
)

const operator = mip.Actor("operator-7")

// actAtDesk is what operators do; false = none of theirs. They hold to the
// rules: whoever orders by hand under another reference marks it first.
func (w *world) actAtDesk(p *program, a action) bool {
	var do func(*sale)
	switch a.kind {
	case "fix address":
		do = func(s *sale) { w.command(p.eng.EditAddress(p.Context(), s.ref, operator, home(a.c))) }
	case "resend":
		do = func(s *sale) {
			if !w.hides(s.ref) {
				w.command(p.eng.Resend(p.Context(), s.ref, operator))
			}
		}
	case "resend all":
		do = func(*sale) {
			if slices.ContainsFunc(w.sales, func(s *sale) bool { return w.hides(s.ref) }) {
				return
			}
			_, err := p.eng.ResendAll(p.Context(), operator, mip.Query{})
			w.heard(err)
		}
	case "override":
		do = func(s *sale) { w.override(p, s) }
	case "cancel":
		do = func(s *sale) { w.command(p.eng.Cancel(p.Context(), s.ref, operator, "the buyer rang")) }
	case "carrier":
		do = func(s *sale) { w.command(p.eng.ChooseShipping(p.Context(), s.ref, operator, "gls")) }
	case "choose payment":
		do = func(s *sale) {
			method := []string{"", "wallet", "paypal"}[a.c%3]
			w.command(p.eng.ChoosePayment(p.Context(), s.ref, operator, method, "the bookkeeper asked for it"))
		}
	case "place by hand":
		do = func(s *sale) {
			if o, err := w.witness.Order(w.ctx, s.ref); err == nil && o.State != mip.StateManuallySent {
				w.placeByHand(s, "")
			}
		}
	case "mark":
		do = func(s *sale) { w.command(p.eng.MarkManuallySent(p.Context(), s.ref, operator, "")) }
	case "mark and place":
		do = func(s *sale) { w.markAndPlace(p, s, "") }
	case "mark other and place":
		do = func(s *sale) { w.markAndPlace(p, s, phone(s)) }
	case "mark other, place and forget":
		do = func(s *sale) {
			w.markAndPlace(p, s, phone(s))
			w.command(p.eng.UndoManual(p.Context(), s.ref, operator))
			w.command(p.eng.Resend(p.Context(), s.ref, operator))
		}
	case "mark another's":
		do = func(s *sale) {
			if t := w.sale(a.c); t.ref != s.ref {
				w.command(p.eng.MarkManuallySent(p.Context(), s.ref, operator, w.known(t, a.c)))
			}
		}
	case "undo":
		do = func(s *sale) { w.command(p.eng.UndoManual(p.Context(), s.ref, operator)) }
	default:
		return false
	}
	if s := w.sale(a.b); s != nil {
		do(s)
	}
	return true
}

// command keeps the error of a command that was refused.
func (w *world) command(_ mip.Order, err error) { w.heard(err) }

// known is one of the names under which a sale is known at BigBuy, or may be.
func (w *world) known(s *sale, n int) string {
	names := []string{mip.Reference(s.ref, 1), phone(s)}
	if o, err := w.witness.Order(w.ctx, s.ref); err == nil {
		names = append(names, o.NextReference())
		for _, p := range o.Placements {
			names = append(names, p.ID)
		}
	}
	return names[n/len(w.sales)%len(names)]
}

// phone is what an operator calls a sale that is ordered by telephone.
func phone(s *sale) string { return "phone-" + s.ref.Channel + s.ref.ID }

// home is an address that an operator types.
func home(n int) mip.Address {
	c := customer(n)
	return mip.Address{FirstName: c.FirstName, LastName: c.LastName, Line1: c.Address1, City: c.City, Postcode: c.Postcode,
		Country: c.Country, Phone: c.Phone, Email: c.Email}
}

// override lets something pass that may pass. Nobody vouches for an unknown
// attempt without having looked.
func (w *world) override(p *program, s *sale) {
	o, err := w.witness.Order(w.ctx, s.ref)
	if err != nil {
		return
	}
	for _, f := range o.Holding() {
		if f.Severity == mip.Overridable && (f.Code != mip.CodeOutcomeUnknown || w.bought(o) == nil) {
			w.command(p.eng.Override(p.Context(), s.ref, operator, f.Code, f.Path, "checked by phone"))
			return
		}
	}
}

// bought returns what BigBuy has under the order's references and the order
// does not know. Somebody looks at the web shop, where everything is shown.
func (w *world) bought(o mip.Order) []bigbuytest.Order {
	var out []bigbuytest.Order
	for _, b := range w.bank.Orders() {
		known := slices.ContainsFunc(o.Placements, func(p mip.Placement) bool { return p.ID == b.ID })
		if ref, ours := w.owner(b.Reference); ours && ref == o.Ref && !known && b.Status != bigbuytest.StatusCancelled {
			out = append(out, b)
		}
	}
	return out
}

// owner returns whose order a reference at BigBuy stands for.
func (w *world) owner(reference string) (mip.Ref, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if ref, ok := w.byHand[reference]; ok {
		return ref, true
	}
	for _, s := range w.sales {
		plain := mip.Reference(s.ref, 1)
		if reference == plain || strings.HasPrefix(reference, plain+"--") {
			return s.ref, true
		}
	}
	return mip.Ref{}, false
}

// placeByHand is a person who orders what is open in BigBuy's web shop. Empty
// reference = the order's own.
func (w *world) placeByHand(s *sale, reference string) {
	o, err := w.witness.Order(w.ctx, s.ref)
	if err != nil || len(o.OpenItems()) == 0 || o.CancelAsked || len(w.bought(o)) > 0 {
		return // whoever orders by hand looks first
	}
	if reference == "" {
		reference = o.NextReference()
	}
	to := o.ShipTo
	if len(to.Street()) > 70 || len(to.Postcode) != 5 {
		to = home(1)
	}
	_, _ = w.bank.PlaceByHand(reference, to, mip.Purchase{Items: o.OpenItems()}.BySKU()...) // refused: then not
}

func (w *world) markAndPlace(p *program, s *sale, reference string) {
	o, err := p.eng.MarkManuallySent(p.Context(), s.ref, operator, reference)
	w.heard(err)
	if err != nil || o.State != mip.StateManuallySent || len(o.Placements) > 0 {
		return
	}
	if reference != "" {
		w.mu.Lock()
		w.byHand[reference] = s.ref
		w.mu.Unlock()
	}
	w.placeByHand(s, reference)
	time.Sleep(w.plan.bank.LookupLag) // nobody is quicker than the search
}
