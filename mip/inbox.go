package mip

import (
	"context"
	"time"
)

// Inbox is a store's ability to keep what channels push until somebody has
// fetched the orders named. Ids, topics and refs only: no bodies, no headers,
// no personal data. Implementations are safe for concurrent use, and a message
// that was kept outlives the process as orders do.
type Inbox interface {
	// Keep stores a message that is not handled yet; nil means committed. If
	// the source has one of that ID, handled or not, nothing changes and fresh
	// is false. A message that breaks its form is [ErrInvalid].
	Keep(ctx context.Context, m Message) (fresh bool, err error)
	// Pending returns up to n messages of a source that are not handled,
	// longest kept first.
	Pending(ctx context.Context, source string, n int) ([]Message, error)
	// Handled says that a message needs nothing more; repeatable, also for one
	// that was never kept.
	Handled(ctx context.Context, source, id string) error
	// Prune removes handled messages that came before a time, and returns how
	// many. Until then their IDs are known.
	Prune(ctx context.Context, before time.Time) (int, error)
}

// Message is one verified [Delivery] as an [Inbox] keeps it.
type Message struct {
	Source string    // the channel account that pushed it
	ID     string    // of the delivery, within the source; 1–128 bytes
	Topic  string    // the channel's word; at most 128 bytes
	Refs   []Ref     // orders to fetch; at least one
	At     time.Time // when it came, our clock, UTC
}

// Valid returns an [ErrInvalid] error unless every part has its form.
func (m Message) Valid() error {
	err := ValidChannelName(m.Source)
	if err == nil && (m.ID == "" || len(m.ID) > 128 || len(m.Topic) > 128 || len(m.Refs) == 0 || m.At.IsZero()) {
		err = &Error{Op: "message", Kind: ErrInvalid}
	}
	for _, r := range m.Refs {
		if err == nil {
			err = r.Valid()
		}
	}
	return err
}
