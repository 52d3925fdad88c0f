package engine_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/memstore"
)

// spoilt is a store that cannot read one order any more, such as after damage
// or when a newer program wrote it.
type spoilt struct {
	*memstore.Store
	ref mip.Ref
	all bool
}

func (s *spoilt) bad(ref mip.Ref) error {
	if ref == s.ref || s.all {
		return &mip.Error{Op: "test: read order", Ref: ref, Kind: mip.ErrContract}
	}
	return nil
}

// Order implements mip.Store.
func (s *spoilt) Order(ctx context.Context, ref mip.Ref) (mip.Order, error) {
	if err := s.bad(ref); err != nil {
		return mip.Order{}, err
	}
	return s.Store.Order(ctx, ref)
}

// Apply implements mip.Store.
func (s *spoilt) Apply(ctx context.Context, ref mip.Ref, e mip.Event, at time.Time) (mip.Result, error) {
	if err := s.bad(ref); err != nil {
		return mip.Result{}, err
	}
	return s.Store.Apply(ctx, ref, e, at)
}

func TestAnOrderThatTheStoreCannotReadHindersNobody(t *testing.T) {
	var store *spoilt
	var told []mip.Ref
	setup := func(c *engine.Config) {
		store, told = &spoilt{Store: c.Store.(*memstore.Store)}, nil
		c.Store = store
		c.Hooks.Failure = func(_ context.Context, ref mip.Ref, _ error) { told = append(told, ref) }
	}
	in(t, "new orders are imported and bought, the cursor waits, and it is told", setup, func(t *testing.T, w *world) {
		bad := w.buy("1", 1)
		w.sync()
		cursor, err := w.store.Cursor(t.Context(), "shop")
		require.NoError(t, err)
		store.ref = bad
		w.change(bad, func(f *mip.Facts) { f.Note = "new" })
		good := w.buy("2", 1)
		require.ErrorIs(t, w.eng.Sync(t.Context()), mip.ErrContract)
		assert.Equal(t, mip.StateSubmitted, w.order(good).State)
		assert.Contains(t, told, bad)
		after, err := w.store.Cursor(t.Context(), "shop")
		require.NoError(t, err)
		assert.Equal(t, cursor, after, "what could not be stored is read again")
		store.ref = mip.Ref{}
		w.sync()
		assert.Equal(t, "new", w.order(bad).Note)
		after, err = w.store.Cursor(t.Context(), "shop")
		require.NoError(t, err)
		assert.NotEqual(t, cursor, after)
	})
	in(t, "a back-fill brings the others, and says so", func(c *engine.Config) {
		setup(c)
		c.Channels = []mip.Channel{rewound{c.Channels[0].(*shop)}}
	}, func(t *testing.T, w *world) {
		store.ref = w.buy("1", 1)
		good := w.buy("2", 1)
		n, err := w.eng.Backfill(t.Context(), "shop", time.Now())
		require.ErrorIs(t, err, mip.ErrContract)
		assert.Equal(t, 1, n)
		assert.Equal(t, mip.StateReceived, w.order(good).State)
	})
	in(t, "a store that can read none is not asked for all of them", setup, func(t *testing.T, w *world) {
		for i := range 30 {
			w.buy(strconv.Itoa(i), 1)
		}
		store.all = true
		require.ErrorIs(t, w.eng.PollChannel(t.Context(), "shop"), mip.ErrContract)
		assert.Len(t, told, 11)
		cursor, err := w.store.Cursor(t.Context(), "shop")
		require.NoError(t, err)
		assert.Empty(t, cursor)
	})
}

// rewound is a shop that can be read anew.
type rewound struct{ *shop }

func (rewound) CursorAt(time.Time) mip.Cursor { return "" }
