package paypal

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/openmip/openmip/mip/rest"
)

// CreateOrder creates an order. With Approval nothing is charged yet, and
// [Order].ApproveURL is for a person; with Vaulted the money moves now. What
// PayPal would refuse for its form is [mip.ErrInvalid], and nothing is sent.
func (c *Client) CreateOrder(ctx context.Context, id RequestID, r OrderRequest, opts ...Option) (Order, error) {
	const path = "/v2/checkout/orders"
	body, err := r.wire()
	if err != nil {
		return Order{}, refused(http.MethodPost, path, err)
	}
	var out orderAnswer
	err = c.write(ctx, id, call{Call: rest.Call{Method: http.MethodPost, Path: path, Body: body, Out: &out},
		check: func() error { return out.check("") }}, opts)
	return answered(&out, err)
}

// GetOrder reads an order. One that expired unapproved may be
// [mip.ErrNotFound].
func (c *Client) GetOrder(ctx context.Context, orderID string, opts ...Option) (Order, error) {
	var out orderAnswer
	err := c.read(ctx, call{Call: rest.Call{Path: "/v2/checkout/orders/{id}", Vars: rest.Vars{"id": orderID}, Out: &out},
		check: func() error { return out.check(orderID) }}, opts)
	return answered(&out, err)
}

// CaptureOrder takes the money of an approved order. The order's captures say
// whether it is there: [Capture].Paid.
func (c *Client) CaptureOrder(ctx context.Context, id RequestID, orderID string, opts ...Option) (Order, error) {
	return c.pay(ctx, id, orderID, "/v2/checkout/orders/{id}/capture", opts)
}

// AuthorizeOrder sets the money of an approved order aside.
func (c *Client) AuthorizeOrder(ctx context.Context, id RequestID, orderID string, opts ...Option) (Order, error) {
	return c.pay(ctx, id, orderID, "/v2/checkout/orders/{id}/authorize", opts)
}

func (c *Client) pay(ctx context.Context, id RequestID, orderID, path string, opts []Option) (Order, error) {
	var out orderAnswer
	err := c.write(ctx, id, call{Call: rest.Call{Method: http.MethodPost, Path: path, Vars: rest.Vars{"id": orderID}, Out: &out},
		check: func() error { return out.check(orderID) }}, opts)
	return answered(&out, err)
}

func answered(out *orderAnswer, err error) (Order, error) {
	if err != nil {
		return Order{}, err
	}
	return out.order(), nil
}

type orderBody struct {
	Intent Intent     `json:"intent"`
	Units  []unitBody `json:"purchase_units"`
	Source struct {
		PayPal walletBody `json:"paypal"`
	} `json:"payment_source"`
}

type unitBody struct {
	ReferenceID    string     `json:"reference_id,omitempty"`
	Amount         *amount    `json:"amount"`
	Payee          *payeeBody `json:"payee,omitempty"`
	Description    string     `json:"description,omitempty"`
	CustomID       string     `json:"custom_id,omitempty"`
	InvoiceID      string     `json:"invoice_id,omitempty"`
	SoftDescriptor string     `json:"soft_descriptor,omitempty"`
}

type payeeBody struct {
	MerchantID string `json:"merchant_id"`
}

type walletBody struct {
	VaultID    string          `json:"vault_id,omitempty"`
	Credential *credentialBody `json:"stored_credential,omitempty"`
	Experience *experienceBody `json:"experience_context,omitempty"`
}

type credentialBody struct {
	Initiator string  `json:"payment_initiator"`
	Usage     string  `json:"usage"`
	Pattern   Pattern `json:"usage_pattern"`
}

type experienceBody struct {
	BrandName  string `json:"brand_name,omitempty"`
	Locale     string `json:"locale,omitempty"`
	Shipping   string `json:"shipping_preference"`
	ReturnURL  string `json:"return_url"`
	CancelURL  string `json:"cancel_url"`
	UserAction string `json:"user_action,omitempty"`
	Preference string `json:"payment_method_preference,omitempty"`
}

func (r OrderRequest) wire() (*orderBody, error) {
	b := &orderBody{Intent: r.Intent}
	if b.Intent == "" {
		b.Intent = IntentCapture
	}
	switch {
	case b.Intent != IntentCapture && b.Intent != IntentAuthorize:
		return nil, errors.New("no such intent")
	case (r.Approval == nil) == (r.Vaulted == nil):
		return nil, errors.New("want exactly one of Approval and Vaulted")
	case len(r.Units) < 1 || len(r.Units) > 10:
		return nil, errors.New("want 1 to 10 units")
	case len(r.Units) > 1 && (r.Vaulted != nil || b.Intent == IntentAuthorize):
		return nil, errors.New("want exactly one unit for a saved wallet or an authorization")
	}
	seen := map[string]bool{}
	for _, u := range r.Units {
		w, err := u.wire()
		if err != nil {
			return nil, err
		}
		if len(r.Units) > 1 && (u.ReferenceID == "" || seen[u.ReferenceID]) {
			return nil, errors.New("several units need distinct reference ids")
		}
		seen[u.ReferenceID] = true
		if w.Amount.Currency != r.Units[0].Amount.Currency() {
			return nil, errors.New("all units have one currency")
		}
		b.Units = append(b.Units, w)
	}
	wallet, err := r.wallet()
	b.Source.PayPal = wallet
	return b, err
}

func (u Unit) wire() (unitBody, error) {
	value, err := toAmount(u.Amount)
	if err != nil {
		return unitBody{}, err
	}
	if long(u.CustomID, 127) || long(u.InvoiceID, 127) || long(u.Description, 127) || long(u.ReferenceID, 256) || long(u.SoftDescriptor, 22) {
		return unitBody{}, errors.New("a text of the unit is too long for PayPal")
	}
	w := unitBody{ReferenceID: u.ReferenceID, Amount: value, Description: u.Description, CustomID: u.CustomID,
		InvoiceID: u.InvoiceID, SoftDescriptor: u.SoftDescriptor}
	if u.Payee != "" {
		w.Payee = &payeeBody{u.Payee}
	}
	return w, nil
}

func (r OrderRequest) wallet() (walletBody, error) {
	if v := r.Vaulted; v != nil {
		if v.ID == "" {
			return walletBody{}, errors.New("a saved wallet has an id")
		}
		return walletBody{VaultID: v.ID, Credential: &credentialBody{"MERCHANT", "SUBSEQUENT", orImmediate(v.Pattern)}}, nil
	}
	e, err := r.Approval.experience(127)
	if err != nil {
		return walletBody{}, err
	}
	e.UserAction, e.Preference = "PAY_NOW", "IMMEDIATE_PAYMENT_REQUIRED"
	if r.Approval.AllowPending {
		e.Preference = "UNRESTRICTED"
	}
	return walletBody{Experience: e}, nil
}

func (a Approval) experience(brand int) (*experienceBody, error) {
	switch {
	case !webAddress(a.ReturnURL) || !webAddress(a.CancelURL):
		return nil, errors.New("ReturnURL and CancelURL are complete web addresses")
	case long(a.BrandName, brand):
		return nil, errors.New("BrandName is too long for PayPal")
	}
	return &experienceBody{BrandName: a.BrandName, Locale: a.Locale, Shipping: "NO_SHIPPING", ReturnURL: a.ReturnURL, CancelURL: a.CancelURL}, nil
}

func orImmediate(p Pattern) Pattern {
	if p == "" {
		return PatternImmediate
	}
	return p
}

// long counts characters.
func long(text string, limit int) bool { return utf8.RuneCountInString(text) > limit }

func webAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && len(text) <= 4000
}
