package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/openmip/openmip/mip"
)

// Cursor implements [mip.Cursors].
func (s *Store) Cursor(ctx context.Context, channel string) (mip.Cursor, error) {
	c, err := cursor(ctx, s.reads.cursor, channel)
	if err != nil {
		return "", failure("sqlite: cursor", mip.Ref{}, err)
	}
	return c, nil
}

func cursor(ctx context.Context, q *sql.Stmt, channel string) (mip.Cursor, error) {
	var value []byte
	err := q.QueryRowContext(ctx, channel).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return mip.Cursor(value), err
}

// SaveCursor implements [mip.Cursors].
func (s *Store) SaveCursor(ctx context.Context, channel string, old, next mip.Cursor) error {
	const op = "sqlite: save cursor"
	return s.write(ctx, op, mip.Ref{}, func(ctx context.Context) (then, error) {
		saved, err := cursor(ctx, s.w.cursor, channel)
		if err != nil {
			return nil, err
		}
		if saved != old {
			return nil, &mip.Error{Op: op, Kind: mip.ErrConflict}
		}
		_, err = s.w.saveCursor.ExecContext(ctx, channel, []byte(next))
		return nothing, err
	})
}
