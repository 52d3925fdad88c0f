package paypal_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/paypal"
	"github.com/openmip/openmip/paypal/internal/contract"
)

var update = flag.Bool("update", false, "rewrite testdata and ISSUES.md")

const (
	aCapture       = `{"id":"3C679366HH908993F","status":"COMPLETED","amount":{"currency_code":"EUR","value":"34.90"}}`
	aRefund        = `{"id":"1JU08902781691411","status":"COMPLETED","amount":{"currency_code":"EUR","value":"10.00"}}`
	anAuthorize    = `{"id":"0VF52814937998046","status":"CREATED","amount":{"currency_code":"EUR","value":"34.90"}}`
	aSetup         = `{"id":"5C991763VB2781612","status":"PAYER_ACTION_REQUIRED","customer":{"id":"customer_1"},"links":[{"rel":"approve","href":"https://www.paypal.com/agreements/approve?approval_session_id=1"}]}`
	aPayment       = `{"id":"8kk8451t","customer":{"id":"customer_1"}}`
	somePayments   = `{"total_pages":1,"customer":{"id":"customer_1"},"payment_tokens":[` + aPayment + `]}`
	anEvent        = `{"id":"WH-1","event_type":"CHECKOUT.ORDER.APPROVED","resource":{"id":"` + orderID + `"}}`
	certificateURL = "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-a5cafa77"
)

// calls are all calls of a client, with an answer and the file of the request.
var calls = []struct {
	file   string
	status int
	answer string
	call   func(context.Context, *paypal.Client) error
}{
	{"create_approval", 201, created, func(ctx context.Context, c *paypal.Client) error {
		o, err := c.CreateOrder(ctx, create, approval)
		return wants(err, o.ApproveURL == "https://www.paypal.com/checkoutnow?token="+orderID && o.Status == paypal.OrderPayerAction)
	}},
	{"create_several", 201, created, func(ctx context.Context, c *paypal.Client) error {
		r := approval
		r.Approval = &paypal.Approval{ReturnURL: "https://shop.example/r", CancelURL: "https://shop.example/c", AllowPending: true}
		r.Units = []paypal.Unit{{ReferenceID: "1", Amount: mip.Minor(500, "JPY"), Payee: "ABCDEFGHJKLM2"}, {ReferenceID: "2", Amount: mip.Minor(7, "JPY"), SoftDescriptor: "OPENMIP"}}
		_, err := c.CreateOrder(ctx, create, r, paypal.OnBehalfOf("ABCDEFGHJKLM2"))
		return err
	}},
	{"create_authorize", 201, created, func(ctx context.Context, c *paypal.Client) error {
		r := approval
		r.Intent = paypal.IntentAuthorize
		_, err := c.CreateOrder(ctx, create, r, paypal.Minimal())
		return err
	}},
	{"create_vaulted", 201, captured, func(ctx context.Context, c *paypal.Client) error {
		o, err := c.CreateOrder(ctx, create, vaulted)
		return wants(err, len(o.Captures()) == 1 && o.Captures()[0].OrderID == orderID && o.ApproveURL == "")
	}},
	{"get_order", 200, created, func(ctx context.Context, c *paypal.Client) error {
		_, err := c.GetOrder(ctx, orderID)
		return err
	}},
	{"capture_order", 201, captured, func(ctx context.Context, c *paypal.Client) error {
		_, err := c.CaptureOrder(ctx, capture, orderID)
		return err
	}},
	{"authorize_order", 201, captured, func(ctx context.Context, c *paypal.Client) error {
		_, err := c.AuthorizeOrder(ctx, capture, orderID)
		return err
	}},
	{"get_capture", 200, aCapture, func(ctx context.Context, c *paypal.Client) error {
		p, err := c.GetCapture(ctx, "3C679366HH908993F")
		return wants(err, p.Amount.Equal(mip.EUR(34_90)) && p.Paid())
	}},
	{"refund_all", 201, aRefund, func(ctx context.Context, c *paypal.Client) error {
		p, err := c.RefundCapture(ctx, paypal.NewRequestID("a", "refund-1"), "3C679366HH908993F", paypal.RefundRequest{})
		return wants(err, p.CaptureID == "3C679366HH908993F" && p.Amount.Equal(mip.EUR(10_00)))
	}},
	{"refund_part", 201, aRefund, func(ctx context.Context, c *paypal.Client) error {
		_, err := c.RefundCapture(ctx, paypal.NewRequestID("a", "refund-2"), "3C679366HH908993F",
			paypal.RefundRequest{Amount: mip.EUR(10_00), InvoiceID: "SUP-1001-1-R", CustomID: "shop-1001", Note: "not available"})
		return err
	}},
	{"get_refund", 200, aRefund, func(ctx context.Context, c *paypal.Client) error {
		_, err := c.GetRefund(ctx, "1JU08902781691411")
		return err
	}},
	{"get_authorization", 200, anAuthorize, func(ctx context.Context, c *paypal.Client) error {
		a, err := c.GetAuthorization(ctx, "0VF52814937998046")
		return wants(err, a.Status == paypal.AuthorizationCreated)
	}},
	{"capture_authorization", 201, aCapture, func(ctx context.Context, c *paypal.Client) error {
		_, err := c.CaptureAuthorization(ctx, capture, "0VF52814937998046", paypal.AuthorizationCapture{Amount: mip.EUR(34_90), InvoiceID: "SUP-1001-1", Final: true})
		return err
	}},
	{"void_authorization", 204, "", func(ctx context.Context, c *paypal.Client) error {
		return c.VoidAuthorization(ctx, "0VF52814937998046")
	}},
	{"create_setup_token", 201, aSetup, func(ctx context.Context, c *paypal.Client) error {
		s, err := c.CreateSetupToken(ctx, paypal.NewRequestID("link-7", "setup"),
			paypal.SetupRequest{Approval: *approval.Approval, CustomerID: "customer_1", Description: "Orders for dropshipping"})
		return wants(err, s.ApproveURL != "" && s.CustomerID == "customer_1")
	}},
	{"get_setup_token", 200, aSetup, func(ctx context.Context, c *paypal.Client) error {
		_, err := c.GetSetupToken(ctx, "5C991763VB2781612")
		return err
	}},
	{"create_payment_token", 201, aPayment, func(ctx context.Context, c *paypal.Client) error {
		_, err := c.CreatePaymentToken(ctx, paypal.NewRequestID("link-7", "token"), "5C991763VB2781612")
		return err
	}},
	{"get_payment_token", 200, aPayment, func(ctx context.Context, c *paypal.Client) error {
		_, err := c.GetPaymentToken(ctx, "8kk8451t")
		return err
	}},
	{"list_payment_tokens", 200, somePayments, func(ctx context.Context, c *paypal.Client) error {
		all, err := c.ListPaymentTokens(ctx, "customer_1")
		return wants(err, len(all) == 1 && all[0] == paypal.PaymentToken{ID: "8kk8451t", CustomerID: "customer_1"})
	}},
	{"delete_payment_token", 204, "", func(ctx context.Context, c *paypal.Client) error {
		return c.DeletePaymentToken(ctx, "8kk8451t")
	}},
	{"verify_webhook", 200, `{"verification_status":"SUCCESS"}`, func(ctx context.Context, c *paypal.Client) error {
		h := http.Header{}
		for name, value := range map[string]string{"Transmission-Id": "69cd13f0-d67a-11e5-baa3-778b53f4ae55", "Transmission-Time": "2026-03-01T10:00:00Z",
			"Transmission-Sig": "bG9vaw==", "Auth-Algo": "SHA256withRSA", "Cert-Url": certificateURL} {
			h.Set("PayPal-"+name, value)
		}
		e, err := c.VerifyWebhook(ctx, "1JE4291016473214C", h, []byte(anEvent))
		return wants(err, e.OrderID == orderID)
	}},
}

