package bigbuytest

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/openmip/openmip/mip"
)

// Status is an order's status as BigBuy shows it: a Spanish display name,
// except for PENDING INVOICE.
type Status string

// The statuses of an order.
const (
	StatusAwaitingPayment Status = "Pendiente de pago"
	StatusInProcess       Status = "En proceso"
	StatusShipped         Status = "Expedido"
	StatusDelivered       Status = "Entregado"
	StatusCancelled       Status = "Cancelado"
	StatusPendingInvoice  Status = "PENDING INVOICE" // export: waits for the sale invoice
)

// order is one order, of one warehouse.
type order struct {
	id        int
	reference string
	part      *part
	shipTo    mip.Address
	comment   string
	payment   string
	byHand    bool
	status    Status
	text      string // shown instead of the status; empty = the status
	invoiced  bool   // the sale invoice was uploaded
	paid      bool
	created   time.Time
	ready     time.Time // when it went into process
	shipped   time.Time
	delivered time.Time
	parcels   []parcel
}

// place makes an order of a part that was judged to be good.
func (s *Server) place(r orderRequest, p *part, now time.Time) *order {
	o := &order{
		id: s.nextID, reference: r.reference, part: p, shipTo: r.shipTo, comment: r.comment,
		payment: r.payment, created: now, status: StatusAwaitingPayment,
	}
	s.nextID++
	for _, l := range p.lines {
		l.product.Stock[p.warehouse] -= l.quantity
	}
	if r.payment == "moneybox" {
		s.balance = s.balance.Sub(p.total)
	}
	if r.payment == "moneybox" || r.payment == "paypal" && s.sw.PayPal == PayPalPays {
		o.pay(now)
	}
	s.orders = append(s.orders, o)
	s.byRef[o.reference] = append(s.byRef[o.reference], o)
	s.open = append(s.open, o)
	return o
}

// pay puts a paid order into process, or asks for the invoice first.
func (o *order) pay(now time.Time) {
	o.paid = true
	if c := countryOf(o.shipTo.Country); c != nil && !c.union && !o.invoiced {
		o.status = StatusPendingInvoice
		return
	}
	o.status, o.ready = StatusInProcess, now
}

func (s *Server) orderNumber(id string) *order {
	n, err := strconv.Atoi(id)
	i, found := slices.BinarySearchFunc(s.orders, n, func(o *order, n int) int { return o.id - n })
	if err != nil || !found {
		return nil
	}
	return s.orders[i]
}

func orderMissing() reply { return codeReply(http.StatusNotFound, "Order not found") }

// byReference is GET order/reference/{reference}: the first of the orders
// with the reference, the others are not shown.
func (s *Server) byReference(q *request) reply {
	reference := q.args[0]
	if known := s.byRef[reference]; len(known) > 0 && !q.now.Before(known[0].created.Add(s.sw.LookupLag)) {
		o := known[0]
		return ok(struct {
			ID    string `json:"id"`
			Total string `json:"totalPaidTaxIncl"`
		}{o.number(), o.part.total.StringFixed(2)})
	}
	if s.sw.Sandbox {
		return internalError()
	}
	return codeReply(http.StatusNotFound, "No order found with refOrder: "+reference)
}

type orderBody struct {
	ID          string         `json:"id"`
	Reference   string         `json:"internalReference"`
	DateAdd     string         `json:"dateAdd"`
	Total       any            `json:"totalPaidTaxIncl"`
	Net         any            `json:"totalPaidTaxExcl"`
	ShippingNet any            `json:"totalShippingTaxExcl"`
	Shipping    any            `json:"totalShippingTaxIncl"`
	Status      string         `json:"status"`
	Carriers    []orderCarrier `json:"carriers"`
	ShipTo      addressBody    `json:"shippingAddress"`
	Products    []orderLine    `json:"products"`
}

type orderCarrier struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Price any    `json:"price"`
}

type orderLine struct {
	ID        string `json:"id"`
	Reference string `json:"reference"`
	Quantity  int    `json:"quantity"`
	Name      string `json:"name"`
	Price     any    `json:"priceTaxIncl"`
	Net       any    `json:"priceTaxExcl"`
}

