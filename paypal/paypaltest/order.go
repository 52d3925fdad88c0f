package paypaltest

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// orderLife is how long an order waits for its approval, and an approval for
// the capture (PayPal: 3 hours).
const orderLife = 3 * time.Hour

// order is one order of Orders v2.
type order struct {
	id, intent, status         string
	units                      []*unit
	form                       orderForm
	created, approved, updated time.Time
	funding                    Funding
	token                      *paymentToken // what paid it, or was saved with it
	attempts                   int
	returnURL, cancelURL       string
	reversed                   bool
}

// unit is a purchase unit.
type unit struct {
	form           unitForm
	reference      string
	amount         amount
	authorizations []*authorization
	captures       []*capture
	refunds        []*refund
}

func (o *order) wallet() *walletForm {
	if o.form.Source == nil {
		return nil
	}
	return o.form.Source.PayPal
}

// immediate reports whether payments that settle later are not wanted.
func (o *order) immediate() bool {
	w := o.wallet()
	return w != nil && w.Context != nil && text(w.Context.Preference) == "IMMEDIATE_PAYMENT_REQUIRED"
}

func (s *Server) createOrder(q *request) (resource, *refusal) {
	var f orderForm
	if no := q.read(&f, false); no != nil {
		return nil, no
	}
	if no := f.wellFormed(); no != nil {
		return nil, no
	}
	if _, has := q.key(); f.Source != nil && !has {
		return nil, refuse(http.StatusBadRequest, detail{Issue: "PAYPAL_REQUEST_ID_REQUIRED", Field: "PayPal-Request-Id"})
	}
	if no := f.payable(s); no != nil {
		return nil, no
	}
	o := &order{id: s.newID("order", 17), intent: *f.Intent, status: "CREATED", form: f, created: q.now, updated: q.now}
	for _, u := range f.Units {
		total, _ := (&form{}).money("", &u.Amount.moneyForm)
		o.units = append(o.units, &unit{form: u, reference: or(text(u.Reference), "default"), amount: total})
	}
	if c := f.Context; c != nil {
		o.returnURL, o.cancelURL = text(c.Return), text(c.Cancel)
	}
	if no := s.prepare(o, q.now); no != nil {
		return nil, no
	}
	s.orders = append(s.orders, o)
	s.byID[o.id] = o
	return o, nil
}

// prepare looks at how an order is to be paid, and pays it if nobody needs to
// be asked.
func (s *Server) prepare(o *order, now time.Time) *refusal {
	source := o.form.Source
	if source == nil {
		return nil
	}
	saved := ""
	switch {
	case source.PayPal != nil:
		w := source.PayPal
		if w.Context != nil {
			o.returnURL, o.cancelURL = text(w.Context.Return), text(w.Context.Cancel)
		}
		if saved = or(text(w.Vault), text(w.Agreement)); saved == "" {
			if w.Attributes != nil && w.Attributes.Vault != nil && s.sw.NoVault {
				return unprocessable("NOT_ENABLED_TO_VAULT_PAYMENT_SOURCE", "/payment_source/paypal/attributes/vault")
			}
			o.status = "PAYER_ACTION_REQUIRED"
			return nil
		}
	case source.Token != nil:
		saved = text(source.Token.ID)
	default: // cards and other means are not played
		return unprocessable("PAYMENT_SOURCE_CANNOT_BE_USED", "/payment_source")
	}
	if len(o.units) > 1 {
		return unprocessable("MERCHANT_INITIATED_WITH_MULTIPLE_PURCHASE_UNITS", "/purchase_units")
	}
	token, known := s.byID[saved].(*paymentToken)
	switch {
	case !known:
		return unprocessable("BILLING_AGREEMENT_NOT_FOUND", "/payment_source/paypal/vault_id")
	case token.deleted:
		return unprocessable("AGREEMENT_ALREADY_CANCELLED", "/payment_source/paypal/vault_id")
	}
	o.token, o.funding, o.approved = token, token.funding, now
	return s.pay(o, now)
}

func (s *Server) getOrder(q *request) (resource, *refusal) {
	o, no := s.order(q.arg, q.now)
	if no != nil {
		return nil, no
	}
	return o, nil
}

// order finds an order that has not expired.
func (s *Server) order(id string, now time.Time) (*order, *refusal) {
	o, known := s.byID[id].(*order)
	if !known || s.expired(o, now) && !s.sw.ExpiredStay {
		return nil, notFound()
	}
	return o, nil
}

