package paypaltest

import (
	"net/http"
	"time"

	"github.com/shopspring/decimal"
)

// capture is money that moved, or is about to.
type capture struct {
	id               string
	order            *order
	unit             *unit
	auth             *authorization
	amount           amount
	invoice          string
	status, reason   string
	final            bool
	fee              decimal.Decimal
	created, updated time.Time
	refunds          []*refund
}

// capture takes money from the payer.
func (s *Server) capture(o *order, u *unit, auth *authorization, a amount, invoice string, funding Funding, now time.Time) *capture {
	c := &capture{id: s.newID("capture", 17), order: o, unit: u, auth: auth, amount: a, invoice: invoice, status: "COMPLETED",
		final: true, fee: fee(a), created: now, updated: now}
	if funding.pending() {
		c.status, c.reason = "PENDING", string(funding)
	}
	u.captures = append(u.captures, c)
	s.byID[c.id] = c
	s.emitCapture(now, c, c.status)
	return c
}

func (s *Server) emitCapture(now time.Time, c *capture, what string) {
	s.emit(now, "PAYMENT.CAPTURE."+what, "capture", "The payment of "+c.amount.money().String()+" is "+what, c.shown(s))
}

func (s *Server) getCapture(q *request) (resource, *refusal) {
	c, known := s.byID[q.arg].(*capture)
	if !known {
		return nil, notFound()
	}
	return c, nil
}

// allCaptures returns the captures of all orders, order by order.
func (s *Server) allCaptures() []*capture {
	var out []*capture
	for _, o := range s.orders {
		for _, u := range o.units {
			out = append(out, u.captures...)
		}
	}
	return out
}

// refunded is what was or will be given back.
func (c *capture) refunded() decimal.Decimal {
	sum := decimal.Zero
	for _, r := range c.refunds {
		if r.status == "COMPLETED" || r.status == "PENDING" {
			sum = sum.Add(r.amount.value)
		}
	}
	return sum
}

// settle sets the status to what the refunds leave of it.
func (c *capture) settle(now time.Time) {
	done := decimal.Zero
	for _, r := range c.refunds {
		if r.status == "COMPLETED" {
			done = done.Add(r.amount.value)
		}
	}
	c.updated = now
	switch {
	case done.IsZero():
		c.status = "COMPLETED"
	case done.LessThan(c.amount.value):
		c.status = "PARTIALLY_REFUNDED"
	default:
		c.status = "REFUNDED"
	}
}

// shown implements [resource].
func (c *capture) shown(s *Server) object {
	self := s.api("/v2/payments/captures/" + c.id)
	links := []link{{Href: self, Rel: "self", Method: http.MethodGet}, {Href: self + "/refund", Rel: "refund", Method: http.MethodPost},
		{Href: s.api("/v2/checkout/orders/" + c.order.id), Rel: "up", Method: http.MethodGet}}
	related := object{"order_id": c.order.id}
	if c.auth != nil {
		links[2].Href = s.api("/v2/payments/authorizations/" + c.auth.id)
		related["authorization_id"] = c.auth.id
	}
	out := object{"id": c.id, "status": c.status, "amount": c.amount.shown(), "final_capture": c.final,
		"seller_protection": object{"status": "NOT_ELIGIBLE"}, "links": links,
		"create_time": stamp(c.created), "update_time": stamp(c.updated),
		"supplementary_data": object{"related_ids": related},
		"payee":              object{"email_address": MerchantEmail, "merchant_id": s.cfg.Merchant}}
	out.put("invoice_id", c.invoice)
	out.put("custom_id", text(c.unit.form.Custom))
	if c.reason != "" {
		out["status_details"] = object{"reason": c.reason}
	}
	if c.status != "PENDING" && c.status != "DECLINED" {
		out["seller_receivable_breakdown"] = object{"gross_amount": c.amount.shown(), "paypal_fee": c.amount.with(c.fee).shown(),
			"net_amount": c.amount.with(c.amount.value.Sub(c.fee)).shown()}
	}
	return out
}