type addressBody struct {
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
	Country   string `json:"country"`
	Postcode  string `json:"postcode"`
	Town      string `json:"town"`
	Address   string `json:"address"`
	Phone     string `json:"phone"`
	Email     string `json:"email"`
	VATNumber string `json:"vatNumber"`
	Company   string `json:"companyName"`
	Comment   string `json:"comment"`
}

// orderByID is GET order/{id}.
func (s *Server) orderByID(q *request) reply {
	o := s.orderNumber(q.args[0])
	if o == nil {
		return orderMissing()
	}
	a, v := o.shipTo, o.part.offer
	body := orderBody{
		ID: o.number(), Reference: o.reference, DateAdd: o.created.UTC().Format(time.DateTime),
		Total: number(o.part.total), Net: number(o.part.net),
		ShippingNet: number(v.cost), Shipping: number(withVAT(v.cost)),
		Status:   o.shown(s.sw.HonourISOCode && q.param("isoCode") == "en"),
		Carriers: []orderCarrier{{v.ID, v.Name, number(v.cost)}},
		ShipTo: addressBody{a.FirstName, a.LastName, a.Country, a.Postcode, a.City, a.Street(), a.Phone,
			a.Email, a.VATNumber, a.Company, o.comment},
	}
	for _, l := range o.part.lines {
		p := l.product
		body.Products = append(body.Products, orderLine{strconv.Itoa(p.ID), p.SKU, l.quantity, p.Name,
			number(l.net.Mul(p.tax).Round(2)), number(l.net)})
	}
	return ok(body)
}

// shown is the status as the API shows it.
func (o *order) shown(english bool) string {
	if o.text != "" {
		return o.text
	}
	if english {
		return o.status.english()
	}
	return string(o.status)
}

func (st Status) english() string {
	switch st {
	case StatusAwaitingPayment:
		return "Awaiting payment"
	case StatusInProcess:
		return "In process"
	case StatusShipped:
		return "Shipped"
	case StatusDelivered:
		return "Delivered"
	case StatusCancelled:
		return "Cancelled"
	}
	return string(st)
}

// orderStatuses is GET order/orderstatuses.
func (s *Server) orderStatuses(q *request) reply {
	type status struct {
		ID   int    `json:"id"`
		Name string `json:"name"`
	}
	var list []status
	for i, st := range []Status{StatusAwaitingPayment, StatusInProcess, StatusShipped, StatusDelivered,
		StatusCancelled, StatusPendingInvoice} {
		name := string(st)
		if s.sw.HonourISOCode && q.param("isoCode") == "en" {
			name = st.english()
		}
		list = append(list, status{i + 1, name})
	}
	return ok(list)
}

// uploadInvoice is POST order/upload_invoice.
func (s *Server) uploadInvoice(q *request) reply {
	o, bad := s.form(q.body, field{name: "invoice", shape: objectShape, required: true, fields: []field{
		{name: "id_order", required: true}, {name: "file", required: true}, {name: "mime_type", required: true},
		{name: "concept", required: true}, {name: "amount", required: true, shape: amountShape},
	}})
	if bad != nil {
		return *bad
	}
	target := s.orderNumber(o.text("id_order"))
	switch {
	case target == nil:
		return orderMissing()
	case target.status != StatusPendingInvoice:
		return codeReply(http.StatusConflict, "The order is not pending invoice")
	}
	target.invoiced = true
	target.pay(q.now)
	return ok([]bool{true})
}

// refund gives the money of a cancelled order back.
func (s *Server) refund(o *order) {
	if o.paid && o.payment == "moneybox" {
		s.balance = s.balance.Add(o.part.total)
	}
	o.paid = false
}

// purse is GET user/purse.
func (s *Server) purse(*request) reply {
	shown := s.balance
	if s.sw.Sandbox {
		shown = decimal.NewFromInt(10_000)
	}
	return ok(shown.StringFixed(2))
}

// authStatus is GET user/auth/status: 200 and nothing else.
func (s *Server) authStatus(*request) reply { return rawReply(http.StatusOK, typeJSON, "") }
