package wootest

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/openmip/openmip/mip"
)

// Buy puts an order into the shop and returns its id. Everything left empty
// in o gets a sensible value; see [Order].
func (s *Server) Buy(o Order) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.insert(o.clone()).ID
}

// Order returns a copy of what the shop knows of an order; ok is false if it
// was never there or finally deleted.
func (s *Server) Order(id int64) (o Order, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.orders[id]
	if !ok {
		return Order{}, false
	}
	return p.clone(), true
}

// IDs returns the ids of all orders, trashed ones too, ascending.
func (s *Server) IDs() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.orders))
}

// SetStatus is a person choosing a status in the shop's back office. Any
// status may follow any other.
func (s *Server) SetStatus(id int64, status string) {
	s.change(id, func(o *Order, now time.Time) { s.setStatus(o, status, now) })
}

// EditAddress is a person correcting the shipping address.
func (s *Server) EditAddress(id int64, a Address) {
	a.Email = ""
	s.change(id, func(o *Order, _ time.Time) { o.Shipping = a })
}

// Edit is any other change that saves the order and moves its modified date.
func (s *Server) Edit(id int64, f func(*Order)) {
	s.change(id, func(o *Order, _ time.Time) { f(o) })
}

// Refund gives pieces back, by line id; nil = all that is left, which turns
// the order refunded.
func (s *Server) Refund(id int64, pieces map[int64]int) {
	s.change(id, func(o *Order, now time.Time) {
		r := Refund{Reason: "returned"}
		if pieces == nil {
			r.Amount = o.total().Sub(o.refunded()).String()
		}
		for _, l := range o.Lines {
			n := pieces[l.ID]
			if pieces == nil {
				n = int(l.Quantity) - o.refundedPieces(l.ID)
			}
			if n > 0 {
				r.Lines = append(r.Lines, RefundLine{LineID: l.ID, Quantity: n})
			}
		}
		s.refund(o, r, now)
	})
}

// RefundMoney gives money back without saying for which pieces.
func (s *Server) RefundMoney(id int64, amount string) {
	s.change(id, func(o *Order, now time.Time) { s.refund(o, Refund{Amount: amount, Reason: "goodwill"}, now) })
}

// Trash moves the order to the trash: lists no longer show it.
func (s *Server) Trash(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o, ok := s.orders[id]; ok {
		s.trash(o, s.now())
	}
}

// Restore takes the order out of the trash.
func (s *Server) Restore(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o, ok := s.orders[id]; ok && o.Status == "trash" {
		o.Status, o.Modified = o.beforeTrash, s.now()
		s.emit(o.ID, "restored")
	}
}

// Skew lets the shop's clock run d ahead of package time; less than before sets
// it back.
func (s *Server) Skew(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead = d
}

// now is the shop's clock, in whole seconds.
func (s *Server) now() time.Time { return time.Now().Add(s.ahead).Truncate(time.Second).UTC() }

// Delete removes the order for good.
func (s *Server) Delete(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.orders[id]; ok {
		delete(s.orders, id)
		s.emit(id, "deleted")
	}
}

// change applies f as one saved change. It panics if there is no such order,
// which is a mistake in the test.
func (s *Server) change(id int64, f func(*Order, time.Time)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.orders[id]
	if !ok {
		panic("wootest: no order " + strconv.FormatInt(id, 10))
	}
	now := s.now()
	f(o, now)
	s.saved(o, now)
}

// saved moves the modified date and tells webhooks.
func (s *Server) saved(o *Order, now time.Time) {
	o.Modified = now
	s.emit(o.ID, "updated")
}

func (s *Server) newID() int64 { s.lastID++; return s.lastID }

// NumberAbove lets whatever is made from now on have ids above n.
func (s *Server) NumberAbove(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastID = max(s.lastID, n)
}

// setStatus reports whether it changed anything.
func (s *Server) setStatus(o *Order, status string, now time.Time) bool {
	if o.Status == status {
		return false
	}
	o.Notes = append(o.Notes, Note{ID: s.newID(), Created: now, System: true,
		Text: "Order status changed from " + o.Status + " to " + status + "."})
	o.Status = status
	if status == "completed" {
		o.Completed = now
	}
	if o.Paid.IsZero() && (status == "completed" || status == "processing" && o.PaymentMethod != "cod") {
		o.Paid = now
	}
	return true
}

func (s *Server) trash(o *Order, now time.Time) {
	if o.Status == "trash" {
		return
	}
	o.beforeTrash, o.Status, o.Modified = o.Status, "trash", now
	s.emit(o.ID, "deleted")
}

// refund leaves lines alone; what has been given back whole is refunded.
func (s *Server) refund(o *Order, r Refund, now time.Time) *Refund {
	r.ID, r.Created = s.newID(), now
	sum := decimal.Zero
	for i := range r.Lines {
		r.Lines[i].ID = s.newID()
		for _, l := range o.Lines {
			if l.ID == r.Lines[i].LineID {
				sum = sum.Add(l.share(r.Lines[i].Quantity))
			}
		}
	}
	if r.Amount == "" {
		r.Amount = sum.StringFixed(mip.Exponent(o.Currency))
	}
	o.Refunds = append(o.Refunds, r)
	if o.refunded().Cmp(o.total()) >= 0 {
		s.setStatus(o, "refunded", now)
	}
	return &o.Refunds[len(o.Refunds)-1]
}
