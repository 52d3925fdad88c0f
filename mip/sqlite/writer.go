package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/openmip/openmip/mip"
)

// writer is the one connection that writes, with its statements prepared.
type writer struct {
	db       *sql.DB
	conn     *sql.Conn
	prepared []*sql.Stmt // all of those below

	begin, commit, rollback, checkpoint   *sql.Stmt
	save, keep, revert                    *sql.Stmt
	load, insert, update, move, remark    *sql.Stmt
	keepRaw, dropRaw                      *sql.Stmt
	record, enqueue                       *sql.Stmt
	due, done, later                      *sql.Stmt
	cursor, saveCursor                    *sql.Stmt
	reservation, taken, reserve, resettle *sql.Stmt
	note                                  *sql.Stmt
}

// newWriter opens the connection. The file is migrated before anything is
// prepared.
func newWriter(ctx context.Context, path string) (*writer, error) {
	db, err := connect(path, "_txlock=immediate", "_busy_timeout=5000", "_foreign_keys=1", "_journal_mode=WAL",
		"_synchronous=FULL", "_pragma=secure_delete(1)", "_pragma=temp_store(MEMORY)", "_pragma=trusted_schema(0)",
		"_pragma=journal_size_limit(67108864)")
	if err != nil {
		return nil, failure(opOpen, mip.Ref{}, err)
	}
	db.SetMaxOpenConns(1)
	w := &writer{db: db}
	if w.conn, err = db.Conn(ctx); err == nil {
		if err = migrate(ctx, w.conn); err == nil {
			err = w.prepare(ctx)
		}
	}
	if err != nil {
		return nil, failure(opOpen, mip.Ref{}, errors.Join(err, w.close()))
	}
	return w, nil
}

func (w *writer) prepare(ctx context.Context) error {
	for _, p := range []struct {
		dst **sql.Stmt
		sql string
	}{
		{&w.begin, "BEGIN IMMEDIATE"},
		{&w.commit, "COMMIT"},
		{&w.rollback, "ROLLBACK"},
		{&w.save, "SAVEPOINT one"},
		{&w.keep, "RELEASE one"},
		{&w.revert, "ROLLBACK TO one"},
		{&w.checkpoint, "PRAGMA wal_checkpoint(TRUNCATE)"},

		{&w.load, "SELECT key, version, body, " + rawOf + ", last_entry FROM orders WHERE channel = ? AND id = ?"},
		{&w.insert, `INSERT INTO orders (version, state, ship_by, received_at, codes, manual_ref, likeness, body, last_entry, channel, id)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&w.update, "UPDATE orders SET version = ?, body = ?, last_entry = ? WHERE key = ? AND version = ?"},
		{&w.move, `UPDATE orders SET version = ?, body = ?, last_entry = ?, state = ?, ship_by = ?, received_at = ?, codes = ?, manual_ref = ?,
			likeness = ?
			WHERE key = ? AND version = ?`},
		{&w.remark, "UPDATE orders SET last_entry = ? WHERE key = ? AND version = ?"},
		{&w.keepRaw, "INSERT INTO raws VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body"},
		{&w.dropRaw, "DELETE FROM raws WHERE order_key = ?"},
		{&w.record, "INSERT INTO history VALUES (?, ?, ?, ?)"},
		{&w.enqueue, `INSERT INTO effects (order_key, kind, attempt, due, since) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET due = excluded.due, since = excluded.since, tries = 0, seq = seq + 1`},

		// LIMIT +?, because SQLite plans anew for each value of a bare one.
		{&w.due, `SELECT e.order_key, o.channel, o.id, e.attempt, e.due, e.since, e.tries, e.seq
			FROM effects e JOIN orders o ON o.key = e.order_key
			WHERE e.kind = ? AND e.due <= ? ORDER BY e.due, e.order_key, e.attempt LIMIT +?`},
		{&w.done, "DELETE FROM effects WHERE order_key = ? AND kind = ? AND attempt = ? AND seq = ?"},
		{&w.later, `UPDATE effects SET due = ?, tries = tries + 1
			WHERE order_key = ? AND kind = ? AND attempt = ? AND seq = ?`},

		{&w.cursor, "SELECT value FROM cursors WHERE channel = ?"},
		{&w.saveCursor, `INSERT INTO cursors (channel, value) VALUES (?, ?)
			ON CONFLICT DO UPDATE SET value = excluded.value`},

		{&w.reservation, "SELECT " + reservationColumns + " FROM reservations WHERE key = ?"},
		{&w.taken, "SELECT " + reservationColumns + ` FROM reservations WHERE account = ?1 AND state = 'open'
			UNION ALL SELECT ` + reservationColumns + ` FROM reservations WHERE account = ?1 AND state = 'settled' AND at >= ?2`},
		{&w.reserve, `INSERT INTO reservations (key, account, channel, id, currency, amount, state, at)
			VALUES (?, ?, ?, ?, ?, ?, 'open', ?)`},
		{&w.note, "UPDATE reservations SET note = ? WHERE key = ?"},
		{&w.resettle, "UPDATE reservations SET state = ?, actual = ?, at = ? WHERE key = ?"},
	} {
		var err error
		if *p.dst, err = w.conn.PrepareContext(ctx, p.sql); err != nil {
			return err
		}
		w.prepared = append(w.prepared, *p.dst)
	}
	return nil
}

// close empties the write-ahead log and closes the connection. Its statements
// are closed first: SQLite keeps the file open for the last of them.
func (w *writer) close() error {
	if w.conn == nil {
		return w.db.Close()
	}
	if w.checkpoint != nil {
		_, _ = w.checkpoint.ExecContext(context.Background()) // what it cannot move, the next Open does
	}
	var errs []error
	for _, q := range w.prepared {
		errs = append(errs, q.Close())
	}
	return errors.Join(append(errs, w.conn.Close(), w.db.Close())...)
}

// scrub empties the write-ahead log, which still holds what was erased. It
// waits a moment for readers in its way; while one stays there, it is tried
// again with every write, without waiting.
func (s *Store) scrub(ctx context.Context) {
	wait := "PRAGMA busy_timeout = 250"
	if s.blocked {
		wait = "PRAGMA busy_timeout = 0"
	}
	// Not prepared: this setting changes when it is prepared.
	_, _ = s.w.conn.ExecContext(ctx, wait)
	var blocked, pages, moved int
	err := s.w.checkpoint.QueryRowContext(ctx).Scan(&blocked, &pages, &moved)
	s.blocked = err != nil || blocked != 0
	s.stale = s.blocked
	_, _ = s.w.conn.ExecContext(ctx, "PRAGMA busy_timeout = 5000")
}
