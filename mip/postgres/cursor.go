package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/openmip/openmip/mip"
)

// Cursor implements [mip.Cursors].
func (s *Store) Cursor(ctx context.Context, channel string) (mip.Cursor, error) {
	var value []byte
	err := s.pool.QueryRow(ctx, s.in("SELECT value FROM $.cursors WHERE account = $1 AND channel = $2"), s.account, channel).Scan(&value)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return "", failure("postgres: cursor", mip.Ref{}, err)
	}
	return mip.Cursor(value), nil
}

// SaveCursor implements [mip.Cursors].
func (s *Store) SaveCursor(ctx context.Context, channel string, old, next mip.Cursor) error {
	const op = "postgres: save cursor"
	text := "UPDATE $.cursors SET value = $3 WHERE account = $1 AND channel = $2 AND value = $4"
	if old == "" {
		text = `INSERT INTO $.cursors AS c (account, channel, value) VALUES ($1, $2, $3)
			ON CONFLICT (account, channel) DO UPDATE SET value = excluded.value WHERE c.value = $4`
	}
	return s.write(ctx, op, mip.Ref{}, func(ctx context.Context, conn *pgxpool.Conn) error {
		tag, err := conn.Exec(ctx, s.in(text), s.account, channel, []byte(next), []byte(old))
		if err == nil && tag.RowsAffected() == 0 {
			return &mip.Error{Op: op, Kind: mip.ErrConflict}
		}
		return err
	})
}
