package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/openmip/openmip/mip"
)

// Ingest is the one door for what channels say of an order: polling, webhooks,
// back-fills and manual imports all come through it. The same facts again
// change nothing. When it returns nil the facts are stored.
func (e *Engine) Ingest(ctx context.Context, f mip.Facts) error {
	return e.tell(ctx, f.Ref, mip.Event{
		Kind: mip.EventImported, Actor: mip.ActorChannel, Facts: &f, Next: e.now().Add(e.coolOff),
	})
}

// Import fetches one order by the channel's id and ingests it. The channel
// must be a [mip.Getter], else [errors.ErrUnsupported].
func (e *Engine) Import(ctx context.Context, ref mip.Ref) error {
	ch := e.channel(ref.Channel)
	if ch == nil {
		return &mip.Error{Op: "engine: import", Ref: ref, Kind: mip.ErrNotFound, Err: errors.New("no such channel")}
	}
	g, ok := ch.(mip.Getter)
	if !ok {
		return &mip.Error{Op: "engine: import", Ref: ref, Kind: mip.ErrInvalid, Err: errors.ErrUnsupported}
	}
	ctx, cancel := context.WithTimeout(ctx, e.timing.Call)
	defer cancel()
	f, err := g.Order(ctx, ref.ID)
	if err != nil {
		return err
	}
	return e.Ingest(ctx, f)
}

// Backfill reads a channel anew from a point in time, by the channel's clock,
// and returns how many orders it saw. What is known already is left as it is;
// the saved cursor does not move. The channel must be a [mip.Rewinder], else
// [errors.ErrUnsupported].
func (e *Engine) Backfill(ctx context.Context, channel string, from time.Time) (int, error) {
	ch := e.channel(channel)
	if ch == nil {
		return 0, &mip.Error{Op: "engine: backfill", Kind: mip.ErrNotFound, Err: fmt.Errorf("no channel %q", channel)}
	}
	r, ok := ch.(mip.Rewinder)
	if !ok {
		return 0, &mip.Error{Op: "engine: backfill", Kind: mip.ErrInvalid, Err: errors.ErrUnsupported}
	}
	n := 0
	for page, err := range ch.Orders(ctx, r.CursorAt(from)) {
		if err != nil {
			return n, fmt.Errorf("channel %s: %w", channel, err)
		}
		for _, f := range page.Orders {
			if err := e.Ingest(ctx, named(channel, f)); err != nil {
				return n, fmt.Errorf("channel %s: %w", channel, err)
			}
			n++
		}
	}
	return n, nil
}

// Poll reads every channel once. One channel's failure does not stop the
// others; all failures are returned joined.
func (e *Engine) Poll(ctx context.Context) error {
	var all []error
	for _, ch := range e.channels {
		if err := e.PollChannel(ctx, ch.Name()); err != nil {
			all = append(all, err)
		}
	}
	return errors.Join(all...)
}

// PollChannel reads one channel account from its saved cursor. The cursor
// moves only after everything before it is stored. What fails goes to the
// hooks as well, with the channel's name in its text.
func (e *Engine) PollChannel(ctx context.Context, name string) error {
	ch := e.channel(name)
	if ch == nil {
		return &mip.Error{Op: "engine: poll", Kind: mip.ErrNotFound, Err: fmt.Errorf("no channel %q", name)}
	}
	about, err := e.pages(ctx, ch, name)
	if err == nil {
		return nil
	}
	err = fmt.Errorf("channel %s: %w", name, err)
	if ctx.Err() == nil {
		e.failed(ctx, about, err)
	}
	return err
}

// pages reads a channel to its end. about is the order that it ended at, zero
// if at none.
func (e *Engine) pages(ctx context.Context, ch mip.Channel, name string) (about mip.Ref, err error) {
	cursor, err := e.store.Cursor(ctx, name)
	if err != nil {
		return mip.Ref{}, err
	}
	for page, err := range ch.Orders(ctx, cursor) {
		if err != nil {
			return mip.Ref{}, err
		}
		for _, f := range page.Orders {
			if err := e.Ingest(ctx, named(name, f)); err != nil {
				return f.Ref, err
			}
		}
		if page.Next == "" || page.Next == cursor {
			continue
		}
		if err := e.store.SaveCursor(ctx, name, cursor, page.Next); err != nil {
			return mip.Ref{}, err
		}
		cursor = page.Next
	}
	return mip.Ref{}, nil
}

// named makes sure that even an order without a usable id leaves a record,
// under a digest of what was read.
func named(channel string, f mip.Facts) mip.Facts {
	f.Ref.Channel = channel
	if f.Ref.Valid() == nil {
		return f
	}
	sum := sha256.Sum256(append([]byte(f.Ref.ID+"\x00"+f.Number+"\x00"), f.Raw...))
	f.Ref.ID = "unreadable-" + hex.EncodeToString(sum[:8])
	f.Defects = append(f.Defects, mip.Finding{Code: mip.CodeUnreadable, Path: "id", Severity: mip.Blocking})
	return f
}
