package mip_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

// TestErasureLeavesNoDigestOfAPerson: who has the digest of a telephone number
// or a postcode finds it by trying all there are.
func TestErasureLeavesNoDigestOfAPerson(t *testing.T) {
	phone, margin := mip.ValueHash("600000000"), mip.ValueHash("1.00 EUR", "2.00 EUR")
	reasons := held([]mip.Finding{
		{Code: "contact.phone_invalid", Path: "shipTo.phone", Severity: mip.Overridable, Value: phone},
		{Code: "price.below_wholesale", Path: "total", Severity: mip.Overridable, Value: margin},
	}...)
	pass := func(code, path string) mip.Event {
		e := by(mip.EventOverridden)
		e.Override = &mip.Override{Code: code, Path: path, Actor: "ana", Why: "called"}
		return e
	}
	events := []mip.Event{imported(said(0, nil)), reasons, pass("contact.phone_invalid", "shipTo.phone"), pass("price.below_wholesale", "total")}
	o, _ := play(t, events...)
	require.Len(t, o.Overrides, 2)
	o, _ = play(t, append(events, by(mip.EventErased))...)
	b, err := json.Marshal(o)
	require.NoError(t, err)
	assert.NotContains(t, string(b), phone)
	assert.Contains(t, string(b), margin, "what is about money stays")
	assert.Len(t, o.Overrides, 1)
	_, err = mip.Step(o, by(mip.EventErased), noon)
	assert.ErrorIs(t, err, mip.ErrIgnored)
}
