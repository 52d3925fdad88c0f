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
// and returns how many orders it stored. What is known already is left as it is;
// the saved cursor does not move. What cannot be stored is an error, and
// hinders no other. The channel must be a [mip.Rewinder], else
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
	var bad []error
	for page, err := range ch.Orders(ctx, r.CursorAt(from)) {
		if err != nil {
			return n, fmt.Errorf("channel %s: %w", channel, errors.Join(append(bad, err)...))
		}
		stored, failed, err := e.ingestAll(ctx, channel, page.Orders)
		n += stored
		if bad = append(bad, failed...); err != nil || len(bad) > badOrders {
			return n, fmt.Errorf("channel %s: %w", channel, errors.Join(append(bad, err)...))
		}
	}
	if len(bad) > 0 {
		return n, fmt.Errorf("channel %s: %w", channel, errors.Join(bad...))
	}
	return n, nil
}

// badOrders is how many orders of one reading may turn out not to be storable
// before the store is taken to be the matter.
const badOrders = 10

// ingestAll stores the orders of a page. One that the store cannot keep, such
// as because what it has of it is damaged, is told of and does not keep the
// others out; err is a failure that has nothing to do with single orders.
func (e *Engine) ingestAll(ctx context.Context, channel string, orders []mip.Facts) (stored int, bad []error, err error) {
	for _, f := range orders {
		f = named(channel, f)
		err := e.Ingest(ctx, f)
		if err == nil {
			stored++
			continue
		}
		if kind := mip.KindOf(err); kind != mip.ErrContract && kind != mip.ErrInvalid {
			return stored, bad, err
		}
		e.failed(ctx, f.Ref, fmt.Errorf("channel %s: %w", channel, err))
		if bad = append(bad, err); len(bad) > badOrders {
			break
		}
	}
	return stored, bad, nil
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
// moves only after everything before it is stored: an order that the store
// cannot keep is an error and is read again each time, with what comes after
// it, until somebody has seen to it. What fails goes to the hooks as well, with
// the channel's name in its text.
func (e *Engine) PollChannel(ctx context.Context, name string) error {
	ch := e.channel(name)
	if ch == nil {
		return &mip.Error{Op: "engine: poll", Kind: mip.ErrNotFound, Err: fmt.Errorf("no channel %q", name)}
	}
	bad, err := e.pages(ctx, ch, name)
	if err != nil && ctx.Err() == nil {
		e.failed(ctx, about(err), fmt.Errorf("channel %s: %w", name, err))
	}
	if err = errors.Join(append(bad, err)...); err != nil {
		return fmt.Errorf("channel %s: %w", name, err)
	}
	return nil
}

// pages reads a channel to its end. bad are the orders that could not be
// stored, of which the hooks know; err is what ended it.
func (e *Engine) pages(ctx context.Context, ch mip.Channel, name string) (bad []error, err error) {
	cursor, err := e.store.Cursor(ctx, name)
	if err != nil {
		return nil, err
	}
	for page, err := range ch.Orders(ctx, cursor) {
		if err != nil {
			return bad, err
		}
		_, failed, err := e.ingestAll(ctx, name, page.Orders)
		if bad = append(bad, failed...); err != nil || len(bad) > badOrders {
			return bad, err
		}
		if page.Next == "" || page.Next == cursor || len(bad) > 0 {
			continue
		}
		if err := e.store.SaveCursor(ctx, name, cursor, page.Next); err != nil {
			return bad, err
		}
		cursor = page.Next
	}
	return bad, nil
}

// about is the order that an error is of, zero if of none.
func about(err error) mip.Ref {
	if e, ok := errors.AsType[*mip.Error](err); ok {
		return e.Ref
	}
	return mip.Ref{}
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
