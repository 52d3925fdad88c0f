package sqlite

import (
	"context"

	"github.com/openmip/openmip/mip"
)

// Panic writes a cursor and panics before it is committed.
func (s *Store) Panic(ctx context.Context) error {
	return s.write(ctx, "panic", mip.Ref{}, func(ctx context.Context) (func(), error) {
		if _, err := s.w.saveCursor.ExecContext(ctx, "shop", []byte("half")); err != nil {
			return nil, err
		}
		panic("planted")
	})
}
