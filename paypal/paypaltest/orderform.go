package paypaltest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
)

// orderForm is the body of create.
type orderForm struct {
	Intent  *string      `json:"intent"`
	Units   []unitForm   `json:"purchase_units"`
	Source  *sourceForm  `json:"payment_source"`
	Context *contextForm `json:"application_context"`
}

type unitForm struct {
	Reference   *string         `json:"reference_id"`
	Amount      *unitAmountForm `json:"amount"`
	Payee       *payeeForm      `json:"payee"`
	Description *string         `json:"description"`
	Custom      *string         `json:"custom_id"`
	Invoice     *string         `json:"invoice_id"`
	Descriptor  *string         `json:"soft_descriptor"`
	Items       []itemForm      `json:"items"`
}

type unitAmountForm struct {
	moneyForm
	Breakdown map[string]moneyForm `json:"breakdown"`
}

type payeeForm struct {
	Merchant *string `json:"merchant_id"`
	Email    *string `json:"email_address"`
}

type itemForm struct {
	Name     *string    `json:"name"`
	Quantity *string    `json:"quantity"`
	Unit     *moneyForm `json:"unit_amount"`
	Tax      *moneyForm `json:"tax"`
}

type sourceForm struct {
	PayPal *walletForm     `json:"paypal"`
	Token  *tokenForm      `json:"token"`
	Card   json.RawMessage `json:"card"`
}

type tokenForm struct {
	ID   *string `json:"id"`
	Type *string `json:"type"`
}

type walletForm struct {
	Vault      *string         `json:"vault_id"`
	Agreement  *string         `json:"billing_agreement_id"`
	Context    *contextForm    `json:"experience_context"`
	Stored     *storedForm     `json:"stored_credential"`
	Attributes *attributesForm `json:"attributes"`
}

type storedForm struct {
	Initiator *string `json:"payment_initiator"`
	Usage     *string `json:"usage"`
	Pattern   *string `json:"usage_pattern"`
}

type attributesForm struct {
	Vault *struct {
		Store *string `json:"store_in_vault"`
		Usage *string `json:"usage_type"`
	} `json:"vault"`
}

type contextForm struct {
	Return     *string `json:"return_url"`
	Cancel     *string `json:"cancel_url"`
	Action     *string `json:"user_action"`
	Preference *string `json:"payment_method_preference"`
	Shipping   *string `json:"shipping_preference"`
	Brand      *string `json:"brand_name"`
	Locale     *string `json:"locale"`
}

var (
	accountSyntax = regexp.MustCompile(`^[2-9A-HJ-NP-Z]{13}$`)
	vaultSyntax   = regexp.MustCompile(`^[0-9a-zA-Z_-]+$`)
	localeSyntax  = regexp.MustCompile(`^[a-z]{2}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?$`)
	countSyntax   = regexp.MustCompile(`^[1-9][0-9]{0,9}$`)
	patterns      = []string{"IMMEDIATE", "DEFERRED", "RECURRING_PREPAID", "RECURRING_POSTPAID", "THRESHOLD_PREPAID", "THRESHOLD_POSTPAID"}
)

// wellFormed checks everything that needs no more than the body.
func (o *orderForm) wellFormed() *refusal {
	f := &form{}
	if f.required("/intent", o.Intent) {
		f.oneOf("/intent", o.Intent, "CAPTURE", "AUTHORIZE")
	}
	switch {
	case o.Units == nil:
		f.note("MISSING_REQUIRED_PARAMETER", "/purchase_units", "")
	case len(o.Units) == 0:
		f.note("INVALID_ARRAY_MIN_ITEMS", "/purchase_units", "")
	case len(o.Units) > 10:
		f.note("INVALID_ARRAY_MAX_ITEMS", "/purchase_units", "")
	}
	for i, u := range o.Units {
		u.wellFormed(f, "/purchase_units/"+strconv.Itoa(i))
	}
	if o.Source != nil {
		o.Source.wellFormed(f)
	}
	o.Context.wellFormed(f, "/application_context")
	return f.refusal()
}

