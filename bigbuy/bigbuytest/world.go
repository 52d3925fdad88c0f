package bigbuytest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/openmip/openmip/mip"
)

// TopUp adds to the purse: a bank transfer arrived. A negative amount takes
// away.
func (s *Server) TopUp(amount mip.Money) {
	s.enter()
	defer s.mu.Unlock()
	s.balance = s.balance.Add(euros(amount))
}

// Balance returns what is in the purse, in EUR.
func (s *Server) Balance() mip.Money {
	s.enter()
	defer s.mu.Unlock()
	return money(s.balance)
}

// AddProduct adds a product to the catalogue. It panics if the SKU is taken.
func (s *Server) AddProduct(p Product) {
	s.enter()
	defer s.mu.Unlock()
	s.addProduct(p)
}

// SetStock sets the pieces of a product in one warehouse. Like the other
// setters it panics if there is no such product.
func (s *Server) SetStock(sku string, warehouse, pieces int) {
	s.change(sku, func(p *product) { p.Stock[warehouse] = pieces })
}

// SetActive discontinues a product or brings it back.
func (s *Server) SetActive(sku string, active bool) {
	s.change(sku, func(p *product) { p.Inactive = !active })
}

// SetPrice sets a product's wholesale price, EUR without tax.
func (s *Server) SetPrice(sku string, wholesale mip.Money) {
	s.change(sku, func(p *product) { p.Wholesale, p.net = wholesale, euros(wholesale) })
}

func (s *Server) change(sku string, set func(*product)) {
	s.enter()
	defer s.mu.Unlock()
	p := s.product(sku)
	if p == nil {
		panic(fmt.Sprintf("bigbuytest: no product %q", sku))
	}
	set(p)
}

// Stock returns the pieces of a product in all warehouses, 0 if there is no
// such product.
func (s *Server) Stock(sku string) int {
	s.enter()
	defer s.mu.Unlock()
	total := 0
	if p := s.product(sku); p != nil {
		for _, n := range p.Stock {
			total += n
		}
	}
	return total
}

// PlaceByHand is a person who orders in the web shop under a reference, paid
// from the purse. The form and all rules are those of the API; no limit
// counts the call. Whatever was ordered is returned, with a [*Refusal] for
// the rest.
func (s *Server) PlaceByHand(reference string, to mip.Address, items ...mip.Item) ([]Order, error) {
	body, err := json.Marshal(map[string]any{"order": byHandForm(reference, to, items)})
	if err != nil {
		panic("bigbuytest: form does not marshal: " + err.Error()) // strings and ints only
	}
	now := s.enter()
	defer s.mu.Unlock()
	defer func(api Switches) { s.sw = api }(s.sw)
	s.sw.PackMissing, s.sw.CarriersRequired = false, false // they concern the API alone
	r, bad := s.readOrder(body, true)
	if bad != nil {
		return nil, &Refusal{Code: strconv.Itoa(bad.status), Message: "the form is not filled in correctly"}
	}
	v := s.several(r, None)
	if v.used != nil {
		return nil, &Refusal{Code: v.used.code, Message: infoOf(v.used.code)}
	}
	var out []Order
	for _, p := range v.good {
		o := s.place(r, p, now)
		o.byHand = true
		out = append(out, o.snapshot())
	}
	if len(v.failed) > 0 {
		f := v.failed[0]
		return out, &Refusal{Code: f.Code, Message: f.Message, SKUs: f.SKUs}
	}
	return out, nil
}

func byHandForm(reference string, to mip.Address, items []mip.Item) map[string]any {
	products := []any{}
	for _, it := range items {
		products = append(products, map[string]any{"reference": it.SKU, "quantity": it.Quantity})
	}
	form := map[string]any{
		"internalReference": reference, "paymentMethod": "moneybox", "products": products,
		"shippingAddress": map[string]any{
			"firstName": to.FirstName, "lastName": to.LastName, "companyName": to.Company,
			"address": to.Street(), "town": to.City, "postcode": to.Postcode, "country": to.Country,
			"phone": to.Phone, "email": to.Email, "vatNumber": to.VATNumber,
		},
	}
	return form
}

// Ship marks an order as shipped. carrier is the name or id of a carrier; one
// that BigBuy does not have yet is added. Every call with a number adds a
// parcel, without one (the number is not known yet) none.
func (s *Server) Ship(id, carrier, number string) error {
	return s.act(id, func(o *order, now time.Time) error {
		if o.status == StatusCancelled {
			return fmt.Errorf("bigbuytest: order %s is cancelled", id)
		}
		o.ship(parcel{number: number, carrier: s.carrierID(carrier), status: "shipped", at: now, visible: now})
		return nil
	})
}

// carrierID finds or adds a carrier for tracking.
func (s *Server) carrierID(name string) string {
	for _, c := range s.carriers {
		if c.ID == name || plainName(c.Name) == plainName(name) {
			return c.ID
		}
	}
	c := Carrier{ID: strconv.Itoa(1000 + len(s.carriers)), Name: name}
	s.carriers = append(slices.Clip(s.carriers), c)
	return c.ID
}

// Renumber corrects a tracking number.
func (s *Server) Renumber(id, from, to string) error {
	return s.act(id, func(o *order, now time.Time) error {
		for i := range o.parcels {
			if o.parcels[i].number == from {
				o.parcels[i].number, o.parcels[i].at = to, now
				return nil
			}
		}
		return fmt.Errorf("bigbuytest: order %s has no such parcel", id)
	})
}

// Deliver marks a shipped order as delivered.
func (s *Server) Deliver(id string) error {
	return s.act(id, func(o *order, now time.Time) error {
		if o.status != StatusShipped {
			return fmt.Errorf("bigbuytest: order %s is not shipped", id)
		}
		o.deliver(now)
		return nil
	})
}

// Cancel cancels an order that is not shipped: BigBuy could not serve it. The
// money returns to the purse, the pieces to the warehouse, and the reference
// stays used.
func (s *Server) Cancel(id string) error {
	return s.act(id, func(o *order, _ time.Time) error {
		if !o.shipped.IsZero() || o.status == StatusCancelled {
			return fmt.Errorf("bigbuytest: order %s is shipped or cancelled", id)
		}
		o.status = StatusCancelled
		s.refund(o)
		for _, l := range o.part.lines {
			l.product.Stock[o.part.warehouse] += l.quantity
		}
		return nil
	})
}

// MarkPaid is a person who paid an order that was awaiting payment.
func (s *Server) MarkPaid(id string) error {
	return s.act(id, func(o *order, now time.Time) error {
		if o.status != StatusAwaitingPayment {
			return fmt.Errorf("bigbuytest: order %s does not await payment", id)
		}
		o.pay(now)
		return nil
	})
}

// ShowStatus makes the API show another text in the place of an order's
// status, which stays what it is. Empty shows the status again.
func (s *Server) ShowStatus(id, text string) error {
	return s.act(id, func(o *order, _ time.Time) error {
		o.text = text
		return nil
	})
}

func (s *Server) act(id string, do func(*order, time.Time) error) error {
	now := s.enter()
	defer s.mu.Unlock()
	o := s.orderNumber(id)
	if o == nil {
		return fmt.Errorf("bigbuytest: no order %s", id)
	}
	return do(o, now)
}
