package engine_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/sqlite"
)

// The kinds of orders that a store fills up with: most are done with; some are
// at the supplier and asked about later; a few wait for a person.
var kinds = []struct {
	street   string
	status   mip.PlacementStatus
	state    mip.State
	of, rest int // every order whose number divided by of leaves rest
}{
	{"Calle 1", mip.PlacementDelivered, mip.StateDelivered, 1, 0},
	{"Calle 1", mip.PlacementInProcess, mip.StateSubmitted, 20, 1},
	{"Avenida de los Reyes Catolicos 1234, edificio principal, escalera izquierda, planta 12", mip.PlacementInProcess, mip.StatePendingReview, 5000, 2},
}

func stored(n int) string { return fmt.Sprintf("t%08d", n) }

// live takes one order of a kind as far as it goes, in an hour and a market of
// its own.
func live(t testing.TB, store *sqlite.Store, n, kind int) {
	t.Helper()
	k, m := kinds[kind], newMarket()
	eng := m.join(t, unread{store})
	ref := m.sell(stored(n), k.street)
	require.NoError(t, eng.Sync(t.Context()))
	m.pass(time.Hour, k.status)
	require.NoError(t, eng.Sync(t.Context()))
	o, err := store.Order(t.Context(), ref)
	require.NoError(t, err)
	require.Equal(t, k.state, o.State, "%v", o.Findings)
}

// unread keeps no cursor, so that each market is read from its start.
type unread struct{ *sqlite.Store }

func (unread) Cursor(context.Context, string) (mip.Cursor, error)               { return "", nil }
func (unread) SaveCursor(context.Context, string, mip.Cursor, mip.Cursor) error { return nil }

// fill makes a file with n orders: one of each kind by an engine, the others
// as copies of their rows under other ids, which takes seconds for what takes
// an engine an hour.
func fill(t testing.TB, path string, n int) {
	t.Helper()
	store, err := sqlite.Open(sqlite.Config{Path: path})
	require.NoError(t, err)
	for kind := range kinds {
		live(t, store, kind, kind)
	}
	require.NoError(t, store.Close())

	db, err := sql.Open("sqlite", path+"?_pragma=locking_mode(EXCLUSIVE)&_pragma=journal_mode(DELETE)&_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=cache_size(-65536)")
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	defer func() { require.NoError(t, db.Close()) }()
	tx, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	exec := func(text string, args ...any) {
		_, err := tx.ExecContext(t.Context(), text, args...)
		require.NoError(t, err)
	}
	exec("CREATE TEMP TABLE copies (n INTEGER PRIMARY KEY, new TEXT, source INTEGER, old TEXT, entries INTEGER, last INTEGER)")
	exec("CREATE TEMP TABLE entries AS SELECT o.last_entry - h.n AS ago, h.* FROM history h JOIN orders o ON o.key = h.order_key ORDER BY h.n")
	exec(`WITH RECURSIVE count(n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM count WHERE n < ?2)
		INSERT INTO copies (n, new) SELECT n, printf('t%08d', n) FROM count WHERE n < ?2`, len(kinds), n)
	for kind, k := range kinds {
		exec(`UPDATE copies SET old = ?1, source = (SELECT key FROM orders WHERE id = ?1),
			entries = (SELECT count(*) FROM entries WHERE order_key = (SELECT key FROM orders WHERE id = ?1)) WHERE n % ?2 = ?3`,
			stored(kind), k.of, k.rest)
	}
	const body = "CAST(replace(CAST(o.body AS TEXT), c.old, c.new) AS BLOB)"
	exec(`UPDATE copies SET last = c.last FROM (SELECT n, (SELECT max(n) FROM history) + sum(entries) OVER (ORDER BY n) AS last FROM copies) AS c
		WHERE c.n = copies.n`)
	exec(`INSERT INTO orders SELECT c.n + 1, o.channel, c.new, o.version, o.state, o.ship_by, o.received_at, o.codes, ` + body + `, c.last, o.manual_ref, c.n
		FROM copies c JOIN orders o ON o.key = c.source ORDER BY c.n`)
	exec(`INSERT INTO raws SELECT c.n + 1, o.body FROM copies c JOIN raws o ON o.order_key = c.source ORDER BY c.n`)
	exec(`INSERT INTO history SELECT c.last - o.ago, iif(o.before = 0, 0, c.last - o.ago - 1), c.n + 1, ` + body + `
		FROM copies c CROSS JOIN entries o ON o.order_key = c.source`)
	exec(`INSERT INTO effects SELECT c.n + 1, o.kind, o.attempt, o.due, o.since, o.tries, o.seq
		FROM copies c JOIN effects o ON o.order_key = c.source ORDER BY c.n`)
	exec(`INSERT INTO reservations SELECT replace(o.key, c.old, c.new), o.account, o.channel, c.new, o.currency, o.amount, o.actual, o.state, o.at, o.note
		FROM copies c CROSS JOIN reservations o ON o.id = c.old ORDER BY c.n`)
	require.NoError(t, tx.Commit())
}

// TestCopiedOrdersAreWhatAnEngineMakes compares every row of a filled file
// with those of a file in which each order was really lived.
func TestCopiedOrdersAreWhatAnEngineMakes(t *testing.T) {
	saved := kinds
	t.Cleanup(func() { kinds = saved })
	kinds = append(kinds[:0:0], kinds...)
	kinds[1].of, kinds[2].of = 4, 4
	const n = 12
	copied, lived := filepath.Join(t.TempDir(), "copied.db"), filepath.Join(t.TempDir(), "lived.db")
	fill(t, copied, n)
	store, err := sqlite.Open(sqlite.Config{Path: lived})
	require.NoError(t, err)
	for i := range n {
		kind := 0
		for k := 1; k < len(kinds); k++ {
			if i == k || i >= len(kinds) && i%kinds[k].of == kinds[k].rest {
				kind = k
			}
		}
		live(t, store, i, kind)
	}
	require.NoError(t, store.Close())
	a, b := picture(t, copied), picture(t, lived)
	for table := range b {
		assert.Equal(t, b[table], a[table], table)
	}
}

// digests are of what a purchase says, its order's id too: a copy has the
// digest of the first one, of the same length. It is read while an attempt is
// under way, and none is.
var digests = regexp.MustCompile(`(payloadHash\\":\\")[^"]+`)

// picture is every row of the tables with orders in them.
func picture(t *testing.T, path string) map[string][]string {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	out := map[string][]string{}
	for _, table := range []string{"orders", "history", "effects", "reservations"} {
		rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+table+" ORDER BY 1, 2, 3")
		require.NoError(t, err)
		columns, err := rows.Columns()
		require.NoError(t, err)
		for rows.Next() {
			values, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			require.NoError(t, rows.Scan(into...))
			for i, v := range values {
				if raw, ok := v.([]byte); ok {
					values[i] = string(raw)
				}
				if columns[i] == "likeness" { // of a copy it is any number that no other has
					values[i] = v != int64(0)
				}
			}
			line, err := json.Marshal(values)
			require.NoError(t, err)
			out[table] = append(out[table], digests.ReplaceAllString(string(line), "$1"))
		}
		require.NoError(t, rows.Err())
	}
	return out
}
