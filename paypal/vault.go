package paypal

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// SetupRequest asks a payer for the consent to be charged later.
type SetupRequest struct {
	Approval   Approval // AllowPending says nothing here; PayPal: BrandName of 300 characters
	CustomerID string   // PayPal's, of an earlier token; empty = new
	Pattern    Pattern  // empty = [PatternImmediate]
	// Description is shown to the payer. PayPal: 128 letters, digits and
	// simple punctuation.
	Description string
	Consumer    bool // the payer is a person, not a business
}

// SetupToken is a consent that is being given.
type SetupToken struct {
	ID         string
	Status     string // "PAYER_ACTION_REQUIRED", "APPROVED", "CREATED", "VAULTED"
	CustomerID string
	ApproveURL string // where the payer agrees; show it to the payer's side only
}

// PaymentToken is a saved wallet. The payer can revoke it at any time.
type PaymentToken struct {
	ID         string // for [Vaulted].ID
	CustomerID string
}

type setupBody struct {
	Source struct {
		PayPal struct {
			Description string          `json:"description,omitempty"`
			UsageType   string          `json:"usage_type"`
			Pattern     Pattern         `json:"usage_pattern"`
			Customer    string          `json:"customer_type"`
			Experience  *experienceBody `json:"experience_context"`
		} `json:"paypal"`
	} `json:"payment_source"`
	Customer *customer `json:"customer,omitempty"`
}

type customer struct {
	ID string `json:"id"`
}

type tokenAnswer struct {
	ID       string   `json:"id"`
	Status   string   `json:"status"`
	Customer customer `json:"customer"`
	Links    []link   `json:"links"`
}

// CreateSetupToken begins a consent; [SetupToken].ApproveURL is for the payer.
func (c *Client) CreateSetupToken(ctx context.Context, id RequestID, r SetupRequest, opts ...Option) (SetupToken, error) {
	const path = "/v3/vault/setup-tokens"
	e, err := r.Approval.experience(300)
	if err == nil && long(r.Description, 128) {
		err = errors.New("the description is too long for PayPal")
	}
	if err != nil {
		return SetupToken{}, refused(http.MethodPost, path, err)
	}
	var body setupBody
	p := &body.Source.PayPal
	p.Description, p.UsageType, p.Pattern, p.Customer, p.Experience = r.Description, "MERCHANT", orImmediate(r.Pattern), "BUSINESS", e
	if r.Consumer {
		p.Customer = "CONSUMER"
	}
	if r.CustomerID != "" {
		body.Customer = &customer{r.CustomerID}
	}
	var out tokenAnswer
	err = c.write(ctx, id, call{Call: rest.Call{Method: http.MethodPost, Path: path, Body: body, Out: &out},
		check: func() error { return checkAnswer(out.ID, out.Status, "") }}, opts)
	return out.setup(err)
}

// GetSetupToken reads a consent; the payer has agreed when it is "APPROVED".
func (c *Client) GetSetupToken(ctx context.Context, setupID string, opts ...Option) (SetupToken, error) {
	var out tokenAnswer
	err := c.read(ctx, call{Call: rest.Call{Path: "/v3/vault/setup-tokens/{id}", Vars: rest.Vars{"id": setupID}, Out: &out},
		check: func() error { return checkAnswer(out.ID, out.Status, setupID) }}, opts)
	return out.setup(err)
}

// CreatePaymentToken turns an approved consent into a saved wallet.
func (c *Client) CreatePaymentToken(ctx context.Context, id RequestID, setupID string, opts ...Option) (PaymentToken, error) {
	const path = "/v3/vault/payment-tokens"
	if setupID == "" {
		return PaymentToken{}, refused(http.MethodPost, path, errors.New("a setup token has an id"))
	}
	var body struct {
		Source struct {
			Token struct {
				ID   string `json:"id"`
				Type string `json:"type"`
			} `json:"token"`
		} `json:"payment_source"`
	}
	body.Source.Token.ID, body.Source.Token.Type = setupID, "SETUP_TOKEN"
	var out tokenAnswer
	err := c.write(ctx, id, call{Call: rest.Call{Method: http.MethodPost, Path: path, Body: body, Out: &out},
		check: func() error { return checkAnswer(out.ID, "token", "") }}, opts)
	return out.payment(err)
}

// GetPaymentToken reads a saved wallet; a revoked one is [mip.ErrNotFound].
func (c *Client) GetPaymentToken(ctx context.Context, tokenID string, opts ...Option) (PaymentToken, error) {
	var out tokenAnswer
	err := c.read(ctx, call{Call: rest.Call{Path: "/v3/vault/payment-tokens/{id}", Vars: rest.Vars{"id": tokenID}, Out: &out},
		check: func() error { return checkAnswer(out.ID, "token", tokenID) }}, opts)
	return out.payment(err)
}

// ListPaymentTokens reads all saved wallets of a customer. PayPal: 50 at
// most; more than 100 pages are [mip.ErrContract].
func (c *Client) ListPaymentTokens(ctx context.Context, customerID string, opts ...Option) ([]PaymentToken, error) {
	const path = "/v3/vault/payment-tokens"
	if customerID == "" {
		return nil, refused(http.MethodGet, path, errors.New("a customer has an id"))
	}
	var all []PaymentToken
	for page := 1; page <= 100; page++ {
		var out struct {
			Pages    int           `json:"total_pages"`
			Customer customer      `json:"customer"`
			Tokens   []tokenAnswer `json:"payment_tokens"`
		}
		query := url.Values{"customer_id": {customerID}, "page": {strconv.Itoa(page)}, "page_size": {"10"}, "total_required": {"true"}}
		if err := c.read(ctx, call{Call: rest.Call{Path: path, Query: query, Out: &out}}, opts); err != nil {
			return nil, err
		}
		for _, t := range out.Tokens {
			token, _ := t.payment(nil)
			if token.CustomerID == "" {
				token.CustomerID = out.Customer.ID
			}
			all = append(all, token)
		}
		if len(out.Tokens) == 0 || page >= out.Pages {
			return all, nil
		}
	}
	return nil, &mip.Error{Op: "paypal: GET " + path, Kind: mip.ErrContract, Err: errors.New("the pages do not end")}
}

// DeletePaymentToken forgets a saved wallet. PayPal takes no request id for
// it; if the outcome is unknown, read the token.
func (c *Client) DeletePaymentToken(ctx context.Context, tokenID string, opts ...Option) error {
	return c.send(ctx, call{Call: rest.Call{Method: http.MethodDelete, Path: "/v3/vault/payment-tokens/{id}",
		Vars: rest.Vars{"id": tokenID}, Access: rest.Write, Repeat: true}}, opts)
}

func (a *tokenAnswer) setup(err error) (SetupToken, error) {
	if err != nil {
		return SetupToken{}, err
	}
	return SetupToken{ID: a.ID, Status: a.Status, CustomerID: a.Customer.ID, ApproveURL: linked(a.Links, "approve", "payer-action")}, nil
}

func (a *tokenAnswer) payment(err error) (PaymentToken, error) {
	if err != nil {
		return PaymentToken{}, err
	}
	return PaymentToken{ID: a.ID, CustomerID: a.Customer.ID}, nil
}
