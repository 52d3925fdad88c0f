package magentest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// statuses are the usual labels of states.
var statuses = map[string]string{"new": "pending", "pending_payment": "pending_payment", "payment_review": "payment_review", "holded": "holded",
	"processing": "processing", "complete": "complete", "closed": "closed", "canceled": "canceled"}

// Buy puts an order into the shop and returns its id. Everything left empty
// in o gets a sensible value; see [Order].
func (s *Server) Buy(o Order) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := o.clone()
	kept.ID = s.newID()
	kept.Created = cmp.Or(kept.Created, s.clock())
	kept.Updated = cmp.Or(kept.Updated, kept.Created)
	kept.Increment = cmp.Or(kept.Increment, fmt.Sprintf("%09d", kept.ID))
	kept.State = cmp.Or(kept.State, "processing")
	kept.Status = cmp.Or(kept.Status, statuses[kept.State])
	kept.Currency = cmp.Or(kept.Currency, "EUR")
	kept.Service = cmp.Or(kept.Service, "Flat Rate - Fixed")
	kept.Store = cmp.Or(kept.Store, 1)
	if kept.Shipping == nil {
		a := Madrid()
		kept.Shipping = &a
	}
	if kept.Items == nil {
		kept.Items = []Item{{}}
	}
	for i := range kept.Items {
		it := &kept.Items[i]
		it.ID = s.newID()
		it.SKU, it.Name = cmp.Or(it.SKU, "S0000001"), cmp.Or(it.Name, "Desk lamp")
		it.Type, it.Ordered = cmp.Or(it.Type, "simple"), cmp.Or(it.Ordered, "1")
		if it.RowTotal == "" && it.Parent == 0 {
			it.RowTotal = "10.0000"
		}
	}
	s.orders[kept.ID] = &kept
	return kept.ID
}

func (s *Server) newID() int64 { s.lastID++; return s.lastID + 100 }

// NumberAbove lets whatever is made from now on have ids above n.
func (s *Server) NumberAbove(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastID = max(s.lastID, n)
}

// Order returns a copy of what the shop knows of an order; ok is false if
// there is none.
func (s *Server) Order(id int64) (o Order, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.orders[id]
	if !ok {
		return Order{}, false
	}
	return p.clone(), true
}

// IDs returns the ids of all orders, ascending.
func (s *Server) IDs() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.orders))
}

// Skew lets the shop's clocks run d ahead of package time.
func (s *Server) Skew(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead = d
}

// Edit is any change that saves the order and moves its time of change.
func (s *Server) Edit(id int64, f func(*Order)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.orders[id]
	if !ok {
		panic("magentest: no order " + strconv.FormatInt(id, 10))
	}
	f(o)
	o.Updated = s.clock()
}

// SetState moves an order to a state with its usual status.
func (s *Server) SetState(id int64, state string) {
	s.Edit(id, func(o *Order) {
		o.State, o.Status = state, cmp.Or(statuses[state], state)
		if state == "canceled" {
			for i := range o.Items {
				o.Items[i].Canceled += o.Items[i].toShip()
			}
		}
	})
}

// EditAddress is a person correcting the delivery address in the back office,
// which saves the address and not the order: its time of change stays.
func (s *Server) EditAddress(id int64, a Address) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders[id].Shipping = &a
}

// Invoice is a person invoicing everything.
func (s *Server) Invoice(id int64) { s.Edit(id, func(o *Order) { o.invoice() }) }

// Refund gives pieces back, by item; what was given back whole is closed.
func (s *Server) Refund(id int64, pieces map[int64]int) {
	s.Edit(id, func(o *Order) {
		all := true
		for i := range o.Items {
			it := &o.Items[i]
			it.Refunded += pieces[it.ID]
			all = all && it.Refunded >= it.pieces()
		}
		if all {
			o.State, o.Status = "closed", "closed"
		}
	})
}

// ShipByHand is a person shipping pieces in the back office, by item.
func (s *Server) ShipByHand(id int64, pieces map[int64]int, tracks ...Track) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range tracks {
		tracks[i].ID = s.newID()
	}
	s.register(s.orders[id], Shipment{Items: pieces, Tracks: tracks})
}

// Delete removes an order, as modules can.
func (s *Server) Delete(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.orders, id)
}

func (o *Order) invoice() {
	o.Invoiced = true
	o.advance()
}

// advance moves the state as saving an order does: what is invoiced and
// shipped is complete, what is neither any more new is processing.
func (o *Order) advance() {
	switch {
	case o.State == "holded" || o.State == "canceled" || o.State == "closed":
	case o.Invoiced && !o.canShip():
		o.State, o.Status = "complete", "complete"
	case o.State == "new":
		o.State, o.Status = "processing", "processing"
	}
}

// register counts a shipment's pieces, keeps it and saves the order.
func (s *Server) register(o *Order, sh Shipment) int64 {
	sh.ID, sh.Created = s.newID(), s.clock()
	for at := range o.Items {
		it := &o.Items[at]
		it.Shipped += sh.Items[it.ID]
		if it.Parent > 0 && o.dummy(at) { // the parts leave with their bundle
			if parent := o.Items[it.Parent-1]; parent.pieces() > 0 {
				it.Shipped += sh.Items[parent.ID] * it.pieces() / parent.pieces()
			}
		}
	}
	o.Shipments = append(o.Shipments, sh)
	o.advance()
	o.Updated = s.clock()
	return sh.ID
}
