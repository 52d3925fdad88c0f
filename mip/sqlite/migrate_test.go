package sqlite_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/sqlite"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// schema returns the file's version and its tables and indexes.
func schema(t *testing.T, path string) (version int, parts []string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	require.NoError(t, db.QueryRowContext(t.Context(), "PRAGMA user_version").Scan(&version))
	rows, err := db.QueryContext(t.Context(), "SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name")
	require.NoError(t, err)
	for rows.Next() {
		var part string
		require.NoError(t, rows.Scan(&part))
		parts = append(parts, strings.Join(strings.Fields(part), " "))
	}
	require.NoError(t, rows.Err())
	return version, parts
}

// versions are those that the history of an order tells of.
func versions(t *testing.T, s *sqlite.Store, ref mip.Ref) (out []int) {
	t.Helper()
	h, err := s.History(t.Context(), ref)
	require.NoError(t, err)
	for _, c := range h {
		out = append(out, c.Version)
	}
	return out
}

func TestAnEntryOfTheHistoryThatIsMissingIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.db")
	s := open(t, path)
	for i, e := range script() {
		_, err := s.Apply(t.Context(), e.ref, e.event, at(i))
		require.NoError(t, err)
	}
	require.NoError(t, s.Close())
	execute(t, path, "DELETE FROM history WHERE n = 1")
	_, err := open(t, path).History(t.Context(), script()[0].ref)
	require.ErrorIs(t, err, mip.ErrContract)
}

func TestAFileOfVersion1IsBroughtUpToDate(t *testing.T) {
	script, err := os.ReadFile(filepath.Join("testdata", "v1.sql"))
	require.NoError(t, err)
	old, fresh := filepath.Join(t.TempDir(), "old.db"), filepath.Join(t.TempDir(), "new.db")
	execute(t, old, string(script)+`; UPDATE orders SET raw = CAST('{}' AS BLOB) WHERE key = 1;
		UPDATE orders SET body = CAST(json_set(CAST(body AS TEXT), '$.manualRef', 'phone-1') AS BLOB) WHERE key = 2`)
	version, _ := schema(t, old)
	require.Equal(t, 1, version)

	s := open(t, old)
	require.NoError(t, s.Check(t.Context()))
	states := map[mip.Ref]mip.State{}
	for o, err := range s.Orders(t.Context(), mip.Query{}) {
		require.NoError(t, err)
		states[o.Ref] = o.State
	}
	assert.Equal(t, map[mip.Ref]mip.State{ref(1): mip.StateShipped, ref(2): mip.StateCancelled}, states)

	for o, err := range s.Orders(t.Context(), mip.Query{ManualRef: "phone-1"}) {
		require.NoError(t, err)
		require.Equal(t, ref(2), o.Ref)
		delete(states, o.Ref)
	}
	assert.Len(t, states, 1, "what was placed by hand is found by its reference")

	o, err := s.Order(t.Context(), ref(1))
	require.NoError(t, err)
	assert.Equal(t, 9, o.Version)
	assert.Equal(t, "Valencia", o.ShipTo.City)
	assert.Equal(t, "T1", o.Placements[0].Parcels[0].Number)
	assert.True(t, o.Placements[0].Cost.Equal(mip.EUR(12_00)))
	assert.Equal(t, "{}", string(o.Raw))
	assert.Equal(t, []int{1, 2, 3, 4, 5, 6, 7, 8, 9}, versions(t, s, ref(1)))
	assert.Equal(t, []int{1, 2, 3}, versions(t, s, ref(2)))
	w, err := s.Waiting(t.Context(), ref(1))
	require.NoError(t, err)
	assert.Len(t, w, 6)
	c, err := s.Cursor(t.Context(), "shop")
	require.NoError(t, err)
	assert.Equal(t, mip.Cursor("cursor-1"), c)
	rs, err := s.Reservations(t.Context(), "wallet", at(0))
	require.NoError(t, err)
	require.Len(t, rs, 3)
	assert.True(t, rs[1].Key == "settled" && rs[1].Actual.Equal(mip.EUR(19_50)) && rs[1].At.Equal(at(5)))

	res, err := s.Apply(t.Context(), ref(1), mip.Event{Kind: mip.EventNoted, Findings: []mip.Finding{{Code: "after"}}}, at(100))
	require.NoError(t, err)
	assert.Equal(t, 10, res.Order.Version)
	assert.Equal(t, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, versions(t, s, ref(1)), "its history goes on")
	require.NoError(t, s.Close())

	require.NoError(t, open(t, fresh).Close())
	oldVersion, oldParts := schema(t, old)
	newVersion, newParts := schema(t, fresh)
	assert.Equal(t, newVersion, oldVersion)
	assert.Equal(t, newParts, oldParts, "a file brought up to date is one made anew")
}

func TestAFileIsOpenedAgainUnchanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.db")
	s := open(t, path)
	for i, e := range script() {
		_, err := s.Apply(t.Context(), e.ref, e.event, at(i))
		require.NoError(t, err)
	}
	before := picture(t, s)
	require.NoError(t, s.Close())
	assert.Equal(t, before, picture(t, open(t, path)))
}

func TestAnEmptyFileBecomesAStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.db")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	s := open(t, path)
	counts, err := s.Counts(t.Context())
	require.NoError(t, err)
	assert.Empty(t, counts)
}
