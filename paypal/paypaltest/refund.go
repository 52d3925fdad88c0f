package paypaltest

import (
	"net/http"
	"time"

	"github.com/shopspring/decimal"
)

// refundLife is how long a payment may be refunded.
const refundLife = 180 * 24 * time.Hour

// refund is money that goes back.
type refund struct {
	id               string
	capture          *capture
	amount           amount
	invoice, note    string
	status           string
	created, updated time.Time
}

type refundForm struct {
	Amount  *moneyForm `json:"amount"`
	Invoice *string    `json:"invoice_id"`
	Custom  *string    `json:"custom_id"`
	Note    *string    `json:"note_to_payer"`
}

func (s *Server) refundCapture(q *request) (resource, *refusal) {
	var f refundForm
	if no := q.read(&f, true); no != nil {
		return nil, no
	}
	check := &form{}
	check.length("/invoice_id", f.Invoice, 1, 127)
	check.length("/custom_id", f.Custom, 1, 127)
	check.length("/note_to_payer", f.Note, 1, 255)
	var part amount
	if f.Amount != nil {
		part, _ = check.money("/amount", f.Amount)
	}
	if no := check.refusal(); no != nil {
		return nil, no
	}
	c, known := s.byID[q.arg].(*capture)
	if !known {
		return nil, notFound()
	}
	if f.Amount == nil {
		part = c.amount.with(c.amount.value.Sub(c.refunded()))
	}
	if no := s.refundable(c, part, text(f.Invoice), q.now); no != nil {
		return nil, no
	}
	r := &refund{id: s.newID("refund", 17), capture: c, amount: part, invoice: text(f.Invoice), note: text(f.Note),
		status: "COMPLETED", created: q.now, updated: q.now}
	if s.sw.PendingRefunds {
		r.status = "PENDING"
	}
	c.refunds = append(c.refunds, r)
	c.unit.refunds = append(c.unit.refunds, r)
	s.byID[r.id] = r
	s.refundSettled(r, q.now)
	return r, nil
}

// refundable returns why an amount cannot be given back.
func (s *Server) refundable(c *capture, part amount, invoice string, now time.Time) *refusal {
	left := c.amount.value.Sub(c.refunded())
	switch {
	case c.status == "PENDING":
		return unprocessable("PENDING_CAPTURE", "")
	case c.status == "DECLINED" || c.status == "FAILED":
		return unprocessable("REFUND_NOT_ALLOWED", "")
	case c.reason == chargeback:
		return unprocessable("REFUND_NOT_PERMITTED_DUE_TO_CHARGEBACK", "")
	case left.IsZero():
		return unprocessable("CAPTURE_FULLY_REFUNDED", "")
	case now.Sub(c.created) > refundLife:
		return unprocessable("REFUND_TIME_LIMIT_EXCEEDED", "")
	}
	if no := judge(part, "/amount", false, true); no != nil {
		return no
	}
	switch {
	case part.currency != c.amount.currency:
		return unprocessable("REFUND_CAPTURE_CURRENCY_MISMATCH", "/amount/currency_code")
	case part.value.GreaterThan(left):
		return unprocessable("REFUND_AMOUNT_EXCEEDED", "/amount/value")
	case s.sw.BlockDuplicateInvoices && invoice != "" && s.invoiceRefunded(invoice):
		return unprocessable("DUPLICATE_INVOICE_ID", "/invoice_id")
	}
	return nil
}

func (s *Server) invoiceRefunded(invoice string) bool {
	for _, c := range s.allCaptures() {
		for _, r := range c.refunds {
			if r.invoice == invoice {
				return true
			}
		}
	}
	return false
}

// refundSettled brings the payment's status up to date, and tells of it.
func (s *Server) refundSettled(r *refund, now time.Time) {
	r.updated = now
	r.capture.settle(now)
	switch r.status {
	case "COMPLETED":
		s.emit(now, "PAYMENT.CAPTURE.REFUNDED", "refund", "A payment was refunded", r.shown(s))
	case "FAILED":
		s.emit(now, "PAYMENT.REFUND.FAILED", "refund", "A refund failed", r.shown(s))
	case "PENDING":
		s.emit(now, "PAYMENT.REFUND.PENDING", "refund", "A refund is pending", r.shown(s))
	}
}

func (s *Server) getRefund(q *request) (resource, *refusal) {
	r, known := s.byID[q.arg].(*refund)
	if !known {
		return nil, notFound()
	}
	return r, nil
}

// shown implements [resource].
func (r *refund) shown(s *Server) object {
	total := decimal.Zero
	for _, other := range r.capture.refunds {
		if other.status != "FAILED" && other.status != "CANCELLED" {
			total = total.Add(other.amount.value)
		}
	}
	out := object{"id": r.id, "status": r.status, "amount": r.amount.shown(),
		"create_time": stamp(r.created), "update_time": stamp(r.updated),
		"seller_payable_breakdown": object{"gross_amount": r.amount.shown(), "paypal_fee": r.amount.with(decimal.Zero).shown(),
			"net_amount": r.amount.shown(), "total_refunded_amount": r.amount.with(total).shown()},
		"links": []link{{Href: s.api("/v2/payments/refunds/" + r.id), Rel: "self", Method: http.MethodGet},
			{Href: s.api("/v2/payments/captures/" + r.capture.id), Rel: "up", Method: http.MethodGet}}}
	if r.status == "PENDING" {
		out["status_details"] = object{"reason": "ECHECK"}
	}
	out.put("invoice_id", r.invoice)
	out.put("note_to_payer", r.note)
	return out
}
