package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

// What one process has just seen of an order is outdated as soon as another
// one changes it.
func TestWhatAnotherProcessDidMeanwhileCounts(t *testing.T) {
	t.Parallel()
	held := mip.Event{Kind: mip.EventHeld, Version: 1, Findings: []mip.Finding{{Code: "stock.out_of_stock", Severity: mip.Blocking}}}
	edit := func(street string) mip.Event {
		a := imported(ref(0), 0).Facts.ShipTo
		a.Line1 = street
		return mip.Event{Kind: mip.EventAddressEdited, Actor: "ana", Address: &a}
	}
	for name, c := range map[string]struct {
		theirs, ours mip.Event
		want         func(t *testing.T, o mip.Order)
	}{
		"what was not allowed before is allowed now": {
			theirs: held, ours: mip.Event{Kind: mip.EventResend, Actor: "ana"},
			want: func(t *testing.T, o mip.Order) { assert.Equal(t, mip.StatePendingReview, o.State) },
		},
		"what was allowed before builds on what they did": {
			theirs: edit("2 Their Street"), ours: imported(ref(0), 1),
			want: func(t *testing.T, o mip.Order) { assert.Equal(t, "2 Their Street", o.ShipTo.Line1) },
		},
		"the last edit wins, and both are in the history": {
			theirs: edit("2 Their Street"), ours: edit("3 Our Street"),
			want: func(t *testing.T, o mip.Order) { assert.Equal(t, "3 Our Street", o.ShipTo.Line1) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := prepared(t)
			a, b := open(t, cfg), open(t, cfg)
			apply(t, a, ref(0), imported(ref(0), 0), at(0))
			_, err := a.Order(t.Context(), ref(0)) // seen by a
			require.NoError(t, err)
			apply(t, b, ref(0), c.theirs, at(1))
			got := apply(t, a, ref(0), c.ours, at(2)).Order
			c.want(t, got)
			assert.Equal(t, 3, got.Version)
			now, err := b.Order(t.Context(), ref(0))
			require.NoError(t, err)
			assert.Equal(t, now, got)
			history, err := b.History(t.Context(), ref(0))
			require.NoError(t, err)
			assert.Len(t, history, 3)
		})
	}
}

func TestNobodySharesMemoryWithTheStore(t *testing.T) {
	t.Parallel()
	s := open(t, prepared(t))
	e := imported(ref(0), 0)
	e.Facts.Raw = []byte(`{"id":1000}`)
	want := string(e.Facts.Raw)
	apply(t, s, ref(0), e, at(0))
	o, err := s.Order(t.Context(), ref(0))
	require.NoError(t, err)
	clear(o.Raw)
	o.Lines[0].SKU = "spoilt"
	for n, street := range []string{"2 New Street", "3 New Street"} {
		a := e.Facts.ShipTo
		a.Line1 = street
		r := apply(t, s, ref(0), mip.Event{Kind: mip.EventAddressEdited, Actor: "ana", Address: &a}, at(1+n))
		assert.Equal(t, want, string(r.Order.Raw))
		assert.Equal(t, "S1", r.Order.Lines[0].SKU)
		clear(r.Order.Raw)
		r.Order.Lines[0].SKU = "spoilt"
	}
	again, err := s.Order(t.Context(), ref(0))
	require.NoError(t, err)
	assert.Equal(t, want, string(again.Raw))
}
