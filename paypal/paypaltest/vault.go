package paypaltest

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"
)

// setupLife is how long a setup token waits (PayPal: 3 days).
const setupLife = 3 * 24 * time.Hour

// setupToken asks a payer to save his account for later payments.
type setupToken struct {
	id, customer, status string
	wallet               setupWallet
	created              time.Time
	used                 bool
}

// paymentToken is a saved account. It stays known when it was deleted.
type paymentToken struct {
	id, customer string
	funding      Funding
	deleted      bool
}

type setupForm struct {
	Customer *customerForm `json:"customer"`
	Source   *struct {
		PayPal *setupWallet `json:"paypal"`
		Token  *tokenForm   `json:"token"`
	} `json:"payment_source"`
}

type customerForm struct {
	ID *string `json:"id"`
}

type setupWallet struct {
	Usage   *string      `json:"usage_type"`
	Pattern *string      `json:"usage_pattern"`
	Payer   *string      `json:"customer_type"`
	Text    *string      `json:"description"`
	Context *contextForm `json:"experience_context"`
}

var customerSyntax = regexp.MustCompile(`^[0-9a-zA-Z_-]{1,22}$`)

func (s *Server) createSetupToken(q *request) (resource, *refusal) {
	var f setupForm
	if no := q.read(&f, false); no != nil {
		return nil, no
	}
	check := &form{}
	if f.Customer != nil {
		check.syntax("/customer/id", f.Customer.ID, customerSyntax)
	}
	if f.Source == nil || f.Source.PayPal == nil {
		check.note("MISSING_REQUIRED_PARAMETER", "/payment_source/paypal", "")
	} else {
		w := f.Source.PayPal
		if check.required("/payment_source/paypal/usage_type", w.Usage) {
			check.oneOf("/payment_source/paypal/usage_type", w.Usage, "MERCHANT", "PLATFORM")
		}
		check.oneOf("/payment_source/paypal/usage_pattern", w.Pattern, patterns...)
		check.oneOf("/payment_source/paypal/customer_type", w.Payer, "CONSUMER", "BUSINESS")
		check.length("/payment_source/paypal/description", w.Text, 1, 128)
		w.Context.wellFormed(check, "/payment_source/paypal/experience_context")
		if w.Context == nil || text(w.Context.Return) == "" || text(w.Context.Cancel) == "" {
			check.note("MISSING_REQUIRED_PARAMETER", "/payment_source/paypal/experience_context", "")
		}
	}
	if no := check.refusal(); no != nil {
		return nil, no
	}
	if s.sw.NoVault {
		return nil, forced("PERMISSION_DENIED")
	}
	t := &setupToken{id: s.newID("setup", 17), status: "PAYER_ACTION_REQUIRED", wallet: *f.Source.PayPal, created: q.now}
	if f.Customer != nil {
		t.customer = text(f.Customer.ID)
	}
	t.customer = or(t.customer, s.newID("customer", 10))
	s.byID[t.id] = t
	return t, nil
}

func (s *Server) getSetupToken(q *request) (resource, *refusal) {
	t, known := s.byID[q.arg].(*setupToken)
	if !known || q.now.Sub(t.created) > setupLife {
		return nil, notFound()
	}
	return t, nil
}

// shown implements [resource].
func (t *setupToken) shown(s *Server) object {
	links := []link{{Href: s.api("/v3/vault/setup-tokens/" + t.id), Rel: "self", Method: http.MethodGet}}
	switch t.status {
	case "PAYER_ACTION_REQUIRED":
		links = append(links, link{Href: s.page("/agreements/approve?approval_session_id=" + url.QueryEscape(t.id)), Rel: "approve", Method: http.MethodGet})
	case "APPROVED":
		links = append(links, link{Href: s.api("/v3/vault/payment-tokens"), Rel: "confirm", Method: http.MethodPost})
	}
	paypal := object{"usage_type": text(t.wallet.Usage), "permit_multiple_payment_tokens": false}
	paypal.put("customer_type", text(t.wallet.Payer))
	paypal.put("usage_pattern", text(t.wallet.Pattern))
	return object{"id": t.id, "customer": object{"id": t.customer}, "status": t.status,
		"payment_source": object{"paypal": paypal}, "links": links}
}