func (u *unitForm) wellFormed(f *form, at string) {
	f.length(at+"/reference_id", u.Reference, 1, 256)
	f.length(at+"/description", u.Description, 1, 127)
	f.length(at+"/custom_id", u.Custom, 1, 127)
	f.length(at+"/invoice_id", u.Invoice, 1, 127)
	f.length(at+"/soft_descriptor", u.Descriptor, 1, 22)
	if u.Amount == nil {
		f.note("MISSING_REQUIRED_PARAMETER", at+"/amount", "")
	} else {
		f.money(at+"/amount", &u.Amount.moneyForm)
		for _, name := range sorted(u.Amount.Breakdown) {
			part := u.Amount.Breakdown[name]
			f.money(at+"/amount/breakdown/"+name, &part)
		}
	}
	if u.Payee != nil {
		f.syntax(at+"/payee/merchant_id", u.Payee.Merchant, accountSyntax)
	}
	for i, item := range u.Items {
		here := fmt.Sprintf("%s/items/%d", at, i)
		if f.required(here+"/name", item.Name) {
			f.length(here+"/name", item.Name, 1, 127)
		}
		if f.required(here+"/quantity", item.Quantity) {
			f.syntax(here+"/quantity", item.Quantity, countSyntax)
		}
		f.money(here+"/unit_amount", item.Unit)
		if item.Tax != nil {
			f.money(here+"/tax", item.Tax)
		}
	}
}

func (s *sourceForm) wellFormed(f *form) {
	if t := s.Token; t != nil {
		f.required("/payment_source/token/id", t.ID)
		if f.required("/payment_source/token/type", t.Type) {
			f.oneOf("/payment_source/token/type", t.Type, "BILLING_AGREEMENT")
		}
	}
	w := s.PayPal
	if w == nil {
		return
	}
	f.length("/payment_source/paypal/vault_id", w.Vault, 1, 255)
	f.syntax("/payment_source/paypal/vault_id", w.Vault, vaultSyntax)
	f.length("/payment_source/paypal/billing_agreement_id", w.Agreement, 2, 128)
	w.Context.wellFormed(f, "/payment_source/paypal/experience_context")
	if c := w.Stored; c != nil {
		const at = "/payment_source/paypal/stored_credential"
		f.oneOf(at+"/payment_initiator", c.Initiator, "CUSTOMER", "MERCHANT")
		f.oneOf(at+"/usage", c.Usage, "FIRST", "SUBSEQUENT", "DERIVED")
		f.oneOf(at+"/usage_pattern", c.Pattern, patterns...)
	}
	if w.Attributes != nil && w.Attributes.Vault != nil {
		v := w.Attributes.Vault
		f.oneOf("/payment_source/paypal/attributes/vault/store_in_vault", v.Store, "ON_SUCCESS")
		if f.required("/payment_source/paypal/attributes/vault/usage_type", v.Usage) {
			f.oneOf("/payment_source/paypal/attributes/vault/usage_type", v.Usage, "MERCHANT", "PLATFORM")
		}
	}
}

func (c *contextForm) wellFormed(f *form, at string) {
	if c == nil {
		return
	}
	f.length(at+"/brand_name", c.Brand, 1, 127)
	f.syntax(at+"/locale", c.Locale, localeSyntax)
	f.oneOf(at+"/user_action", c.Action, "CONTINUE", "PAY_NOW")
	f.oneOf(at+"/shipping_preference", c.Shipping, "GET_FROM_FILE", "NO_SHIPPING", "SET_PROVIDED_ADDRESS")
	f.oneOf(at+"/payment_method_preference", c.Preference, "UNRESTRICTED", "IMMEDIATE_PAYMENT_REQUIRED")
	for name, address := range map[string]*string{"/return_url": c.Return, "/cancel_url": c.Cancel} {
		if address != nil && !webAddress(*address) {
			f.note("INVALID_PARAMETER_SYNTAX", at+name, "")
		}
	}
}

// payable checks what money, accounts and references allow.
func (o *orderForm) payable(s *Server) *refusal {
	seen, currency := map[string]bool{}, text(o.Units[0].Amount.Currency)
	for i, u := range o.Units {
		at := "/purchase_units/" + strconv.Itoa(i)
		if len(o.Units) > 1 && u.Reference == nil {
			return unprocessable("REFERENCE_ID_REQUIRED", at+"/reference_id")
		}
		if seen[text(u.Reference)] {
			return unprocessable("DUPLICATE_REFERENCE_ID", at+"/reference_id")
		}
		seen[text(u.Reference)] = true
		if no := u.addsUp(at, currency); no != nil {
			return no
		}
		if u.Payee != nil && !s.mayReceive(*u.Payee) {
			return unprocessable("PAYEE_ACCOUNT_INVALID", at+"/payee")
		}
	}
	return nil
}

func (s *Server) mayReceive(p payeeForm) bool {
	if m := text(p.Merchant); m != "" {
		return m == s.cfg.Merchant || slices.Contains(s.cfg.Partners, m)
	}
	return text(p.Email) == MerchantEmail
}
