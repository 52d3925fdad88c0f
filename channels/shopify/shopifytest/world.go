package shopifytest

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
)

// Buy puts an order into the shop and returns its id.
func (s *Server) Buy(o Order) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	o = o.clone()
	o.ID = s.newID()
	o.Name = cmp.Or(o.Name, "#"+strconv.Itoa(1001+len(s.orders)))
	o.Financial, o.Currency = cmp.Or(o.Financial, "PAID"), cmp.Or(o.Currency, "EUR")
	if o.Created.IsZero() {
		o.Created = s.now()
	}
	o.Updated = o.Created
	if o.ShipTo == nil && !o.NoAddress {
		o.ShipTo = &Address{FirstName: "Ana", LastName: "Ejemplo", Address1: "Calle de la Prueba 1", City: "Madrid", ProvinceCode: "M",
			Province: "Madrid", Zip: "28001", Country: "ES", Phone: "+34600000000"}
	}
	if o.Lines == nil {
		o.Lines = []Line{{SKU: "S0000001", Title: "Desk lamp"}}
	}
	for i := range o.Lines {
		l := &o.Lines[i]
		l.ID = s.newID()
		l.Price, l.Quantity = cmp.Or(l.Price, "10.00"), cmp.Or(l.Quantity, 1)
	}
	kept := &o
	s.orders[o.ID] = kept
	if s.cfg.Routing == 0 {
		s.split(kept, o.Created)
	}
	event := s.newID()
	s.emit(o.ID, "orders/create", event)
	s.emit(o.ID, "orders/paid", event)
	return o.ID
}

// Order returns a copy of an order as it is by now; ok is false if there is
// none.
func (s *Server) Order(id int64) (o Order, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick()
	kept, ok := s.orders[id]
	if !ok {
		return Order{}, false
	}
	return kept.clone(), true
}

// IDs returns the ids of all orders, ascending.
func (s *Server) IDs() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.orders))
}

// Edit is any change that moves the order's time of change. It panics if there
// is no such order, which is a mistake in the test.
func (s *Server) Edit(id int64, f func(*Order)) {
	s.change(id, "orders/edited", f)
}

func (s *Server) change(id int64, topic string, f func(*Order)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick()
	o, ok := s.orders[id]
	if !ok {
		panic("shopifytest: no order " + strconv.FormatInt(id, 10))
	}
	f(o)
	s.touch(o, topic)
}

// Cancel is the merchant cancelling the order.
func (s *Server) Cancel(id int64) {
	s.change(id, "orders/cancelled", func(o *Order) {
		o.CancelReason = "CUSTOMER"
		s.cancel(o, s.now())
	})
}

// Refund takes pieces back, by line id, and their money.
func (s *Server) Refund(id int64, pieces map[int64]int) {
	s.change(id, "refunds/create", func(o *Order) {
		s.remove(o, pieces)
		o.Financial = "REFUNDED"
		for _, l := range o.Lines {
			if l.Removed < l.Quantity {
				o.Financial = "PARTIALLY_REFUNDED"
			}
		}
	})
}

// Remove edits the order: pieces go, by line id, before anything is paid back.
func (s *Server) Remove(id int64, pieces map[int64]int) {
	s.change(id, "orders/edited", func(o *Order) { s.remove(o, pieces) })
}

func (s *Server) remove(o *Order, pieces map[int64]int) {
	for line, n := range pieces {
		l := o.line(line)
		if l == nil {
			continue
		}
		n = min(n, l.Quantity-l.Removed)
		l.Removed += n
		for i := range o.Routes {
			r := &o.Routes[i]
			for j := range r.Lines {
				if rl := &r.Lines[j]; rl.LineID == line {
					take := min(n, rl.Remaining)
					rl.Remaining, n = rl.Remaining-take, n-take
					r.Updated = s.now()
				}
			}
			if !slices.ContainsFunc(r.Lines, func(l RouteLine) bool { return l.Remaining > 0 }) {
				r.Status = "CLOSED"
			}
		}
	}
}

// Hold puts a hold on all fulfillment orders, or with "OPEN" releases them. The
// order itself does not change by it.
func (s *Server) Hold(id int64, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick()
	for i := range s.orders[id].Routes {
		if r := &s.orders[id].Routes[i]; r.Status != "CLOSED" && r.Status != "CANCELLED" {
			r.Status, r.Updated = status, s.now()
		}
	}
}

// Fulfil is the merchant shipping everything that is left, by hand.
func (s *Server) Fulfil(id int64, t ...Track) {
	s.fulfilByHand(id, t, func(l *RouteLine) int { return l.Remaining })
}

// FulfilPieces is the merchant shipping pieces by hand, by line id, as far as
// they are left.
func (s *Server) FulfilPieces(id int64, pieces map[int64]int) {
	wanted := maps.Clone(pieces)
	s.fulfilByHand(id, nil, func(l *RouteLine) int {
		n := min(l.Remaining, wanted[l.LineID])
		wanted[l.LineID] -= n
		return n
	})
}

// fulfilByHand ships as many pieces of each line as take says.
func (s *Server) fulfilByHand(id int64, t []Track, take func(*RouteLine) int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick()
	o := s.orders[id]
	for i := range o.Routes {
		var pieces []piece
		for j := range o.Routes[i].Lines {
			l := &o.Routes[i].Lines[j]
			if n := take(l); n > 0 {
				pieces = append(pieces, piece{&o.Routes[i], l, n})
			}
		}
		if len(pieces) > 0 {
			s.fulfil(o, pieces, t)
		}
	}
}

// Unship is the merchant cancelling a fulfillment: its pieces are to leave
// again.
func (s *Server) Unship(id int64, shipment int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, sh := s.findShipment(gid("Fulfillment", shipment))
	if o != nil && o.ID == id {
		s.unship(o, sh)
	}
}

// Delete removes an order for good.
func (s *Server) Delete(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.orders, id)
	s.emit(id, "orders/delete", s.newID())
}

func (s *Server) newID() int64 { s.lastID++; return s.lastID }

// NumberAbove lets whatever is made from now on have ids above n.
func (s *Server) NumberAbove(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastID = max(s.lastID, n)
}
