package prestatest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// State is what the shop knows of an order.
type State struct {
	State     int
	Reference string
	Updated   string // date_upd, in the shop's time
	Delivered string // delivery_date
	Slots     []Slot // rows of order_carriers, oldest first
	History   []int  // every state it was put into, oldest first
	LineIDs   []string
	Refunded  []int    // pieces, by line
	Private   []string // messages for the staff
}

// Slot is one row of order_carriers.
type Slot struct {
	ID                      int
	Carrier                 string // its name
	Tracking, Weight, Added string
}

// Mail is one e-mail to a customer.
type Mail struct {
	Order int
	What  string // "state 31" or "in transit"
	Text  string // the tracking number in it
}

// State returns what the shop knows of an order; ok is false if there is none.
func (s *Server) State(id int) (st State, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.tables["orders"].rows[id]
	if !ok {
		return st, false
	}
	key := strconv.Itoa(id)
	st = State{State: o.num("current_state"), Reference: o.text("reference"), Updated: o.text("date_upd"), Delivered: o.text("delivery_date")}
	for _, r := range s.tables["order_carriers"].where("id_order", key) {
		st.Slots = append(st.Slots, Slot{ID: r.num("id"), Carrier: s.tables["carriers"].rows[r.num("id_carrier")].text("name"),
			Tracking: r.text("tracking_number"), Weight: r.text("weight"), Added: r.text("date_add")})
	}
	for _, r := range s.tables["order_histories"].where("id_order", key) {
		st.History = append(st.History, r.num("id_order_state"))
	}
	for _, r := range s.tables["order_details"].where("id_order", key) {
		st.LineIDs = append(st.LineIDs, r.text("id"))
		st.Refunded = append(st.Refunded, r.num("product_quantity_refunded"))
	}
	for _, r := range s.tables["messages"].where("id_order", key) {
		if r.text("private") == "1" {
			st.Private = append(st.Private, r.text("message"))
		}
	}
	return st, true
}

// IDs returns the ids of all orders, ascending.
func (s *Server) IDs() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.tables["orders"].ids)
}

// Mails returns every e-mail sent, oldest first.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// SetState is a person choosing a state in the back office.
func (s *Server) SetState(id, state int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.putInto(s.order(id), strconv.Itoa(state))
}

// Skew lets the shop's clock run ahead of the time of package time.
func (s *Server) Skew(ahead time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead = ahead
}

// SetZone is a merchant who moves the shop to another time zone: dates that are
// there stay as they are written.
func (s *Server) SetZone(zone *time.Location) {
	s.SetConfig("PS_TIMEZONE", zone.String(), 0, 0)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.Zone = zone
}

// Now is the shop's clock, in whole seconds.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

func (s *Server) now() time.Time { return time.Now().Add(s.ahead).Truncate(time.Second).UTC() }

func (s *Server) local() string { return s.now().In(s.cfg.Zone).Format(wireTime) }

// Touch is any change that saves the order.
func (s *Server) Touch(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.order(id)["date_upd"] = s.local()
}

// EditAddress is a person correcting the delivery address. The order gets a new
// address, as in the back office since 1.7.7, or the old one is rewritten, see
// [Config.RawAddressEdits].
func (s *Server) EditAddress(id int, a Address) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.order(id)
	s.tables["customers"].rows[o.num("id_customer")]["email"] = a.Email
	kept := s.keep(a, o.text("id_customer"))
	if !s.cfg.RawAddressEdits {
		o["id_address_delivery"], o["date_upd"] = kept, s.local()
		return
	}
	t := s.tables["addresses"]
	edited := t.rows[s.atoi(kept)]
	edited["id"] = o.text("id_address_delivery")
	t.rows[o.num("id_address_delivery")] = edited
	t.remove(s.atoi(kept))
}

// ReplaceAddress is a buyer changing the address in the account: orders keep
// the old one, which is marked as deleted.
func (s *Server) ReplaceAddress(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.tables["addresses"].rows[s.order(id).num("id_address_delivery")]
	old["deleted"], old["date_upd"] = "1", s.local()
}

// Write is a buyer's message being replaced.
func (s *Server) Write(id int, message string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.order(id)
	o["date_upd"] = s.local()
	for _, m := range s.tables["messages"].where("id_cart", o.text("id_cart")) {
		m["message"] = message
	}
}

// Refund gives pieces back, by line id, and writes a credit slip. The order's
// own date does not move.
func (s *Server) Refund(id int, pieces map[string]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.order(id)
	for line, n := range pieces {
		d := s.tables["order_details"].rows[s.atoi(line)]
		d["product_quantity_refunded"] = strconv.Itoa(d.num("product_quantity_refunded") + n)
	}
	now := s.local()
	s.tables["order_slip"].insert(0, row{"id_order": o.text("id"), "id_customer": o.text("id_customer"), "partial": "1", "date_add": now, "date_upd": now})
}

// Type is a person typing a tracking number into the order's newest row.
func (s *Server) Type(id int, number string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows := s.tables["order_carriers"].where("id_order", strconv.Itoa(id))
	rows[len(rows)-1]["tracking_number"] = number
}

// EditCarrier is a person changing a carrier: it gets a new id, and keeps its
// id_reference.
func (s *Server) EditCarrier(name, renamed string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tables["carriers"]
	old := t.rows[s.atoi(s.byField("carriers", "name", name))]
	next := maps.Clone(old)
	old["deleted"] = "1"
	next["name"] = renamed
	t.insert(0, next)
	next["id"] = strconv.Itoa(t.last)
}

// Delete removes a row as if it had never been there.
func (s *Server) Delete(resource string, id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tables[resource].remove(id)
}

// order panics if there is no such order, which is a mistake in the test.
func (s *Server) order(id int) row {
	o, ok := s.tables["orders"].rows[id]
	if !ok {
		panic(fmt.Sprint("prestatest: no order ", id))
	}
	return o
}

func (s *Server) atoi(id string) int {
	n, err := strconv.Atoi(id)
	if err != nil {
		panic("prestatest: no id: " + id)
	}
	return n
}

// putInto is what a new state does: one more row of history, the dates, and
// the order's validity.
func (s *Server) putInto(o row, state string) row {
	now := s.local()
	st := s.tables["order_states"].rows[s.atoi(state)]
	o["current_state"], o["date_upd"], o["valid"] = state, now, st.text("logable")
	if st.text("delivery") == "1" {
		o["delivery_date"] = now
	}
	if st.text("invoice") == "1" && strings.HasPrefix(o.text("invoice_date"), "0000") {
		o["invoice_date"] = now
	}
	return s.tables["order_histories"].insert(0, row{"id_order": o.text("id"), "id_order_state": state, "date_add": now})
}

// NumberAbove lets the orders and lines made from now on have ids above n.
func (s *Server) NumberAbove(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range []string{"orders", "order_details"} {
		t := s.tables[name]
		t.last = max(t.last, int(n))
	}
}
