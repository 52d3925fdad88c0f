package engine_test

import (
	"bytes"
	"context"
	"iter"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/memstore"
)

// closed is a channel that cannot be read.
type closed struct{ *shop }

func (closed) Name() string { return "other" }

func (closed) Orders(context.Context, mip.Cursor) iter.Seq2[mip.Page, error] {
	return func(yield func(mip.Page, error) bool) {
		yield(mip.Page{}, &mip.Error{Op: "list orders", Kind: mip.ErrUnauthorized})
	}
}

// cursorless is a store that keeps orders and no cursor.
type cursorless struct{ *memstore.Store }

func (cursorless) SaveCursor(context.Context, string, mip.Cursor, mip.Cursor) error {
	return &mip.Error{Op: "save cursor", Kind: mip.ErrUnavailable}
}

func TestAReadingThatFailsSaysWhichChannel(t *testing.T) {
	var told []string
	var lines bytes.Buffer
	hooks := engine.Hooks{Failure: func(_ context.Context, ref mip.Ref, err error) { told = append(told, ref.Channel+": "+err.Error()) }}
	in(t, "to the caller, the hook and the log, and the others are read", func(c *engine.Config) {
		told = nil
		c.Channels = append([]mip.Channel{closed{}}, c.Channels...)
		c.Hooks, c.Logger = hooks, slog.New(slog.NewTextHandler(&lines, nil))
	}, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		err := w.eng.Poll(t.Context())
		require.ErrorIs(t, err, mip.ErrUnauthorized)
		assert.Equal(t, []string{": " + err.Error()}, told)
		assert.Contains(t, err.Error(), "channel other: ")
		assert.Contains(t, lines.String(), "msg=failed error=\"channel other: ", "and no order without a name")
		assert.Equal(t, mip.StateReceived, w.order(ref).State)
	})
	in(t, "also where it is the store that fails", func(c *engine.Config) {
		told, c.Hooks = nil, hooks
		c.Store = cursorless{c.Store.(*memstore.Store)}
	}, func(t *testing.T, w *world) {
		w.buy("1", 1)
		err := w.eng.Poll(t.Context())
		require.ErrorIs(t, err, mip.ErrUnavailable)
		assert.Equal(t, []string{": " + err.Error()}, told)
	})
}
