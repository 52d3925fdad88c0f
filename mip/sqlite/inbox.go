package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/openmip/openmip/mip"
)

var _ mip.Inbox = (*Store)(nil)

// Keep implements [mip.Inbox]: on disk when it returns.
func (s *Store) Keep(ctx context.Context, m mip.Message) (fresh bool, err error) {
	const op = "sqlite: keep message"
	if err := m.Valid(); err != nil {
		return false, &mip.Error{Op: op, Kind: mip.ErrInvalid, Err: err}
	}
	refs, err := json.Marshal(m.Refs)
	if err != nil {
		return false, &mip.Error{Op: op, Kind: mip.ErrInvalid, Err: errors.New("the references cannot be written as JSON")}
	}
	n, err := s.change(ctx, op, "INSERT INTO inbox (source, id, topic, refs, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		m.Source, []byte(m.ID), []byte(m.Topic), refs, nanos(m.At))
	return n == 1, err
}

// Pending implements [mip.Inbox].
func (s *Store) Pending(ctx context.Context, source string, n int) ([]mip.Message, error) {
	const op = "sqlite: pending messages"
	rows, err := s.readers.QueryContext(ctx, "SELECT id, topic, refs, at FROM inbox WHERE source = ? AND NOT handled ORDER BY at, n LIMIT ?",
		source, max(n, 0))
	if err != nil {
		return nil, failure(op, mip.Ref{}, err)
	}
	var out []mip.Message
	err = walk(rows, func(rows *sql.Rows) error {
		m := mip.Message{Source: source}
		var id, topic, refs []byte
		var at int64
		if err := rows.Scan(&id, &topic, &refs, &at); err != nil {
			return err
		}
		if err := json.Unmarshal(refs, &m.Refs); err != nil {
			return &mip.Error{Op: op, Kind: mip.ErrContract, Err: errors.New("a stored message does not decode")}
		}
		m.ID, m.Topic, m.At = string(id), string(topic), instant(at)
		out = append(out, m)
		return nil
	})
	if err != nil {
		return nil, failure(op, mip.Ref{}, err)
	}
	return out, nil
}

// Handled implements [mip.Inbox].
func (s *Store) Handled(ctx context.Context, source, id string) error {
	_, err := s.change(ctx, "sqlite: message handled", "UPDATE inbox SET handled = 1 WHERE source = ? AND id = ?", source, []byte(id))
	return err
}

// Prune implements [mip.Inbox].
func (s *Store) Prune(ctx context.Context, before time.Time) (int, error) {
	return s.change(ctx, "sqlite: prune messages", "DELETE FROM inbox WHERE handled AND at < ?", nanos(before))
}

// change runs one statement that writes, and returns how many rows it changed.
func (s *Store) change(ctx context.Context, op, text string, args ...any) (n int, err error) {
	err = s.write(ctx, op, mip.Ref{}, func(ctx context.Context) (then, error) {
		done, err := s.w.conn.ExecContext(ctx, text, args...)
		if err != nil {
			return nil, err
		}
		rows, err := done.RowsAffected()
		n = int(rows)
		return nothing, err
	})
	return n, err
}
