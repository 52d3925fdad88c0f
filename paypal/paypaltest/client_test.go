package paypaltest_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
	"github.com/openmip/openmip/paypal"
	"github.com/openmip/openmip/paypal/paypaltest"
)

func client(srv *paypaltest.Server) *paypal.Client {
	c, err := paypal.NewClient(paypal.ClientConfig{ClientID: paypaltest.ClientID, Secret: rest.NewSecret(paypaltest.Secret), Transport: srv.Transport()})
	if err != nil {
		panic(err)
	}
	return c
}

func wanted(invoice string) paypal.OrderRequest {
	return paypal.OrderRequest{Units: []paypal.Unit{{Amount: mip.EUR(34_90), InvoiceID: invoice}},
		Approval: &paypal.Approval{ReturnURL: "https://shop.test/back", CancelURL: "https://shop.test/stop"}}
}

// The answer to a payment is lost, and the payer is charged once.
func Example() {
	srv := paypaltest.New(paypaltest.Config{})
	c, ctx := client(srv), context.Background()
	order, _ := c.CreateOrder(ctx, paypal.NewRequestID("a1", "create"), wanted("SUP-1"))
	_ = srv.Approve(order.ID)
	srv.Fail(paypaltest.RouteCaptureOrder, paypaltest.LoseAnswer, 1)
	order, err := c.CaptureOrder(ctx, paypal.NewRequestID("a1", "capture"), order.ID)
	fmt.Println(order.Status, err, len(srv.Charged("SUP-1")), srv.Paid("SUP-1"))
	// Output: COMPLETED <nil> 1 34.90 EUR
}

func TestTheLibrarysClientAndTheServerUnderstandEachOther(t *testing.T) {
	srv, ctx := paypaltest.New(paypaltest.Config{}), t.Context()
	c := client(srv)
	order, err := c.CreateOrder(ctx, paypal.NewRequestID("a1", "create"), wanted("SUP-1"))
	require.NoError(t, err)
	assert.Equal(t, paypaltest.PagesURL+"/checkoutnow?token="+order.ID, order.ApproveURL)
	require.NoError(t, srv.Decline(order.ID))
	_, err = c.CaptureOrder(ctx, paypal.NewRequestID("a1", "capture"), order.ID)
	assert.Equal(t, paypal.ClassPayer, paypal.ClassOf(err))
	require.NoError(t, srv.Approve(order.ID))
	order, err = c.CaptureOrder(ctx, paypal.NewRequestID("a1", "capture"), order.ID)
	require.NoError(t, err)
	require.Len(t, order.Captures(), 1)
	assert.True(t, order.Captures()[0].Paid())
	back, err := c.RefundCapture(ctx, paypal.NewRequestID("a1", "refund"), order.Captures()[0].ID, paypal.RefundRequest{})
	require.NoError(t, err)
	assert.True(t, back.Amount.Equal(mip.EUR(34_90)))
	assert.True(t, srv.Paid("SUP-1").IsZero())

	v, err := paypal.NewVerifier(paypal.VerifierConfig{WebhookID: paypaltest.WebhookID, Transport: srv.Transport(), Roots: srv.CertPool()})
	require.NoError(t, err)
	e := srv.EventsOf("PAYMENT.CAPTURE.COMPLETED")[0]
	for _, f := range append(paypaltest.Forgeries(), paypaltest.Genuine) {
		r, err := srv.Notification("https://us.test/hook", e, f)
		require.NoError(t, err)
		body := e.Body
		if f == paypaltest.ChangedBody {
			body = append([]byte(" "), body...)
		}
		got, err := v.Verify(ctx, r.Header, body)
		if f != paypaltest.Genuine {
			require.Error(t, err, f)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, e.ID, got.ID)
	}
}