func wants(err error, ok bool) error {
	if err == nil && !ok {
		return errors.New("the answer is not read as it should be")
	}
	return err
}

func TestRequests(t *testing.T) {
	for _, tt := range calls {
		t.Run(tt.file, func(t *testing.T) {
			w := always(tt.status, tt.answer)
			require.NoError(t, tt.call(t.Context(), client(t, w)))
			require.Len(t, w.sent, 1)
			golden(t, tt.file, w.sent[0])
		})
	}
}

// golden compares a request with a file: its line, its headers that are
// PayPal's, and its body.
func golden(t *testing.T, file string, s sent) {
	t.Helper()
	var b bytes.Buffer
	b.WriteString(s.call + "\n")
	for _, name := range []string{"Content-Type", "Prefer", "PayPal-Request-Id", "PayPal-Auth-Assertion"} {
		if v := s.header.Get(name); v != "" {
			b.WriteString(name + ": " + v + "\n")
		}
	}
	if s.body != "" {
		b.WriteString("\n")
		require.NoError(t, json.Indent(&b, []byte(s.body), "", "  "))
		b.WriteString("\n")
	}
	name := filepath.Join("testdata", file+".http")
	if *update {
		require.NoError(t, os.WriteFile(name, b.Bytes(), 0o644))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, strings.ReplaceAll(string(want), "\r\n", "\n"), b.String())
}

// TestContract holds every request against PayPal's OpenAPI files, and the
// answers of these tests as well.
func TestContract(t *testing.T) {
	if contract.Dir() == "" {
		t.Skip("OPENMIP_SPECS is not set: PayPal's OpenAPI files are not checked")
	}
	specs, err := contract.Validator(contract.Dir())
	require.NoError(t, err)
	for _, tt := range calls {
		t.Run(tt.file, func(t *testing.T) {
			checked := specs.Transport(always(tt.status, tt.answer), func(v contract.Violation) { assert.Fail(t, v.String()) })
			require.NoError(t, tt.call(t.Context(), client(t, checked)))
		})
	}
}