func (s *Server) createPaymentToken(q *request) (resource, *refusal) {
	var f setupForm
	if no := q.read(&f, false); no != nil {
		return nil, no
	}
	check := &form{}
	if f.Source == nil || f.Source.Token == nil {
		check.note("MISSING_REQUIRED_PARAMETER", "/payment_source/token", "")
	} else {
		check.required("/payment_source/token/id", f.Source.Token.ID)
		if check.required("/payment_source/token/type", f.Source.Token.Type) {
			check.oneOf("/payment_source/token/type", f.Source.Token.Type, "SETUP_TOKEN")
		}
	}
	if no := check.refusal(); no != nil {
		return nil, no
	}
	t, known := s.byID[*f.Source.Token.ID].(*setupToken)
	switch {
	case !known:
		return nil, notFound()
	case t.used || q.now.Sub(t.created) > setupLife:
		return nil, unprocessable("TOKEN_EXPIRED", "/payment_source/token/id")
	case t.status != "APPROVED":
		return nil, unprocessable("PAYER_ACTION_REQUIRED", "/payment_source/token/id")
	}
	t.used, t.status = true, "VAULTED"
	return s.newPaymentToken(t.customer, q.now), nil
}

func (s *Server) newPaymentToken(customer string, now time.Time) *paymentToken {
	p := &paymentToken{id: s.newID("vault", 8), customer: customer}
	p.customer = or(p.customer, s.newID("customer", 10))
	s.vault = append(s.vault, p)
	s.byID[p.id] = p
	s.emit(now, "VAULT.PAYMENT-TOKEN.CREATED", "payment_token", "A payment token has been created", p.shown(s))
	return p
}

func (s *Server) getPaymentToken(q *request) (resource, *refusal) {
	p, known := s.byID[q.arg].(*paymentToken)
	if !known || p.deleted {
		return nil, notFound()
	}
	return p, nil
}

func (s *Server) deletePaymentToken(q *request) (resource, *refusal) {
	if p, known := s.byID[q.arg].(*paymentToken); known && !p.deleted {
		s.deleteToken(p, q.now)
	}
	return nil, nil
}

func (s *Server) deleteToken(p *paymentToken, now time.Time) {
	p.deleted = true
	s.emit(now, "VAULT.PAYMENT-TOKEN.DELETED", "payment_token", "A payment token has been deleted", object{"id": p.id})
}

func (s *Server) listPaymentTokens(q *request) (resource, *refusal) {
	customer := q.query.Get("customer_id")
	size, ok1 := count(q.query, "page_size", 5)
	page, ok2 := count(q.query, "page", 1)
	switch {
	case customer == "":
		return nil, refuse(http.StatusBadRequest, detail{Issue: "MISSING_REQUIRED_PARAMETER", Field: "customer_id", Location: "query"})
	case !ok1 || !ok2 || len(customer) < 7 || len(customer) > 36:
		return nil, refuse(http.StatusBadRequest, detail{Issue: "INVALID_PARAMETER_VALUE", Location: "query"})
	}
	tokens := []object{}
	for _, p := range s.vault {
		if p.customer == customer && !p.deleted {
			tokens = append(tokens, p.shown(s))
		}
	}
	total := len(tokens)
	from := min((page-1)*size, total)
	out := object{"customer": object{"id": customer}, "payment_tokens": tokens[from:min(from+size, total)],
		"links": []link{{Href: s.api("/v3/vault/payment-tokens?" + q.query.Encode()), Rel: "self", Method: http.MethodGet}}}
	if q.query.Get("total_required") == "true" {
		out["total_items"], out["total_pages"] = total, (total+size-1)/size
	}
	return out, nil
}

// count reads a positive number of a query, at most 1000.
func count(query url.Values, name string, otherwise int) (int, bool) {
	if !query.Has(name) {
		return otherwise, true
	}
	n, err := strconv.Atoi(query.Get(name))
	return n, err == nil && n >= 1 && n <= 1000
}

// shown implements [resource].
func (p *paymentToken) shown(s *Server) object {
	return object{"id": p.id, "customer": object{"id": p.customer}, "links": p.links(s),
		"payment_source": object{"paypal": object{"usage_type": "MERCHANT", "customer_type": "BUSINESS", "email_address": PayerEmail,
			"payer_id": PayerID, "account_id": PayerID, "name": object{"given_name": "Ada", "surname": "Payer"}}}}
}

func (p *paymentToken) links(s *Server) []link {
	self := s.api("/v3/vault/payment-tokens/" + p.id)
	return []link{{Href: self, Rel: "self", Method: http.MethodGet}, {Href: self, Rel: "delete", Method: http.MethodDelete}}
}
