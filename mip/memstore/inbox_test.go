package memstore_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
)

func TestInbox(t *testing.T) {
	ctx, s := t.Context(), memstore.New()
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	message := func(source, id string, minute int) mip.Message {
		return mip.Message{Source: source, ID: id, Topic: "order.updated", At: at.Add(time.Duration(minute) * time.Minute),
			Refs: []mip.Ref{{Channel: source, ID: "1"}}}
	}
	ids := func(source string, n int) []string {
		pending, err := s.Pending(ctx, source, n)
		require.NoError(t, err)
		out := []string{}
		for _, m := range pending {
			out = append(out, m.ID)
		}
		return out
	}
	for _, m := range []mip.Message{message("shop", "b", 2), message("shop", "a", 1), message("shop", "c", 2), message("other", "a", 0)} {
		fresh, err := s.Keep(ctx, m)
		require.NoError(t, err)
		assert.True(t, fresh)
	}
	fresh, err := s.Keep(ctx, message("shop", "a", 9))
	require.NoError(t, err)
	assert.False(t, fresh, "the same id of the same source")
	assert.Equal(t, []string{"a", "b", "c"}, ids("shop", 10), "longest kept first, then as they came")
	assert.Equal(t, []string{"a"}, ids("shop", 1))

	require.NoError(t, s.Handled(ctx, "shop", "a"))
	require.NoError(t, s.Handled(ctx, "shop", "a"))
	require.NoError(t, s.Handled(ctx, "shop", "never kept"))
	assert.Equal(t, []string{"b", "c"}, ids("shop", 10))
	fresh, err = s.Keep(ctx, message("shop", "a", 1))
	require.NoError(t, err)
	assert.False(t, fresh, "handled ones stay known")

	n, err := s.Prune(ctx, at.Add(time.Hour))
	require.NoError(t, err)
	assert.Equal(t, 1, n, "only what is handled")
	fresh, err = s.Keep(ctx, message("shop", "a", 1))
	require.NoError(t, err)
	assert.True(t, fresh)

	kept, _ := s.Pending(ctx, "other", 1)
	kept[0].Refs[0].ID = "changed outside"
	again, _ := s.Pending(ctx, "other", 1)
	assert.Equal(t, "1", again[0].Refs[0].ID)
	for name, bad := range map[string]mip.Message{
		"nothing": {}, "no refs": {Source: "shop", ID: "x", At: at}, "no id": {Source: "shop", Refs: message("shop", "", 0).Refs, At: at},
	} {
		_, err := s.Keep(ctx, bad)
		assert.ErrorIs(t, err, mip.ErrInvalid, name)
	}
}
