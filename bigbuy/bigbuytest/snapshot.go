package bigbuytest

import (
	"time"

	"github.com/openmip/openmip/mip"
)

// Order is an order as BigBuy knows it: a copy, taken at one moment.
type Order struct {
	ID          string
	Reference   string // the internal reference; siblings of a split share it
	Warehouse   int
	Items       []mip.Item // SKU and quantity
	ShipTo      mip.Address
	Comment     string
	Payment     string // "moneybox", "paypal", "bankwire"
	Paid        bool
	ByHand      bool // placed in the web shop
	Status      Status
	Goods       mip.Money // without tax and shipping
	Shipping    mip.Money // without tax
	Total       mip.Money // with everything: what the purse paid
	Service     string    // the shipping service's name
	Parcels     []Parcel
	CreatedAt   time.Time
	ShippedAt   time.Time // zero = not yet
	DeliveredAt time.Time // zero = not yet
}

// Parcel is one tracking number of an order.
type Parcel struct {
	CarrierID string
	Number    string
}

// Orders returns every order ever made, oldest first.
func (s *Server) Orders() []Order {
	s.enter()
	defer s.mu.Unlock()
	var out []Order
	for _, o := range s.orders {
		out = append(out, o.snapshot())
	}
	return out
}

// Order returns the order with an id.
func (s *Server) Order(id string) (Order, bool) {
	s.enter()
	defer s.mu.Unlock()
	o := s.orderNumber(id)
	if o == nil {
		return Order{}, false
	}
	return o.snapshot(), true
}

func (o *order) snapshot() Order {
	out := Order{
		ID: o.number(), Reference: o.reference, Warehouse: o.part.warehouse, ShipTo: o.shipTo, Comment: o.comment,
		Payment: o.payment, Paid: o.paid, ByHand: o.byHand, Status: o.status, Goods: money(o.part.goods),
		Shipping: money(o.part.offer.cost), Total: money(o.part.total), Service: o.part.offer.Name,
		CreatedAt: o.created, ShippedAt: o.shipped, DeliveredAt: o.delivered,
	}
	for _, l := range o.part.lines {
		out.Items = append(out.Items, mip.Item{SKU: l.product.SKU, Quantity: l.quantity})
	}
	for _, p := range o.parcels {
		out.Parcels = append(out.Parcels, Parcel{p.carrier, p.number})
	}
	return out
}
