package paypaltest

import (
	"net/http"
	"time"

	"github.com/shopspring/decimal"
)

const (
	authorizationLife = 29 * 24 * time.Hour // PayPal: 29 days
	honoured          = 3 * 24 * time.Hour  // PayPal: 3 days
)

// authorization is money set aside.
type authorization struct {
	id                        string
	order                     *order
	unit                      *unit
	amount                    amount
	status                    string
	final                     bool // nothing more may be captured
	again                     bool // it replaces an earlier one
	created, updated, expires time.Time
	captures                  []*capture
}

func (s *Server) authorize(o *order, u *unit, a amount, now, expires time.Time) *authorization {
	auth := &authorization{id: s.newID("authorization", 17), order: o, unit: u, amount: a, status: "CREATED",
		created: now, updated: now, expires: expires}
	u.authorizations = append(u.authorizations, auth)
	s.byID[auth.id] = auth
	s.emit(now, "PAYMENT.AUTHORIZATION.CREATED", "authorization", "A payment was authorized", auth.shown(s))
	return auth
}

// left is what may still be captured.
func (a *authorization) left() amount {
	sum := decimal.Zero
	for _, c := range a.captures {
		if c.status != "DECLINED" {
			sum = sum.Add(c.amount.value)
		}
	}
	return a.amount.with(a.amount.value.Sub(sum))
}

func (s *Server) getAuthorization(q *request) (resource, *refusal) {
	a, known := s.byID[q.arg].(*authorization)
	if !known {
		return nil, notFound()
	}
	return a, nil
}

type captureForm struct {
	Amount     *moneyForm `json:"amount"`
	Invoice    *string    `json:"invoice_id"`
	Note       *string    `json:"note_to_payer"`
	Descriptor *string    `json:"soft_descriptor"`
	Final      bool       `json:"final_capture"`
}

// wants reads an optional amount; whole is what it stands for if missing.
func wants(m *moneyForm, whole func() amount, check *form) amount {
	if m == nil {
		return whole()
	}
	a, _ := check.money("/amount", m)
	return a
}

func (s *Server) captureAuthorization(q *request) (resource, *refusal) {
	var f captureForm
	if no := q.read(&f, true); no != nil {
		return nil, no
	}
	check := &form{}
	check.length("/invoice_id", f.Invoice, 0, 127)
	check.length("/note_to_payer", f.Note, 0, 255)
	check.length("/soft_descriptor", f.Descriptor, 0, 22)
	a, known := s.byID[q.arg].(*authorization)
	part := amount{}
	if known || f.Amount != nil {
		part = wants(f.Amount, func() amount { return a.left() }, check)
	}
	if no := check.refusal(); no != nil {
		return nil, no
	}
	if !known {
		return nil, notFound()
	}
	invoice := or(text(f.Invoice), text(a.unit.form.Invoice))
	if no := s.capturable(a, part, invoice, q.now); no != nil {
		return nil, no
	}
	c := s.capture(a.order, a.unit, a, part, invoice, or(a.order.funding, s.sw.Funding), q.now)
	a.captures = append(a.captures, c)
	a.updated, a.status, a.final = q.now, "PARTIALLY_CAPTURED", f.Final
	if a.final || a.left().value.IsZero() {
		a.status, a.final = "CAPTURED", true
	}
	c.final = a.final
	return c, nil
}

