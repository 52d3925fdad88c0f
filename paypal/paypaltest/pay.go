package paypaltest

import (
	"net/http"
	"time"
)

// Funding is where the payer's money comes from, or fails to.
type Funding string

// The ways in which a payment is funded. Every other text is the issue that
// refuses the payment, such as TRANSACTION_REFUSED.
const (
	Instant  Funding = ""                    // the money moves at once
	ECheck   Funding = "ECHECK"              // PENDING for days
	InReview Funding = "PENDING_REVIEW"      // PENDING until PayPal has looked at it
	Declined Funding = "INSTRUMENT_DECLINED" // the payer must choose another instrument
)

func (f Funding) pending() bool { return f == ECheck || f == InReview }

// maxAttempts is how often an order may be tried.
const maxAttempts = 5

func (s *Server) captureOrder(q *request) (resource, *refusal) {
	return s.complete(q, "CAPTURE", "ORDER_ALREADY_CAPTURED")
}

func (s *Server) authorizeOrder(q *request) (resource, *refusal) {
	return s.complete(q, "AUTHORIZE", "ORDER_ALREADY_AUTHORIZED")
}

// complete captures or authorizes an approved order.
func (s *Server) complete(q *request, intent, already string) (resource, *refusal) {
	if no := q.read(&struct{}{}, true); no != nil {
		return nil, no
	}
	o, known := s.byID[q.arg].(*order)
	if !known {
		return nil, notFound()
	}
	if s.expired(o, q.now) {
		if intent == "AUTHORIZE" {
			return nil, unprocessable("ORDER_EXPIRED", "")
		}
		return nil, notFound()
	}
	switch {
	case o.intent != intent && intent == "AUTHORIZE":
		return nil, unprocessable("ACTION_DOES_NOT_MATCH_INTENT", "")
	case o.intent != intent: // Orders list no ACTION_DOES_NOT_MATCH_INTENT for capture
		return nil, unprocessable("AUTH_CAPTURE_NOT_ENABLED", "")
	case o.status == "COMPLETED":
		return nil, unprocessable(already, "")
	case o.status != "APPROVED":
		return nil, unprocessable("ORDER_NOT_APPROVED", "")
	}
	if no := s.pay(o, q.now); no != nil {
		return nil, no
	}
	return o, nil
}

// pay moves the money of an approved order, or sets it aside.
func (s *Server) pay(o *order, now time.Time) *refusal {
	if o.attempts++; o.attempts > maxAttempts {
		return unprocessable("MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED", "")
	}
	funding := or(o.funding, s.sw.Funding)
	if funding == ECheck && o.immediate() {
		funding = Declined
	}
	if funding != Instant && !funding.pending() {
		no := forced(string(funding))
		if funding == Declined {
			no.links = []link{{Href: s.page("/checkoutnow?token=" + o.id), Rel: "redirect", Method: http.MethodGet}}
		}
		return no
	}
	for _, u := range o.units {
		if s.invoiceUsed(text(u.form.Invoice)) {
			return unprocessable("DUPLICATE_INVOICE_ID", "")
		}
	}
	o.status, o.updated = "COMPLETED", now
	for _, u := range o.units {
		if o.intent == "AUTHORIZE" {
			s.authorize(o, u, u.amount, now, now.Add(authorizationLife))
		} else {
			s.capture(o, u, nil, u.amount, text(u.form.Invoice), funding, now)
		}
	}
	s.save(o, now)
	s.emit(now, "CHECKOUT.ORDER.COMPLETED", "checkout-order", "Checkout Order Completed", o.shown(s))
	return nil
}

// invoiceUsed reports whether the account refuses another payment for an
// invoice.
func (s *Server) invoiceUsed(invoice string) bool {
	if invoice == "" || !s.sw.BlockDuplicateInvoices {
		return false
	}
	for _, c := range s.allCaptures() {
		if c.invoice == invoice && c.status != "DECLINED" {
			return true
		}
	}
	return false
}

// save keeps the payment source if the order asked for it.
func (s *Server) save(o *order, now time.Time) {
	w := o.wallet()
	if o.token != nil || w == nil || w.Attributes == nil || w.Attributes.Vault == nil || text(w.Attributes.Vault.Store) == "" {
		return
	}
	o.token = s.newPaymentToken("", now)
}
