package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/openmip/openmip/mip"
)

var _ mip.Inbox = (*Store)(nil)

// Keep implements [mip.Inbox]: durable when it returns.
func (s *Store) Keep(ctx context.Context, m mip.Message) (fresh bool, err error) {
	const op = "postgres: keep message"
	if err := m.Valid(); err != nil {
		return false, &mip.Error{Op: op, Kind: mip.ErrInvalid, Err: err}
	}
	refs, err := json.Marshal(m.Refs)
	if err != nil {
		return false, &mip.Error{Op: op, Kind: mip.ErrInvalid, Err: errors.New("the references cannot be written as JSON")}
	}
	n, err := s.change(ctx, op, `INSERT INTO $.inbox (account, source, id, topic, refs, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT DO NOTHING`, s.account, m.Source, []byte(m.ID), []byte(m.Topic), refs, nanos(m.At))
	return n == 1, err
}

// Pending implements [mip.Inbox].
func (s *Store) Pending(ctx context.Context, source string, n int) ([]mip.Message, error) {
	const op = "postgres: pending messages"
	rows, err := s.pool.Query(ctx, s.in(`SELECT id, topic, refs, at FROM $.inbox
		WHERE account = $1 AND source = $2 AND NOT handled ORDER BY at, n LIMIT $3`), s.account, source, max(n, 0))
	if err != nil {
		return nil, failure(op, mip.Ref{}, err)
	}
	var out []mip.Message
	var id, topic, refs []byte
	var at int64
	_, err = pgx.ForEachRow(rows, []any{&id, &topic, &refs, &at}, func() error {
		m := mip.Message{Source: source, ID: string(id), Topic: string(topic), At: instant(at)}
		if err := json.Unmarshal(refs, &m.Refs); err != nil {
			return &mip.Error{Op: op, Kind: mip.ErrContract, Err: errors.New("a stored message does not decode")}
		}
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
	_, err := s.change(ctx, "postgres: message handled", "UPDATE $.inbox SET handled = true WHERE account = $1 AND source = $2 AND id = $3",
		s.account, source, []byte(id))
	return err
}

// Prune implements [mip.Inbox].
func (s *Store) Prune(ctx context.Context, before time.Time) (int, error) {
	return s.change(ctx, "postgres: prune messages", "DELETE FROM $.inbox WHERE account = $1 AND handled AND at < $2", s.account, nanos(before))
}

// change runs one statement that writes, and returns how many rows it changed.
func (s *Store) change(ctx context.Context, op, text string, args ...any) (n int, err error) {
	err = s.write(ctx, op, mip.Ref{}, func(ctx context.Context, conn *pgxpool.Conn) error {
		tag, err := conn.Exec(ctx, s.in(text), args...)
		n = int(tag.RowsAffected())
		return err
	})
	return n, err
}
