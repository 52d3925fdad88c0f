package postgres_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

// tablesWith returns the tables of the whole database that hold a text.
func tablesWith(t *testing.T, address, text string) (out []string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	require.NoError(t, err)
	defer func() { assert.NoError(t, conn.Close(t.Context())) }()
	rows, err := conn.Query(t.Context(), "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Greater(t, len(tables), 10)
	for _, table := range tables {
		var n int
		hex := fmt.Sprintf("%x", text) // as columns of bytes are written
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM "+table+" AS x WHERE position($1 IN x::text) > 0 OR position($2 IN x::text) > 0",
			text, hex).Scan(&n))
		if n > 0 {
			out = append(out, table)
		}
	}
	return out
}

func TestPersonalDataIsInOneTableAndErasedFromIt(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	s := open(t, cfg)
	canaries := []string{"Canaryname", "Canarystreet 5", "canary@example.com", "+34699999999", "Canarynote", "canaryraw"}
	e := imported(ref(1), 0)
	e.Facts.ShipTo.FirstName, e.Facts.ShipTo.Line1, e.Facts.ShipTo.Email, e.Facts.ShipTo.Phone = canaries[0], canaries[1], canaries[2], canaries[3]
	e.Facts.Note, e.Facts.Raw = canaries[4], []byte(`{"x":"canaryraw"}`)
	apply(t, s, ref(1), e, at(0))
	apply(t, s, ref(1), mip.Event{Kind: mip.EventHeld, Version: 1, Findings: []mip.Finding{{Code: "address.too_long", Suggestion: map[string]string{"line1": "Canarystreet 5"}}}}, at(1))
	apply(t, s, ref(1), mip.Event{Kind: mip.EventCancel, Actor: "p1"}, at(2))
	for _, c := range canaries {
		assert.Equal(t, []string{"openmip.orders"}, tablesWith(t, cfg.URL, c), c)
	}
	assert.Contains(t, strings.Join(tablesWith(t, cfg.URL, ref(1).ID), " "), "river_job", "jobs hold the reference")

	apply(t, s, ref(1), mip.Event{Kind: mip.EventErased, Actor: "p1"}, at(3))
	for _, c := range canaries {
		assert.Empty(t, tablesWith(t, cfg.URL, c), c)
	}
}
