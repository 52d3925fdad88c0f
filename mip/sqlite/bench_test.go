package sqlite_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/stretchr/testify/require"
)

// bare is the least that a durable change costs: the same pragmas, one update
// and two inserts of the same size on prepared statements, nothing else.
type bare struct {
	begin, update, history, effect, commit *sql.Stmt
	body, entry                            []byte
}

func newBare(b *testing.B, body, entry []byte) *bare {
	b.Helper()
	db, err := sql.Open("sqlite", filepath.Join(b.TempDir(), "bare.db")+
		"?_journal_mode=WAL&_synchronous=FULL&_foreign_keys=1&_pragma=secure_delete(1)")
	require.NoError(b, err)
	conn, err := db.Conn(b.Context())
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, conn.Close()); require.NoError(b, db.Close()) })
	for _, text := range []string{
		"CREATE TABLE orders (key INTEGER PRIMARY KEY, version INTEGER, body BLOB)",
		"CREATE TABLE history (n INTEGER PRIMARY KEY, body BLOB)",
		"CREATE TABLE effects (n INTEGER PRIMARY KEY, due INTEGER)",
		"INSERT INTO orders VALUES (1, 1, x'')",
	} {
		_, err = conn.ExecContext(b.Context(), text)
		require.NoError(b, err)
	}
	out := &bare{body: body, entry: entry}
	for dst, text := range map[**sql.Stmt]string{
		&out.begin: "BEGIN IMMEDIATE", &out.commit: "COMMIT",
		&out.update:  "UPDATE orders SET version = version + 1, body = ? WHERE key = 1",
		&out.history: "INSERT INTO history (body) VALUES (?)",
		&out.effect:  "INSERT INTO effects (due) VALUES (?)",
	} {
		*dst, err = conn.PrepareContext(b.Context(), text)
		require.NoError(b, err)
	}
	return out
}

func (w *bare) commitOne(ctx context.Context) error {
	for _, c := range []struct {
		stmt *sql.Stmt
		args []any
	}{{w.begin, nil}, {w.update, []any{w.body}}, {w.history, []any{w.entry}}, {w.effect, []any{int64(1)}}, {w.commit, nil}} {
		if _, err := c.stmt.ExecContext(ctx, c.args...); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkApply changes an order of one line again and again. The metric
// "of-bare" is the share of a bare transaction's rate that it reaches; both
// are measured in turns, so that the disk's mood counts for both.
func BenchmarkApply(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "orders.db"))
	ctx, news := context.Background(), 0
	apply := func() {
		e := imported(ref(1), news)
		news++
		if _, err := s.Apply(ctx, e.ref, e.event, at(news)); err != nil {
			b.Fatal(err)
		}
	}
	apply()
	o, err := s.Order(ctx, ref(1))
	require.NoError(b, err)
	body, err := json.Marshal(o)
	require.NoError(b, err)
	entry, err := json.Marshal(mip.Change{Event: mip.EventImported, From: o.State, To: o.State, At: at(0), Note: "note"})
	require.NoError(b, err)
	w := newBare(b, body, entry)

	var ours, least time.Duration
	for b.Loop() {
		start := time.Now()
		apply()
		ours += time.Since(start)
		b.StopTimer()
		start = time.Now()
		if err := w.commitOne(ctx); err != nil {
			b.Fatal(err)
		}
		least += time.Since(start)
		b.StartTimer()
	}
	b.ReportMetric(least.Seconds()/ours.Seconds(), "of-bare")
	b.ReportMetric(float64(least.Microseconds())/float64(b.N), "bare-µs/op")
}

func BenchmarkOrder(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "orders.db"))
	e := imported(ref(1), 0)
	_, err := s.Apply(b.Context(), e.ref, e.event, at(0))
	require.NoError(b, err)
	for b.Loop() {
		if _, err := s.Order(context.Background(), e.ref); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLease takes an effect out of ten thousand and gives it back.
func BenchmarkLease(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "orders.db"))
	for i := range 10_000 {
		e := imported(ref(i), 0)
		if _, err := s.Apply(b.Context(), e.ref, e.event, at(0)); err != nil {
			b.Fatal(err)
		}
	}
	for n := 0; b.Loop(); n++ {
		leases, err := s.Lease(context.Background(), at(1+n), at(2+n), 1)
		if err != nil || len(leases) != 1 {
			b.Fatal(leases, err)
		}
	}
}
