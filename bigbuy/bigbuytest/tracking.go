package bigbuytest

import (
	"net/http"
	"strconv"
	"time"
)

// parcel is one tracking number of an order.
type parcel struct {
	number  string
	carrier string // id
	status  string
	at      time.Time
	visible time.Time
}

// progress lets orders be shipped and delivered as the switches say, at the
// moment when it was due. Callers hold the mutex.
func (s *Server) progress(now time.Time) {
	kept := s.open[:0]
	for _, o := range s.open {
		if due := o.ready.Add(s.sw.ShipAfter); s.sw.ShipAfter > 0 && o.status == StatusInProcess && !due.After(now) {
			o.ship(parcel{number: "TRK" + o.number(), carrier: o.part.offer.carrier, status: "shipped",
				at: due, visible: due.Add(s.sw.TrackAfter)})
		}
		if due := o.shipped.Add(s.sw.DeliverAfter); s.sw.DeliverAfter > 0 && o.status == StatusShipped && !due.After(now) {
			o.deliver(due)
		}
		if o.status != StatusDelivered && o.status != StatusCancelled {
			kept = append(kept, o)
		}
	}
	clear(s.open[len(kept):])
	s.open = kept
}

// ship marks the order as shipped, and adds a parcel if it has a number.
func (o *order) ship(p parcel) {
	if o.status != StatusShipped && o.status != StatusDelivered {
		o.status, o.shipped = StatusShipped, p.at
	}
	if p.number != "" {
		o.parcels = append(o.parcels, p)
	}
}

func (o *order) deliver(at time.Time) {
	o.status, o.delivered = StatusDelivered, at
	for i := range o.parcels {
		o.parcels[i].status, o.parcels[i].at = "delivered", at
	}
}

type trackingBody struct {
	ID        int            `json:"id"`
	Reference string         `json:"reference"`
	Trackings []trackingLine `json:"trackings"`
}

type trackingLine struct {
	Number      string      `json:"trackingNumber"`
	Status      string      `json:"statusDescription"`
	Date        string      `json:"statusDate"`
	Carrier     carrierOnly `json:"carrier"`
	Description *string     `json:"descriptionTranslated"`
}

type carrierOnly struct {
	ID string `json:"id"`
}

// tracking is the order's element in both tracking answers, false while there
// is none.
func (s *Server) tracking(o *order, now time.Time) (trackingBody, bool) {
	b := trackingBody{ID: o.id, Reference: o.reference}
	if s.sw.OwnNumberInTracking {
		b.Reference = o.number()
	}
	for _, p := range o.parcels {
		if !p.visible.After(now) {
			b.Trackings = append(b.Trackings, trackingLine{Number: p.number, Status: p.status,
				Date: p.at.UTC().Format(time.DateTime), Carrier: carrierOnly{p.carrier}})
		}
	}
	return b, len(b.Trackings) > 0
}

// trackingOrder is GET tracking/order/{id}.
func (s *Server) trackingOrder(q *request) reply {
	if o := s.orderNumber(q.args[0]); o != nil {
		if b, found := s.tracking(o, q.now); found {
			return ok([]trackingBody{b})
		}
	}
	return codeReply(http.StatusNotFound, "Tracking not found")
}

// trackingOrders is POST tracking/orders. Orders without tracking are missing
// from the answer.
func (s *Server) trackingOrders(q *request) reply {
	o, bad := s.form(q.body, field{name: "track", shape: objectShape, required: true, fields: []field{
		{name: "orders", shape: listShape, required: true, fields: []field{{name: "id", required: true}}},
	}})
	if bad != nil {
		return *bad
	}
	list := []trackingBody{}
	for _, asked := range o.objects("orders") {
		if found := s.orderNumber(asked.text("id")); found != nil {
			if b, has := s.tracking(found, q.now); has {
				list = append(list, b)
			}
		}
	}
	return ok(list)
}

type carrierBody struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// trackingCarriers is GET tracking/carriers.
func (s *Server) trackingCarriers(*request) reply {
	list := []carrierBody{}
	for _, c := range s.carriers {
		list = append(list, carrierBody{c.ID, c.Name})
	}
	return ok(list)
}

// deliveryNotes is GET order/delivery-notes/{id}: a list, empty until the
// order is shipped.
func (s *Server) deliveryNotes(q *request) reply {
	type product struct {
		Reference string `json:"reference"`
		Quantity  int    `json:"quantity"`
	}
	type note struct {
		Reference string    `json:"reference"`
		Order     string    `json:"order"`
		Status    string    `json:"status"`
		Carrier   string    `json:"carrier"`
		Packages  int       `json:"numberOfPackages"`
		Products  []product `json:"products"`
	}
	o := s.orderNumber(q.args[0])
	if o == nil {
		return orderMissing()
	}
	list := []note{}
	if !o.shipped.IsZero() {
		n := note{"DN" + strconv.Itoa(o.id), o.number(), o.shown(false), o.part.offer.Name, max(1, len(o.parcels)), nil}
		for _, l := range o.part.lines {
			n.Products = append(n.Products, product{l.product.SKU, l.quantity})
		}
		list = append(list, n)
	}
	return ok(list)
}
