package miptest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
)

func inboxChecks() []StoreCheck {
	return []StoreCheck{
		{"a message is new once", "senders repeat, and a repetition must not be worked on again", messageOnce},
		{"one of many who keep a message at once finds it new", "two processes must not both work on one delivery", messageRace},
		{"what is not handled is pending, the longest kept first", "a message must not be lost because its receiver died", messagesPend},
		{"only handled messages are pruned", "tidying up must not lose a message", messagesPrune},
		{"a message that cannot be kept is refused", "an endless or unnamed message must not fill the store", messagesHaveForm},
	}
}

func inbox(s mip.Store) (mip.Inbox, error) {
	in, ok := s.(mip.Inbox)
	if !ok {
		return nil, fmt.Errorf("the store is no mip.Inbox: %w", errors.ErrUnsupported)
	}
	return in, nil
}

func message(source string, n int) mip.Message {
	return mip.Message{Source: source, ID: fmt.Sprintf("é%d", n), Topic: "order.updated", At: minute(n),
		Refs: []mip.Ref{{Channel: source, ID: fmt.Sprint("é", 1000+n)}, {Channel: source, ID: "2"}}}
}

// keeps notes a breach unless keeping m tells whether it is new.
func (b *breaches) keeps(ctx context.Context, in mip.Inbox, m mip.Message, want bool, what string) {
	fresh, err := in.Keep(ctx, m)
	b.that(err == nil && fresh == want, "%s: want new %t, got %t, %v", what, want, fresh, err)
}

// pending notes a breach unless these messages of a source wait, in this order.
func (b *breaches) pending(ctx context.Context, in mip.Inbox, source string, n int, want ...mip.Message) {
	got, err := in.Pending(ctx, source, n)
	same := func(x, y mip.Message) bool {
		return x.Source == y.Source && x.ID == y.ID && x.Topic == y.Topic && slices.Equal(x.Refs, y.Refs) && x.At.Equal(y.At)
	}
	b.that(err == nil && slices.EqualFunc(got, want, same), "want pending %v, got %v, %v", want, got, err)
}

func messageOnce(ctx context.Context, s mip.Store) error {
	in, err := inbox(s)
	if err != nil {
		return err
	}
	var found breaches
	first, again := message("shop", 1), message("shop", 1)
	again.Topic, again.Refs, again.At = "other", message("shop", 7).Refs, minute(9)
	found.keeps(ctx, in, first, true, "the first")
	found.keeps(ctx, in, again, false, "a repetition")
	found.keeps(ctx, in, message("shop2", 1), true, "the same id from somebody else")
	found.pending(ctx, in, "shop", 9, first)
	found.pending(ctx, in, "shop2", 9, message("shop2", 1))
	found.kind(in.Handled(ctx, "shop", first.ID), nil, "handled")
	found.keeps(ctx, in, again, false, "a repetition of what was handled")
	found.pending(ctx, in, "shop", 9)
	found.pending(ctx, in, "shop2", 9, message("shop2", 1))
	return found.err()
}

func messageRace(ctx context.Context, s mip.Store) error {
	in, err := inbox(s)
	if err != nil {
		return err
	}
	var found breaches
	won, lost := tally(together(crowd, func(int) error {
		fresh, err := in.Keep(ctx, message("shop", 1))
		if err == nil && !fresh {
			return mip.ErrConflict
		}
		return err
	}))
	found.that(won == 1 && lost[mip.ErrConflict] == crowd-1, "want one new message and %d repetitions, got %d and %v", crowd-1, won, lost)
	found.pending(ctx, in, "shop", 9, message("shop", 1))
	return found.err()
}

func messagesPend(ctx context.Context, s mip.Store) error {
	in, err := inbox(s)
	if err != nil {
		return err
	}
	var found breaches
	found.pending(ctx, in, "shop", 9)
	for _, n := range []int{3, 1, 2} {
		found.keeps(ctx, in, message("shop", n), true, "a message")
	}
	found.pending(ctx, in, "shop", 9, message("shop", 1), message("shop", 2), message("shop", 3))
	found.pending(ctx, in, "shop", 2, message("shop", 1), message("shop", 2))
	found.pending(ctx, in, "shop", 0)
	found.kind(in.Handled(ctx, "shop", message("shop", 1).ID), nil, "handled")
	found.kind(in.Handled(ctx, "shop", message("shop", 1).ID), nil, "handled again")
	found.kind(in.Handled(ctx, "shop", "unknown"), nil, "an unknown message handled")
	found.kind(in.Handled(ctx, "shop2", message("shop", 3).ID), nil, "somebody else's message handled")
	found.pending(ctx, in, "shop", 9, message("shop", 2), message("shop", 3))
	found.keeps(ctx, in, message("shop2", 3), true, "a message that was called handled before it came")
	return found.err()
}

func messagesPrune(ctx context.Context, s mip.Store) error {
	in, err := inbox(s)
	if err != nil {
		return err
	}
	var found breaches
	for n := range 4 {
		found.keeps(ctx, in, message("shop", n), true, "a message")
		if n != 1 {
			found.kind(in.Handled(ctx, "shop", message("shop", n).ID), nil, "handled")
		}
	}
	n, err := in.Prune(ctx, minute(2))
	found.that(err == nil && n == 1, "want one pruned, the handled one before minute 2, got %d, %v", n, err)
	found.pending(ctx, in, "shop", 9, message("shop", 1))
	found.keeps(ctx, in, message("shop", 2), false, "a repetition of one not pruned")
	found.keeps(ctx, in, message("shop", 0), true, "a repetition of the pruned one")
	n, err = in.Prune(ctx, start)
	found.that(err == nil && n == 0, "want none pruned, got %d, %v", n, err)
	return found.err()
}

func messagesHaveForm(ctx context.Context, s mip.Store) error {
	in, err := inbox(s)
	if err != nil {
		return err
	}
	var found breaches
	long := strings.Repeat("x", 128)
	longest := message("shop", 1)
	longest.ID, longest.Topic = long, long
	found.keeps(ctx, in, longest, true, "one as long as may be")
	bad := func(change func(m *mip.Message)) mip.Message {
		m := message("shop", 2)
		change(&m)
		return m
	}
	for what, m := range map[string]mip.Message{
		"no source":     bad(func(m *mip.Message) { m.Source = "" }),
		"no id":         bad(func(m *mip.Message) { m.ID = "" }),
		"a long id":     bad(func(m *mip.Message) { m.ID = long + "x" }),
		"a long topic":  bad(func(m *mip.Message) { m.Topic = long + "x" }),
		"no order":      bad(func(m *mip.Message) { m.Refs = nil }),
		"no such order": bad(func(m *mip.Message) { m.Refs[1].ID = "" }),
		"no time":       bad(func(m *mip.Message) { m.At = time.Time{} }),
	} {
		fresh, err := in.Keep(ctx, m)
		found.kind(err, mip.ErrInvalid, "a message with "+what)
		found.that(!fresh, "a message with %s was kept", what)
	}
	found.pending(ctx, in, "shop", 9, longest)
	return found.err()
}
