package paypaltest

import (
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

// MovementKind says which way money went.
type MovementKind string

// The kinds of movements.
const (
	Captured MovementKind = "captured" // from the payer
	Refunded MovementKind = "refunded" // back to the payer
	Reversed MovementKind = "reversed" // back to the payer after a dispute
)

// Movement is money that moved, or is on its way.
type Movement struct {
	Kind    MovementKind
	Amount  mip.Money // never negative
	Pending bool      // not there yet
	OrderID string
	// CaptureID is the payment, RefundID what went back of it.
	CaptureID, RefundID string
	InvoiceID, CustomID string // of the payment
	At                  time.Time
}

// Charged returns the movements of all payments with this invoice id or
// custom id, oldest first: more than one [Captured] is a double charge. Empty
// = those of the whole world. Declined payments moved nothing.
func (s *Server) Charged(customOrInvoiceID string) []Movement {
	s.enter()
	defer s.mu.Unlock()
	var out []Movement
	for _, c := range s.allCaptures() {
		custom := text(c.unit.form.Custom)
		if c.status == "DECLINED" || customOrInvoiceID != "" && customOrInvoiceID != c.invoice && customOrInvoiceID != custom {
			continue
		}
		m := Movement{Kind: Captured, Amount: c.amount.money(), Pending: c.status == "PENDING", OrderID: c.order.id,
			CaptureID: c.id, InvoiceID: c.invoice, CustomID: custom, At: c.created}
		out = append(out, m)
		for _, r := range c.refunds {
			if r.status == "FAILED" {
				continue
			}
			back := m
			back.Kind, back.Amount, back.Pending = Refunded, r.amount.money(), r.status == "PENDING"
			back.RefundID, back.At = r.id, r.created
			out = append(out, back)
		}
		if c.reason == chargeback {
			back := m
			back.Kind, back.At = Reversed, c.updated
			out = append(out, back)
		}
	}
	slices.SortStableFunc(out, func(a, b Movement) int { return a.At.Compare(b.At) })
	return out
}

// Paid returns what the payer has spent on an invoice id or custom id, what is
// on its way included: captures less refunds. No amount = nothing moved. It
// panics if the payments are in several currencies.
func (s *Server) Paid(customOrInvoiceID string) mip.Money {
	var sum mip.Money
	for _, m := range s.Charged(customOrInvoiceID) {
		next, err := sum.Add(m.Amount)
		if m.Kind != Captured {
			next, err = sum.Sub(m.Amount)
		}
		if err != nil {
			panic("paypaltest: " + err.Error())
		}
		sum = next
	}
	return sum
}

// Order is an order as it is at PayPal.
type Order struct {
	ID, Intent, Status  string
	InvoiceID, CustomID string    // of the first purchase unit
	Amount              mip.Money // of all purchase units
	CreatedAt           time.Time
	ApprovedAt          time.Time // zero = not approved
	Expired             bool
	Captures            []Payment
	Authorizations      []Payment
	Refunds             []Payment
}

// Payment is a capture, an authorization or a refund.
type Payment struct {
	ID, Status string
	Amount     mip.Money
}

// Orders returns all orders, oldest first, expired ones included.
func (s *Server) Orders() []Order {
	now := s.enter()
	defer s.mu.Unlock()
	out := make([]Order, len(s.orders))
	for i, o := range s.orders {
		out[i] = s.snapshot(o, now)
	}
	return out
}

// Order returns one order.
func (s *Server) Order(id string) (Order, bool) {
	now := s.enter()
	defer s.mu.Unlock()
	o, known := s.byID[id].(*order)
	if !known {
		return Order{}, false
	}
	return s.snapshot(o, now), true
}

func (s *Server) snapshot(o *order, now time.Time) Order {
	first := o.units[0].form
	out := Order{ID: o.id, Intent: o.intent, Status: o.status, InvoiceID: text(first.Invoice), CustomID: text(first.Custom),
		CreatedAt: o.created, ApprovedAt: o.approved, Expired: s.expired(o, now)}
	total := o.units[0].amount
	for i, u := range o.units {
		if i > 0 {
			total.value = total.value.Add(u.amount.value)
		}
		for _, c := range u.captures {
			out.Captures = append(out.Captures, Payment{c.id, c.status, c.amount.money()})
		}
		for _, a := range u.authorizations {
			out.Authorizations = append(out.Authorizations, Payment{a.id, a.status, a.amount.money()})
		}
		for _, r := range u.refunds {
			out.Refunds = append(out.Refunds, Payment{r.id, r.status, r.amount.money()})
		}
	}
	out.Amount = total.money()
	return out
}
