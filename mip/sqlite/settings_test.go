package sqlite_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/openmip/openmip/mip"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheWriterIsSetForDurabilityAndErasure(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "orders.db"))
	for name, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1",
		"temp_store": "2", "trusted_schema": "0", "busy_timeout": "5000", "journal_size_limit": "67108864",
	} {
		got, err := s.Pragma(t.Context(), name)
		require.NoError(t, err)
		assert.Equal(t, want, got, name)
	}
}

func TestListingsFollowAnIndexAndSortNothing(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "orders.db"))
	for _, c := range []struct {
		q     mip.Query
		index string
	}{
		{mip.Query{}, "orders_by_urgency"},
		{mip.Query{Channel: "shop", Code: "a"}, "orders_by_urgency"},
		{mip.Query{Limit: 5}, "orders_by_urgency"},
		{mip.Query{ManualRef: "phone-1"}, "orders_by_manual_ref"},
		{mip.Query{States: []mip.State{mip.StateShipped}, ManualRef: "phone-1"}, "orders_by_manual_ref"},
		{mip.Query{Likeness: 7}, "orders_by_likeness"},
		{mip.Query{States: []mip.State{mip.StatePendingReview}, Likeness: 1 << 63, Channel: "shop"}, "orders_by_likeness"},
		{mip.Query{States: []mip.State{mip.StatePendingReview}}, "orders_by_state"},
		{mip.Query{States: []mip.State{mip.StateReceived, mip.StateShipped}, Channel: "shop", Code: "a"}, "orders_by_code"},
	} {
		plans, err := s.Plans(t.Context(), c.q)
		require.NoError(t, err)
		require.Len(t, plans, 3*max(1, len(c.q.States)), "%+v: one step each, no sorting: %v", c.q, plans)
		for step := range slices.Chunk(plans, 3) {
			assert.Contains(t, step[0], "SEARCH orders USING INDEX "+c.index, "%+v", c.q)
			assert.Equal(t, "SEARCH raws USING INTEGER PRIMARY KEY (rowid=?)", step[2], "what the channel said, a look-up for each")
		}
	}
}