// expired reports whether an order was approved or captured too late.
func (s *Server) expired(o *order, now time.Time) bool {
	from := o.created
	switch o.status {
	case "COMPLETED", "VOIDED":
		return false
	case "APPROVED":
		from = o.approved
	}
	return now.Sub(from) > or(s.sw.OrderLife, orderLife)
}

// expire tells, once, of approvals that nobody used.
func (s *Server) expire(now time.Time) {
	for _, o := range s.orders {
		if o.status == "APPROVED" && !o.reversed && s.expired(o, now) {
			o.reversed = true
			s.emit(now, "CHECKOUT.PAYMENT-APPROVAL.REVERSED", "checkout-order", "The approval of a payment was reversed", s.reversal(o))
		}
	}
}

// shown implements [resource].
func (o *order) shown(s *Server) object {
	out := object{"id": o.id, "intent": o.intent, "status": o.status, "create_time": stamp(o.created), "update_time": stamp(o.updated),
		"links": o.links(s)}
	units := make([]object, len(o.units))
	for i, u := range o.units {
		units[i] = u.shown(s)
	}
	out["purchase_units"] = units
	if o.approved.IsZero() {
		if o.wallet() != nil {
			out["payment_source"] = object{"paypal": object{}}
		}
		return out
	}
	out["payer"] = object{"email_address": PayerEmail, "payer_id": PayerID, "name": object{"given_name": "Ada", "surname": "Payer"}}
	paypal := object{"email_address": PayerEmail, "account_id": PayerID, "account_status": "VERIFIED",
		"name": object{"given_name": "Ada", "surname": "Payer"}}
	if w := o.wallet(); o.token != nil && w != nil && text(w.Vault) == "" && text(w.Agreement) == "" {
		paypal["attributes"] = object{"vault": object{"id": o.token.id, "status": "VAULTED",
			"customer": object{"id": o.token.customer}, "links": o.token.links(s)}}
	}
	out["payment_source"] = object{"paypal": paypal}
	return out
}

func (o *order) links(s *Server) []link {
	self := s.api("/v2/checkout/orders/" + o.id)
	out := []link{{Href: self, Rel: "self", Method: http.MethodGet}}
	approval := s.page("/checkoutnow?token=" + url.QueryEscape(o.id))
	switch o.status {
	case "CREATED":
		out = append(out, link{Href: approval, Rel: "approve", Method: http.MethodGet})
	case "PAYER_ACTION_REQUIRED":
		out = append(out, link{Href: approval, Rel: "payer-action", Method: http.MethodGet})
	}
	if o.status == "CREATED" || o.status == "APPROVED" {
		action := map[string]string{"CAPTURE": "capture", "AUTHORIZE": "authorize"}[o.intent]
		out = append(out, link{Href: self + "/" + action, Rel: action, Method: http.MethodPost})
	}
	return out
}

func (u *unit) shown(s *Server) object {
	total := u.amount.shown()
	if len(u.form.Amount.Breakdown) > 0 {
		parts := object{}
		for name, m := range u.form.Amount.Breakdown {
			part, _ := (&form{}).money("", &m)
			parts[name] = part.shown()
		}
		total["breakdown"] = parts
	}
	payee := object{"merchant_id": s.cfg.Merchant, "email_address": MerchantEmail}
	if p := u.form.Payee; p != nil && text(p.Merchant) != "" {
		payee = object{"merchant_id": *p.Merchant}
	}
	out := object{"reference_id": u.reference, "amount": total, "payee": payee}
	out.put("description", text(u.form.Description))
	out.put("custom_id", text(u.form.Custom))
	out.put("invoice_id", text(u.form.Invoice))
	out.put("soft_descriptor", text(u.form.Descriptor))
	payments := object{}
	if len(u.authorizations) > 0 {
		payments["authorizations"] = all(s, u.authorizations)
	}
	if len(u.captures) > 0 {
		payments["captures"] = all(s, u.captures)
	}
	if len(u.refunds) > 0 {
		payments["refunds"] = all(s, u.refunds)
	}
	if len(payments) > 0 {
		out["payments"] = payments
	}
	return out
}

// all shows resources as parts of their order, which needs no mention.
func all[T resource](s *Server, rs []T) []object {
	out := make([]object, len(rs))
	for i, r := range rs {
		out[i] = r.shown(s)
		delete(out[i], "supplementary_data")
		delete(out[i], "payee")
	}
	return out
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
