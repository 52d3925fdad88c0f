package sqlite_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/sqlite"
)

// floor is the least that a durable change costs: the settings of the store's
// own writer (write-ahead log, full sync, freed space overwritten), one
// connection, and on prepared statements one update and two inserts of rows
// as large as the store's. It has no index to keep, reads and decodes nothing
// and decides nothing.
type floor struct {
	steps []*sql.Stmt
	args  [][]any
}

// newFloor takes the sizes of its rows from what a store keeps of an order.
func newFloor(b *testing.B, s *sqlite.Store, r mip.Ref) *floor {
	b.Helper()
	o, err := s.Order(b.Context(), r)
	require.NoError(b, err)
	body, err := json.Marshal(o)
	require.NoError(b, err)
	history, err := s.History(b.Context(), r)
	require.NoError(b, err)
	entry, err := json.Marshal(history[len(history)-1])
	require.NoError(b, err)

	db, err := sql.Open("sqlite", filepath.Join(b.TempDir(), "floor.db")+
		"?_journal_mode=WAL&_synchronous=FULL&_foreign_keys=1&_pragma=secure_delete(1)&_pragma=temp_store(MEMORY)")
	require.NoError(b, err)
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(b.Context())
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, conn.Close()); require.NoError(b, db.Close()) })
	for _, text := range []string{
		"CREATE TABLE orders (key INTEGER PRIMARY KEY, version INTEGER NOT NULL, body BLOB NOT NULL)",
		"CREATE TABLE history (n INTEGER PRIMARY KEY, body BLOB NOT NULL)",
		"CREATE TABLE effects (n INTEGER PRIMARY KEY, kind TEXT NOT NULL, due INTEGER NOT NULL)",
		"INSERT INTO orders VALUES (1, 1, x'')",
	} {
		_, err = conn.ExecContext(b.Context(), text)
		require.NoError(b, err)
	}
	f := &floor{}
	for _, step := range []struct {
		text string
		args []any
	}{
		{"BEGIN IMMEDIATE", nil},
		{"UPDATE orders SET version = version + 1, body = ? WHERE key = 1", []any{body}},
		{"INSERT INTO history (body) VALUES (?)", []any{entry}},
		{"INSERT INTO effects (kind, due) VALUES (?, ?)", []any{string(mip.EffectCheck), at(0).UnixNano()}},
		{"COMMIT", nil},
	} {
		stmt, err := conn.PrepareContext(b.Context(), step.text)
		require.NoError(b, err)
		f.steps, f.args = append(f.steps, stmt), append(f.args, step.args)
	}
	return f
}

func (f *floor) commit(b *testing.B) {
	for i, s := range f.steps {
		if _, err := s.ExecContext(context.Background(), f.args[i]...); err != nil {
			b.Fatal(err)
		}
	}
}
