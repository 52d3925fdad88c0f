package sqlite

import (
	"context"

	"github.com/openmip/openmip/mip"
)

// Panic writes a cursor and panics before it is committed.
func (s *Store) Panic(ctx context.Context) error {
	return s.write(ctx, "panic", mip.Ref{}, func(ctx context.Context) (then, error) {
		if _, err := s.w.saveCursor.ExecContext(ctx, "shop", []byte("half")); err != nil {
			return nil, err
		}
		panic("planted")
	})
}

// Pragma returns a setting of the connection that writes.
func (s *Store) Pragma(ctx context.Context, name string) (value string, err error) {
	err = s.w.conn.QueryRowContext(ctx, "PRAGMA "+name).Scan(&value)
	return value, err
}

// Plans returns how SQLite would run the listings of q.
func (s *Store) Plans(ctx context.Context, q mip.Query) ([]string, error) {
	var out []string
	for _, l := range s.listings(q) {
		text, args := l.query()
		rows, err := s.readers.QueryContext(ctx, "EXPLAIN QUERY PLAN "+text, args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				return nil, err
			}
			out = append(out, detail)
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	return out, nil
}
