package benchtest

import (
	"context"
	"database/sql"
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/openmip/openmip/mip"
)

// Durable returns the least that one durable change of an order costs, for a
// benchmark of something that keeps orders with mip/sqlite: a transaction with
// the settings of that store's own writer (write-ahead log, full sync, freed
// space overwritten) on the same disk, on one connection, and in it, on
// prepared statements, one update and two inserts of rows as large as the
// store's. It has no index to keep, reads and decodes nothing and decides
// nothing. o and c give the rows their size.
//
// The benchmark must link mip/sqlite, for its driver.
func Durable(b *testing.B, o mip.Order, c mip.Change) func() {
	b.Helper()
	check := func(err error) {
		if err != nil {
			b.Helper()
			b.Fatal("floor:", err)
		}
	}
	body, err := json.Marshal(o)
	check(err)
	entry, err := json.Marshal(c)
	check(err)
	db, err := sql.Open("sqlite", filepath.Join(b.TempDir(), "floor.db")+
		"?_journal_mode=WAL&_synchronous=FULL&_foreign_keys=1&_pragma=secure_delete(1)&_pragma=temp_store(MEMORY)")
	check(err)
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(b.Context())
	check(err)
	b.Cleanup(func() { _, _ = conn.Close(), db.Close() })
	for _, text := range []string{
		"CREATE TABLE orders (key INTEGER PRIMARY KEY, version INTEGER NOT NULL, body BLOB NOT NULL)",
		"CREATE TABLE history (n INTEGER PRIMARY KEY, body BLOB NOT NULL)",
		"CREATE TABLE effects (n INTEGER PRIMARY KEY, kind TEXT NOT NULL, due INTEGER NOT NULL)",
		"INSERT INTO orders VALUES (1, 1, x'')",
	} {
		_, err = conn.ExecContext(b.Context(), text)
		check(err)
	}
	var steps []func() error
	for _, step := range []struct {
		text string
		args []any
	}{
		{"BEGIN IMMEDIATE", nil},
		{"UPDATE orders SET version = version + 1, body = ? WHERE key = 1", []any{body}},
		{"INSERT INTO history (body) VALUES (?)", []any{entry}},
		{"INSERT INTO effects (kind, due) VALUES (?, ?)", []any{string(mip.EffectCheck), c.At.UnixNano()}},
		{"COMMIT", nil},
	} {
		stmt, err := conn.PrepareContext(b.Context(), step.text)
		check(err)
		steps = append(steps, func() error {
			_, err := stmt.ExecContext(context.Background(), step.args...)
			return err
		})
	}
	return func() {
		for _, do := range steps {
			check(do())
		}
	}
}
