package paypaltest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/paypal/paypaltest"
)

func TestAPersonApprovesOnThePage(t *testing.T) {
	a := newApp(t, paypaltest.Config{})
	a.unlisted = true // pages are no API
	made := a.do("POST /v2/checkout/orders", plain("34.90", "inv"), key("k")...)
	id := made.text("id")
	page := func(link string) answer { return a.do("GET "+strings.TrimPrefix(link, paypaltest.PagesURL), "") }
	got := page(made.link("payer-action"))
	assert.Contains(t, got.raw, "34.90 EUR")
	assert.Contains(t, got.raw, `href="/checkoutnow?token=`+id+`&amp;action=approve"`)

	got = page("/checkoutnow?token=" + id + "&action=cancel")
	assert.Equal(t, "https://shop.test/stop?token="+id, got.header.Get("Location"))
	to, err := a.CancelAtPayPal(id)
	require.NoError(t, err)
	assert.Equal(t, got.header.Get("Location"), to)
	assert.Equal(t, "PAYER_ACTION_REQUIRED", a.do("GET /v2/checkout/orders/"+id, "").text("status"), "it may still be approved")

	got = page("/checkoutnow?token=" + id + "&action=approve")
	assert.Equal(t, 302, got.status)
	assert.Equal(t, "https://shop.test/back?PayerID="+paypaltest.PayerID+"&state=x&token="+id, got.header.Get("Location"))
	assert.Equal(t, 201, a.do("POST /v2/checkout/orders/"+id+"/capture", "", key("c")...).status)
	assert.Equal(t, 404, page("/checkoutnow?token="+id).status, "it is paid")

	begun := a.do("POST /v3/vault/setup-tokens", setup, key("s")...)
	link := begun.link("approve")
	assert.Contains(t, page(link).raw, "approve")
	assert.Contains(t, page(link+"&action=cancel").header.Get("Location"), "https://shop.test/stop?")
	assert.Contains(t, page(link+"&action=approve").header.Get("Location"), "https://shop.test/saved?")
	assert.Equal(t, 201, a.do("POST /v3/vault/payment-tokens", fromSetup(begun.text("id")), key("p")...).status)
	assert.Equal(t, 404, page(link).status)
}
