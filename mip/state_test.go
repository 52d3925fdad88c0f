package mip_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

var update = flag.Bool("update", false, "rewrite the generated files")

func TestEveryEventInEveryStateHasAnAnswer(t *testing.T) {
	for _, s := range append(mip.States(), "") {
		for _, k := range kinds() {
			o := mip.Order{Facts: mip.Facts{Ref: mip.Ref{Channel: "shop", ID: "1"}}, State: s}
			_, err := mip.Step(o, mip.Event{Kind: k, Actor: "tester"}, time.Unix(0, 0).UTC())
			switch {
			case slices.Contains(s.Allowed(), k):
			case k == mip.EventCancel && s == mip.StateCancelled, k == mip.EventManuallySent && s == mip.StateManuallySent:
				assert.ErrorIs(t, err, mip.ErrIgnored, "%s in %q again", k, s)
			case k.Command():
				assert.ErrorIs(t, err, mip.ErrIllegal, "%s in %q", k, s)
			default:
				assert.ErrorIs(t, err, mip.ErrIgnored, "%s in %q", k, s)
			}
		}
	}
	_, err := mip.Step(mip.Order{State: mip.StateReceived}, mip.Event{Kind: "nonsense"}, time.Time{})
	assert.ErrorIs(t, err, mip.ErrIgnored)
}

func TestTheTable(t *testing.T) {
	t.Run("every state can be reached and only ends end", func(t *testing.T) {
		for _, s := range mip.States() {
			reached, left := false, false
			for _, tr := range mip.Transitions() {
				reached = reached || tr.To == s && tr.From != s
				left = left || tr.From == s && tr.To != s && tr.To != mip.StatePendingReview && tr.On != mip.EventPlaced // by itself
			}
			assert.True(t, reached, s)
			assert.Equal(t, !s.Terminal(), left, s)
		}
	})
	t.Run("a caller's copy is its own", func(t *testing.T) {
		mip.Transitions()[0].To = "broken"
		assert.NotEqual(t, mip.State("broken"), mip.Transitions()[0].To)
	})
	t.Run("an illegal command names what is allowed", func(t *testing.T) {
		o := mip.Order{Facts: mip.Facts{Ref: mip.Ref{Channel: "shop", ID: "7"}}, State: mip.StateSubmitted}
		_, err := mip.Step(o, mip.Event{Kind: mip.EventResend}, time.Time{})
		require.ErrorIs(t, err, mip.ErrIllegal)
		assert.Equal(t, "resend shop/7: not allowed in this state: the order is submitted, which allows [cancel]", err.Error())
		o.State = mip.StateCancelled
		_, err = mip.Step(o, mip.Event{Kind: mip.EventResend}, time.Time{})
		assert.Equal(t, "resend shop/7: not allowed in this state: the order is cancelled, which allows nothing", err.Error())
	})
}

func TestTheDiagramInTheDocumentationIsTheTable(t *testing.T) {
	const file = "STATES.md"
	want := "# The state machine\n\nGenerated from the table in `state.go`; `go test ./mip -run Diagram -update` rewrites it.\n\n```mermaid\n" + mip.Diagram() + "```\n"
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(want), 0o644))
	}
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, want, string(got), "run: go test ./mip -run Diagram -update")
}

func TestFindingsAndOverrides(t *testing.T) {
	f := mip.Finding{Code: "price.below_wholesale", Path: "total", Severity: mip.Overridable, Value: mip.ValueHash("10.00", "12.00")}
	o := mip.Override{Code: f.Code, Path: f.Path, Value: f.Value}
	assert.Empty(t, mip.Holding([]mip.Finding{f}, []mip.Override{o}))
	changed := f
	changed.Value = mip.ValueHash("10.00", "13.00")
	assert.Len(t, mip.Holding([]mip.Finding{changed}, []mip.Override{o}), 1, "another value, another decision")
	f.Severity = mip.Blocking
	assert.Len(t, mip.Holding([]mip.Finding{f}, []mip.Override{o}), 1, "blocking cannot be overridden")
	assert.NotEqual(t, mip.ValueHash("ab", "c"), mip.ValueHash("a", "bc"))
}

