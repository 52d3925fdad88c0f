package memstore

import (
	"context"

	"github.com/openmip/openmip/mip"
)

// Cursor implements [mip.Cursors].
func (s *Store) Cursor(ctx context.Context, channel string) (mip.Cursor, error) {
	if err := alive(ctx, "memstore: cursor", mip.Ref{}); err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cursors[channel], nil
}

// SaveCursor implements [mip.Cursors].
func (s *Store) SaveCursor(ctx context.Context, channel string, old, next mip.Cursor) error {
	const op = "memstore: save cursor"
	if err := alive(ctx, op, mip.Ref{}); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cursors[channel] != old {
		return &mip.Error{Op: op, Kind: mip.ErrConflict}
	}
	s.cursors[channel] = next
	return nil
}
