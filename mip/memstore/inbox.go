package memstore

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

var _ mip.Inbox = (*Store)(nil)

// address names one message.
type address struct{ source, id string }

// letter is one message with its place in the order of arrival.
type letter struct {
	mip.Message
	number  int
	handled bool
}

// Keep implements [mip.Inbox].
func (s *Store) Keep(ctx context.Context, m mip.Message) (bool, error) {
	if err := alive(ctx, "memstore: keep", mip.Ref{}); err != nil {
		return false, err
	}
	if err := m.Valid(); err != nil {
		return false, err
	}
	m.Refs, m.At = slices.Clone(m.Refs), m.At.UTC().Round(0)
	s.mu.Lock()
	defer s.mu.Unlock()
	at := address{m.Source, m.ID}
	if _, known := s.inbox[at]; known {
		return false, nil
	}
	s.letters++
	s.inbox[at] = &letter{Message: m, number: s.letters}
	return true, nil
}

// Pending implements [mip.Inbox].
func (s *Store) Pending(ctx context.Context, source string, n int) ([]mip.Message, error) {
	if err := alive(ctx, "memstore: pending", mip.Ref{}); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var open []*letter
	for at, l := range s.inbox {
		if at.source == source && !l.handled {
			open = append(open, l)
		}
	}
	slices.SortFunc(open, func(a, b *letter) int { return cmp.Or(a.At.Compare(b.At), a.number-b.number) })
	var out []mip.Message
	for _, l := range open[:min(max(n, 0), len(open))] {
		m := l.Message
		m.Refs = slices.Clone(m.Refs)
		out = append(out, m)
	}
	return out, nil
}

// Handled implements [mip.Inbox].
func (s *Store) Handled(ctx context.Context, source, id string) error {
	if err := alive(ctx, "memstore: handled", mip.Ref{}); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.inbox[address{source, id}]; l != nil {
		l.handled = true
	}
	return nil
}

// Prune implements [mip.Inbox].
func (s *Store) Prune(ctx context.Context, before time.Time) (int, error) {
	if err := alive(ctx, "memstore: prune", mip.Ref{}); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for at, l := range s.inbox {
		if l.handled && l.At.Before(before) {
			delete(s.inbox, at)
			n++
		}
	}
	return n, nil
}
