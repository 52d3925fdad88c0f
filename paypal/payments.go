package paypal

import (
	"context"
	"errors"
	"net/http"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// GetCapture reads a capture.
func (c *Client) GetCapture(ctx context.Context, captureID string, opts ...Option) (Capture, error) {
	var out captureAnswer
	err := c.read(ctx, call{Call: rest.Call{Path: "/v2/payments/captures/{capture_id}", Vars: rest.Vars{"capture_id": captureID}, Out: &out},
		check: func() error { return out.check(captureID) }}, opts)
	if err != nil {
		return Capture{}, err
	}
	return out.capture(), nil
}

// RefundRequest gives money of a capture back.
type RefundRequest struct {
	Amount    mip.Money // zero value = all that is left
	CustomID  string    // PayPal: 127 characters
	InvoiceID string    // PayPal: 127 characters
	Note      string    // the payer reads it; PayPal: 255 characters
}

type refundBody struct {
	Amount    *amount `json:"amount,omitempty"`
	CustomID  string  `json:"custom_id,omitempty"`
	InvoiceID string  `json:"invoice_id,omitempty"`
	Note      string  `json:"note_to_payer,omitempty"`
}

// RefundCapture gives money back. Each refund of a capture needs a request id
// of its own; under the same one nothing is refunded twice.
func (c *Client) RefundCapture(ctx context.Context, id RequestID, captureID string, r RefundRequest, opts ...Option) (Refund, error) {
	const path = "/v2/payments/captures/{capture_id}/refund"
	body := refundBody{CustomID: r.CustomID, InvoiceID: r.InvoiceID, Note: r.Note}
	if long(r.CustomID, 127) || long(r.InvoiceID, 127) || long(r.Note, 255) {
		return Refund{}, refused(http.MethodPost, path, errors.New("a text is too long for PayPal"))
	}
	if !r.Amount.Equal(mip.Money{}) {
		value, err := toAmount(r.Amount)
		if err != nil {
			return Refund{}, refused(http.MethodPost, path, err)
		}
		body.Amount = value
	}
	var out refundAnswer
	err := c.write(ctx, id, call{Call: rest.Call{Method: http.MethodPost, Path: path, Vars: rest.Vars{"capture_id": captureID}, Body: body, Out: &out},
		check: func() error { return out.check("") }}, opts)
	if err != nil {
		return Refund{}, err
	}
	got := out.refund()
	if got.CaptureID == "" {
		got.CaptureID = captureID
	}
	return got, nil
}

// GetRefund reads a refund.
func (c *Client) GetRefund(ctx context.Context, refundID string, opts ...Option) (Refund, error) {
	var out refundAnswer
	err := c.read(ctx, call{Call: rest.Call{Path: "/v2/payments/refunds/{refund_id}", Vars: rest.Vars{"refund_id": refundID}, Out: &out},
		check: func() error { return out.check(refundID) }}, opts)
	if err != nil {
		return Refund{}, err
	}
	return out.refund(), nil
}

// GetAuthorization reads an authorization.
func (c *Client) GetAuthorization(ctx context.Context, authorizationID string, opts ...Option) (Authorization, error) {
	var out authorizationAnswer
	err := c.read(ctx, call{Call: rest.Call{Path: "/v2/payments/authorizations/{authorization_id}",
		Vars: rest.Vars{"authorization_id": authorizationID}, Out: &out},
		check: func() error { return out.check(authorizationID) }}, opts)
	if err != nil {
		return Authorization{}, err
	}
	return out.authorization(), nil
}

// AuthorizationCapture takes money that was set aside.
type AuthorizationCapture struct {
	Amount    mip.Money // zero value = all of it
	InvoiceID string    // PayPal: 127 characters
	Final     bool      // nothing more will be captured; the rest is set free
}

// CaptureAuthorization takes money that was set aside, all or a part.
func (c *Client) CaptureAuthorization(ctx context.Context, id RequestID, authorizationID string, r AuthorizationCapture, opts ...Option) (Capture, error) {
	const path = "/v2/payments/authorizations/{authorization_id}/capture"
	body := struct {
		Amount    *amount `json:"amount,omitempty"`
		InvoiceID string  `json:"invoice_id,omitempty"`
		Final     bool    `json:"final_capture"`
	}{InvoiceID: r.InvoiceID, Final: r.Final}
	if long(r.InvoiceID, 127) {
		return Capture{}, refused(http.MethodPost, path, errors.New("InvoiceID is too long for PayPal"))
	}
	if !r.Amount.Equal(mip.Money{}) {
		value, err := toAmount(r.Amount)
		if err != nil {
			return Capture{}, refused(http.MethodPost, path, err)
		}
		body.Amount = value
	}
	var out captureAnswer
	err := c.write(ctx, id, call{Call: rest.Call{Method: http.MethodPost, Path: path, Vars: rest.Vars{"authorization_id": authorizationID}, Body: body, Out: &out},
		check: func() error { return out.check("") }}, opts)
	if err != nil {
		return Capture{}, err
	}
	return out.capture(), nil
}

// VoidAuthorization sets money free again. PayPal takes no request id for it:
// a second one is refused as done already, which is [ClassReread]. If the
// outcome is unknown, read the authorization.
func (c *Client) VoidAuthorization(ctx context.Context, authorizationID string, opts ...Option) error {
	r := call{Call: rest.Call{Method: http.MethodPost, Path: "/v2/payments/authorizations/{authorization_id}/void",
		Vars: rest.Vars{"authorization_id": authorizationID}, Access: rest.Write, Repeat: true}}
	return c.send(ctx, r, opts)
}

// refused is an error about a request that is not sent.
func refused(method, path string, err error) error {
	if own, ok := errors.AsType[*mip.Error](err); ok {
		err = own.Err
	}
	return &mip.Error{Op: "paypal: " + method + " " + path, Kind: mip.ErrInvalid, Err: err}
}
