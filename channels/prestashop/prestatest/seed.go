package prestatest

import "strconv"

// wireTime is how PrestaShop writes dates, in its own zone and without one.
const wireTime = "2006-01-02 15:04:05"

// seed fills in what every shop has.
func (s *Server) seed() {
	for _, st := range []struct {
		id                                        int
		name                                      string
		logable, paid, invoice, delivery, shipped bool
	}{
		{id: Cheque, name: "Awaiting check payment"},
		{id: Paid, name: "Payment accepted", logable: true, paid: true, invoice: true},
		{id: Preparing, name: "Processing in progress", logable: true, paid: true, invoice: true, delivery: true},
		{id: Shipped, name: "Shipped", logable: true, paid: true, invoice: true, delivery: true, shipped: true},
		{id: Delivered, name: "Delivered", logable: true, paid: true, invoice: true, delivery: true, shipped: true},
		{id: Cancelled, name: "Canceled"},
		{id: Refunded, name: "Refunded", invoice: true},
		{id: Failed, name: "Payment error"},
		{id: Backorder, name: "On backorder (paid)", paid: true, invoice: true},
		{id: Transfer, name: "Awaiting bank wire payment"},
		{id: RemotePaid, name: "Remote payment accepted", logable: true, paid: true, invoice: true},
		{id: OnDelivery, name: "Awaiting Cash On Delivery validation", logable: true},
	} {
		s.tables["order_states"].insert(st.id, row{"name": words{"1": st.name, "2": st.name + " (2)"}, "logable": bit(st.logable),
			"paid": bit(st.paid), "invoice": bit(st.invoice), "delivery": bit(st.delivery), "shipped": bit(st.shipped), "send_email": "1",
			"deleted": "0", "hidden": "0", "unremovable": "1"})
	}
	for name, value := range map[string]string{"PS_TIMEZONE": s.cfg.Zone.String(), "PS_SHOP_NAME": s.cfg.Name,
		"PS_OS_CANCELED": strconv.Itoa(Cancelled), "PS_OS_REFUND": strconv.Itoa(Refunded), "PS_OS_ERROR": strconv.Itoa(Failed),
		"PS_OS_SHIPPING": strconv.Itoa(Shipped), "PS_OS_DELIVERED": strconv.Itoa(Delivered), "PS_OS_PAYMENT": strconv.Itoa(Paid),
		"PS_OS_PREPARATION": strconv.Itoa(Preparing), "PS_OS_WS_PAYMENT": strconv.Itoa(RemotePaid)} {
		s.tables["configurations"].insert(0, row{"name": name, "value": value, "id_shop": "", "id_shop_group": ""})
	}
	for i, iso := range []string{"EUR", "PLN", "JPY"} {
		s.tables["currencies"].insert(i+1, row{"name": iso, "iso_code": iso, "conversion_rate": "1.000000", "active": "1"})
	}
	for i, iso := range []string{"ES", "DE", "FR", "IT", "PL", "PT"} {
		s.tables["countries"].insert(60+i, row{"iso_code": iso, "active": "1", "name": words{"1": "Land " + iso, "2": "Kraj " + iso}})
	}
	for _, name := range s.cfg.Carriers {
		t := s.tables["carriers"]
		t.insert(0, row{"id_reference": strconv.Itoa(t.last + 1), "name": name, "active": "1", "delay": words{"1": "Two days", "2": "Dwa dni"},
			"url": "https://track.test/@"})
	}
}

func bit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// SetConfig makes a setting, of one shop or group of a multistore or, with 0
// and 0, of all.
func (s *Server) SetConfig(name, value string, shop, group int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := row{"name": name, "value": value, "id_shop": blankZero(shop), "id_shop_group": blankZero(group)}
	for _, have := range s.tables["configurations"].where("name", name) {
		if have["id_shop"] == r["id_shop"] && have["id_shop_group"] == r["id_shop_group"] {
			have["value"] = value
			return
		}
	}
	s.tables["configurations"].insert(0, r)
}

func blankZero(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// AddState adds a state with some of the flags paid, shipped, delivery, logable
// and deleted.
func (s *Server) AddState(id int, flags ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := row{"name": words{"1": "State", "2": "Stan"}, "paid": "0", "shipped": "0", "delivery": "0", "logable": "0", "send_email": "0"}
	for _, f := range flags {
		r[f] = "1"
	}
	s.tables["order_states"].insert(id, r)
}