// capturable returns why an amount cannot be captured.
func (s *Server) capturable(a *authorization, part amount, invoice string, now time.Time) *refusal {
	funding := or(a.order.funding, s.sw.Funding)
	switch {
	case a.status == "VOIDED":
		return unprocessable("AUTHORIZATION_VOIDED", "")
	case a.final:
		return unprocessable("AUTHORIZATION_ALREADY_CAPTURED", "")
	case now.After(a.expires):
		return unprocessable("AUTHORIZATION_EXPIRED", "")
	case s.sw.NotHonoured && now.Sub(a.created) > honoured:
		return unprocessable("PAYER_CANNOT_PAY", "")
	}
	if no := judge(part, "/amount", false, true); no != nil {
		return no
	}
	switch {
	case part.currency != a.amount.currency:
		return unprocessable("AUTH_CAPTURE_CURRENCY_MISMATCH", "/amount/currency_code")
	case part.value.GreaterThan(a.left().value):
		return unprocessable("MAX_CAPTURE_AMOUNT_EXCEEDED", "/amount/value")
	case s.invoiceUsed(invoice):
		return unprocessable("DUPLICATE_INVOICE_ID", "")
	case funding == Declined: // Payments have no INSTRUMENT_DECLINED
		return unprocessable("TRANSACTION_REFUSED", "")
	case funding != Instant && !funding.pending():
		return forced(string(funding))
	}
	return nil
}

func (s *Server) reauthorize(q *request) (resource, *refusal) {
	var f captureForm
	if no := q.read(&f, true); no != nil {
		return nil, no
	}
	check := &form{}
	a, known := s.byID[q.arg].(*authorization)
	part := amount{}
	if known || f.Amount != nil {
		part = wants(f.Amount, func() amount { return a.amount }, check)
	}
	if no := check.refusal(); no != nil {
		return nil, no
	}
	switch {
	case !known:
		return nil, notFound()
	case a.status == "VOIDED":
		return nil, unprocessable("AUTHORIZATION_VOIDED", "")
	case len(a.captures) > 0:
		return nil, unprocessable("AUTHORIZATION_ALREADY_CAPTURED", "")
	case a.again || q.now.Sub(a.created) <= honoured || q.now.After(a.expires):
		return nil, unprocessable("REAUTHORIZATION_NOT_SUPPORTED", "")
	}
	if no := judge(part, "/amount", false, true); no != nil {
		return nil, no
	}
	switch {
	case part.currency != a.amount.currency:
		return nil, unprocessable("AUTH_CURRENCY_MISMATCH", "/amount/currency_code")
	case part.value.GreaterThan(a.amount.value.Mul(decimal.RequireFromString("1.15"))):
		return nil, unprocessable("TRANSACTION_REFUSED", "")
	}
	a.status, a.updated = "VOIDED", q.now
	fresh := s.authorize(a.order, a.unit, part, q.now, a.expires)
	fresh.again = true
	return fresh, nil
}

func (s *Server) void(q *request) (resource, *refusal) {
	a, known := s.byID[q.arg].(*authorization)
	switch {
	case !known:
		return nil, notFound()
	case a.status == "VOIDED":
		return nil, unprocessable("PREVIOUSLY_VOIDED", "")
	case a.status == "CAPTURED" || a.status == "PARTIALLY_CAPTURED":
		return nil, unprocessable("PREVIOUSLY_CAPTURED", "")
	}
	a.status, a.updated = "VOIDED", q.now
	s.emit(q.now, "PAYMENT.AUTHORIZATION.VOIDED", "authorization", "An authorization was voided", a.shown(s))
	if !representation(q.header) {
		return nil, nil
	}
	return a, nil
}

// shown implements [resource].
func (a *authorization) shown(s *Server) object {
	self := s.api("/v2/payments/authorizations/" + a.id)
	out := object{"id": a.id, "status": a.status, "amount": a.amount.shown(), "expiration_time": stamp(a.expires),
		"create_time": stamp(a.created), "update_time": stamp(a.updated), "seller_protection": object{"status": "NOT_ELIGIBLE"},
		"supplementary_data": object{"related_ids": object{"order_id": a.order.id}},
		"payee":              object{"email_address": MerchantEmail, "merchant_id": s.cfg.Merchant},
		"links": []link{{Href: self, Rel: "self", Method: http.MethodGet}, {Href: self + "/capture", Rel: "capture", Method: http.MethodPost},
			{Href: self + "/void", Rel: "void", Method: http.MethodPost}, {Href: self + "/reauthorize", Rel: "reauthorize", Method: http.MethodPost}}}
	out.put("invoice_id", text(a.unit.form.Invoice))
	out.put("custom_id", text(a.unit.form.Custom))
	return out
}
