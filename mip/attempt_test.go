package mip_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/openmip/openmip/mip"
)

func TestPaymentKeys(t *testing.T) {
	a := mip.Attempt{Number: 2, Reference: "shop-1001", Apart: true, Pledge: mip.Pledge{Method: "direct", Key: "shop-1001--a1-direct"}}
	assert.Equal(t, "shop-1001--a2-wallet", a.PaymentKey("wallet"))
	assert.Equal(t, "shop-1001--a1-direct", a.PaymentKey("direct"), "the pledge's")
	assert.Equal(t, "shop-1001--a2", a.Key())
	assert.Regexp(t, "^shop-1001--a2-x[a-z2-7]{16}$", a.PaymentKey("Pay by bank!"))
}

func TestAnAttemptOfAnEarlierVersionKeepsItsKeys(t *testing.T) {
	var a mip.Attempt
	require.NoError(t, json.Unmarshal([]byte(`{"number":1,"generation":1,"reference":"shop-1001","payment":"wallet","outcome":"unknown"}`), &a))
	assert.Equal(t, "shop-1001--a1", a.PaymentKey("wallet"))
	assert.Equal(t, "shop-1001--a1", a.PaymentKey("paypal"))
}

func TestNoTwoMethodsShareAKey(t *testing.T) {
	method := rapid.OneOf(rapid.String(), rapid.StringMatching(`x?[a-z2-7-]{0,40}`))
	rapid.Check(t, func(rt *rapid.T) {
		a := mip.Attempt{Number: rapid.IntRange(1, 9999).Draw(rt, "number"), Apart: true,
			Reference: mip.Reference(mip.Ref{Channel: "shop", ID: rapid.StringMatching(`[a-z0-9-]{1,60}`).Draw(rt, "id")}, 1)}
		one, two := method.Draw(rt, "one"), method.Draw(rt, "two")
		k, l := a.PaymentKey(one), a.PaymentKey(two)
		require.Equal(rt, one == two, k == l, "%q and %q", k, l)
		require.LessOrEqual(rt, len(k), 64)
		require.Equal(rt, a.Key(), k[:strings.LastIndex(k, "--a")]+"--a"+strings.SplitN(k[strings.LastIndex(k, "--a")+3:], "-", 2)[0])
	})
}
