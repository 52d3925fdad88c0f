package engine

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/mip"
)

func TestFailuresInARowAreCounted(t *testing.T) {
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	l := mip.Lease{Effect: mip.Effect{Kind: mip.EffectTrack, Ref: mip.Ref{Channel: "shop", ID: "1"}}, Tries: 40, Since: at.Add(-48 * time.Hour)}
	t.Run("from the first of them", func(t *testing.T) {
		var tr trouble
		for n := range 3 {
			got := tr.failed(l, at.Add(time.Duration(n)*time.Hour))
			assert.Equal(t, n, got.Tries)
			assert.Equal(t, at, got.Since)
		}
		tr.over(l)
		assert.Zero(t, tr.failed(l, at.Add(4*time.Hour)).Tries, "what came through ends them")
	})
	t.Run("and one a day after the last begins anew: another process may have come through", func(t *testing.T) {
		var tr trouble
		tr.failed(l, at)
		got := tr.failed(l, at.Add(4*24*time.Hour))
		assert.Zero(t, got.Tries)
		assert.Equal(t, at.Add(4*24*time.Hour), got.Since)
	})
	t.Run("and what is long past is not kept", func(t *testing.T) {
		var tr trouble
		for n := range 10_000 {
			l.Ref.ID = strconv.Itoa(n)
			tr.failed(l, at.Add(time.Duration(n)*time.Hour))
		}
		assert.Less(t, len(tr.since), 2_000)
	})
	t.Run("of what asks again and again only", func(t *testing.T) {
		var tr trouble
		other := l
		other.Kind = mip.EffectReport
		assert.Equal(t, other, tr.failed(other, at))
	})
}
