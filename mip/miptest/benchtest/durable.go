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
	return newBare(b, o, 1, "FULL").change(b, o, c)
}

// DurableGroup is [Durable] for n orders in one transaction: the least that n
// writers cost who share a commit.
func DurableGroup(b *testing.B, o mip.Order, c mip.Change, n int) func() {
	b.Helper()
	return newBare(b, o, n, "FULL").change(b, o, c)
}

// Undurable is [Durable] without waiting for the disk: the part of a durable
// change that is not the disk's.
func Undurable(b *testing.B, o mip.Order, c mip.Change) func() {
	b.Helper()
	return newBare(b, o, 1, "OFF").change(b, o, c)
}

// bare is one connection to a file of its own with some orders.
type bare struct {
	*sql.Conn
	orders int
}

func newBare(b *testing.B, o mip.Order, orders int, sync string) bare {
	b.Helper()
	db, err := sql.Open("sqlite", filepath.Join(b.TempDir(), "floor.db")+
		"?_journal_mode=WAL&_synchronous="+sync+"&_foreign_keys=1&_pragma=secure_delete(1)&_pragma=temp_store(MEMORY)")
	check(b, err)
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(b.Context())
	check(b, err)
	b.Cleanup(func() { _, _ = conn.Close(), db.Close() })
	p := bare{conn, orders}
	p.is(b, "journal_mode", "wal")
	p.is(b, "synchronous", map[string]string{"FULL": "2", "OFF": "0"}[sync])
	for _, text := range []string{
		"CREATE TABLE orders (key INTEGER PRIMARY KEY, version INTEGER NOT NULL, body BLOB NOT NULL)",
		"CREATE TABLE history (n INTEGER PRIMARY KEY, body BLOB NOT NULL)",
		"CREATE TABLE effects (n INTEGER PRIMARY KEY, kind TEXT NOT NULL, due INTEGER NOT NULL)",
	} {
		p.prepare(b, text)()
	}
	insert := p.prepare(b, "INSERT INTO orders VALUES (?, 1, ?)")
	for key := range orders {
		insert(key, encode(b, o))
	}
	return p
}

// is makes sure of a setting: a floor that waits for less is none.
func (p bare) is(b *testing.B, pragma, want string) {
	b.Helper()
	var got string
	check(b, p.QueryRowContext(b.Context(), "PRAGMA "+pragma).Scan(&got))
	if got != want {
		b.Fatalf("floor: %s is %s, want %s", pragma, got, want)
	}
}

// change returns a transaction that changes each order.
func (p bare) change(b *testing.B, o mip.Order, c mip.Change) func() {
	b.Helper()
	begin, commit := p.prepare(b, "BEGIN IMMEDIATE"), p.prepare(b, "COMMIT")
	update := p.prepare(b, "UPDATE orders SET version = version + 1, body = ? WHERE key = ?")
	record := p.prepare(b, "INSERT INTO history (body) VALUES (?)")
	enqueue := p.prepare(b, "INSERT INTO effects (kind, due) VALUES (?, ?)")
	body, entry := encode(b, o), encode(b, c)
	return func() {
		begin()
		for key := range p.orders {
			update(body, key)
			record(entry)
			enqueue(string(mip.EffectCheck), c.At.UnixNano())
		}
		commit()
	}
}

func (p bare) prepare(b *testing.B, text string) func(args ...any) {
	b.Helper()
	stmt, err := p.PrepareContext(b.Context(), text)
	check(b, err)
	return func(args ...any) {
		_, err := stmt.ExecContext(context.Background(), args...)
		check(b, err)
	}
}

func encode(b *testing.B, v any) []byte {
	b.Helper()
	out, err := json.Marshal(v)
	check(b, err)
	return out
}

func check(b *testing.B, err error) {
	if err != nil {
		b.Helper()
		b.Fatal("floor:", err)
	}
}