func TestEvaluateReportsEverythingOnce(t *testing.T) {
	s := mip.Snapshot{Quote: mip.Quote{Refusals: []mip.Finding{{Code: "a", Severity: mip.Blocking, Params: map[string]string{"from": "supplier"}}}}}
	rules := []mip.Rule{
		{Code: "a", Check: func(_ mip.Snapshot, report func(mip.Finding)) { report(mip.Finding{}) }},
		{Code: "b", Check: func(_ mip.Snapshot, report func(mip.Finding)) {
			report(mip.Finding{Path: "x"})
			report(mip.Finding{Path: "y", Severity: mip.Notice})
		}},
	}
	got := mip.Evaluate(s, rules)
	assert.Equal(t, []string{"a", "b"}, mip.Codes(got))
	require.Len(t, got, 3)
	assert.Equal(t, "supplier", got[0].Params["from"])
	assert.Equal(t, mip.Blocking, got[1].Severity, "blocking unless a rule says otherwise")
}

func TestAnAddressDoesNotPrint(t *testing.T) {
	a := mip.Address{FirstName: "Canary", Line1: "Canary Street 1", Line2: " 2nd floor ", Country: " es "}
	for _, s := range []string{a.String(), sprint("%v", a), sprint("%+v", a), sprint("%#v", a), sprint("%s", a), sprint("%q", a), a.LogValue().String()} {
		assert.NotContains(t, s, "Canary")
	}
	assert.Equal(t, "Canary Street 1, 2nd floor", a.Street())
	assert.Equal(t, "ES", a.Normal().Country)
	b := a.With(map[string]string{"shipTo.line1": "C/ 1", "shipTo.line2": "", "lines[0].sku": "ignored"})
	assert.Equal(t, "C/ 1", b.Street())
	assert.Equal(t, "Canary", b.FirstName)
}

func TestErasureRemovesThePersonAndKeepsTheFacts(t *testing.T) {
	ref := mip.Ref{Channel: "shop", ID: "1"}
	f := mip.Facts{Ref: ref, Demand: mip.DemandShip, Note: "ring twice", Raw: []byte(`{}`), Total: mip.EUR(5), UpdatedAt: time.Unix(1, 0),
		ShipTo: mip.Address{FirstName: "Ana", Country: "ES"}, Lines: []mip.Line{{ID: "1", SKU: "S1", Quantity: 1}}}
	r, err := mip.Step(mip.Order{Facts: mip.Facts{Ref: ref}}, mip.Event{Kind: mip.EventImported, Facts: &f}, time.Unix(2, 0))
	require.NoError(t, err)
	r, err = mip.Step(r.Order, mip.Event{Kind: mip.EventErased, Actor: "ana"}, time.Unix(3, 0))
	require.NoError(t, err)
	assert.Equal(t, mip.Address{Country: "ES"}, r.Order.ShipTo)
	assert.Empty(t, r.Order.Note)
	assert.Nil(t, r.Order.Raw)
	assert.Equal(t, "S1", r.Order.Lines[0].SKU)
	f.UpdatedAt = time.Unix(4, 0)
	f.Lines = []mip.Line{{ID: "1", SKU: "S1", Quantity: 1, Cancelled: 1}}
	r, err = mip.Step(r.Order, mip.Event{Kind: mip.EventImported, Facts: &f}, time.Unix(5, 0))
	require.NoError(t, err)
	assert.Equal(t, mip.Address{Country: "ES"}, r.Order.ShipTo, "a later reading does not bring the person back")
	assert.Empty(t, r.Order.Note)
	assert.Nil(t, r.Order.Raw)
	if _, err = mip.Step(r.Order, mip.Event{Kind: mip.EventErased}, time.Unix(6, 0)); !errors.Is(err, mip.ErrIgnored) {
		t.Error("erasing twice is a repetition")
	}
}

func sprint(verb string, v any) string { return fmt.Sprintf(verb, v) }
