package miptest_test

import (
	"context"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
)

// inboxBug takes methods of the inbox over.
type inboxBug struct {
	keep    func(ctx context.Context, s *memstore.Store, m mip.Message) (bool, error)
	pending func([]mip.Message) []mip.Message
	handled func(ctx context.Context, s *memstore.Store, source, id string) error
	prune   func(ctx context.Context, s *memstore.Store, before time.Time) (int, error)
}

func (b broken) Keep(ctx context.Context, m mip.Message) (bool, error) {
	if b.inbox.keep != nil {
		return b.inbox.keep(ctx, b.Store, m)
	}
	return b.Store.Keep(ctx, m)
}

func (b broken) Pending(ctx context.Context, source string, n int) ([]mip.Message, error) {
	got, err := b.Store.Pending(ctx, source, n)
	if b.inbox.pending != nil {
		got = b.inbox.pending(got)
	}
	return got, err
}

func (b broken) Handled(ctx context.Context, source, id string) error {
	if b.inbox.handled != nil {
		return b.inbox.handled(ctx, b.Store, source, id)
	}
	return b.Store.Handled(ctx, source, id)
}

func (b broken) Prune(ctx context.Context, before time.Time) (int, error) {
	if b.inbox.prune != nil {
		return b.inbox.prune(ctx, b.Store, before)
	}
	return b.Store.Prune(ctx, before)
}

func inboxBugs() map[string]func(b *broken) {
	type store = memstore.Store
	return map[string]func(b *broken){
		"every message is new": func(b *broken) {
			b.inbox.keep = func(ctx context.Context, s *store, m mip.Message) (bool, error) {
				_, err := s.Keep(ctx, m)
				return err == nil, err
			}
		},
		"a message is known by its id alone": func(b *broken) {
			b.inbox.keep = func(ctx context.Context, s *store, m mip.Message) (bool, error) {
				m.Source = "shop"
				return s.Keep(ctx, m)
			}
		},
		"any message is kept": func(b *broken) {
			b.inbox.keep = func(ctx context.Context, s *store, m mip.Message) (bool, error) {
				if m.Valid() != nil {
					return true, nil
				}
				return s.Keep(ctx, m)
			}
		},
		"the newest message comes first": func(b *broken) {
			b.inbox.pending = func(m []mip.Message) []mip.Message { slices.Reverse(m); return m }
		},
		"messages lose orders": func(b *broken) {
			b.inbox.pending = func(m []mip.Message) []mip.Message {
				for i := range m {
					m[i].Refs = m[i].Refs[:1]
				}
				return m
			}
		},
		"handled does nothing": func(b *broken) {
			b.inbox.handled = func(context.Context, *store, string, string) error { return nil }
		},
		"what was handled is forgotten at once": func(b *broken) {
			b.inbox.handled = func(ctx context.Context, s *store, source, id string) error {
				if err := s.Handled(ctx, source, id); err != nil {
					return err
				}
				_, err := s.Prune(ctx, far)
				return err
			}
		},
		"pruning asks for no time": func(b *broken) {
			b.inbox.prune = func(ctx context.Context, s *store, _ time.Time) (int, error) { return s.Prune(ctx, far) }
		},
		"pruning takes what waits": func(b *broken) {
			b.inbox.prune = func(ctx context.Context, s *store, before time.Time) (int, error) {
				waiting, err := s.Pending(ctx, "shop", 100)
				for _, m := range waiting {
					if err == nil && m.At.Before(before) {
						err = s.Handled(ctx, m.Source, m.ID)
					}
				}
				n, _ := s.Prune(ctx, before)
				return n, err
			}
		},
	}
}
