package mip_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

// The channel's clock ran two hours ahead when the order was imported; what it
// says ten minutes later is newer, whatever it is dated, if its clock was set
// back meanwhile.
func TestNewsByAClockThatWasSetBack(t *testing.T) {
	for name, c := range map[string]struct {
		known, news int // minutes after noon, by the channel's clock
		taken       bool
	}{
		"set back": {120, 10, true}, "set back, and dated before": {120, -30, true}, "set back to a little ahead of ours": {120, 14, true},
		"always ahead, and older": {120, 100, false}, "always right, and older": {9, 4, false},
		"always ahead, and newer": {120, 130, true}, "without a date": {120, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			step := func(o mip.Order, minutes int, f mip.Facts) mip.Order {
				r, err := mip.Step(o, imported(f), noon.Add(time.Duration(minutes)*time.Minute))
				if err == nil {
					r.Order.Version++
					return r.Order
				}
				require.ErrorIs(t, err, mip.ErrIgnored)
				return o
			}
			news := said(c.news, cancelled)
			if c.news == 0 {
				news.UpdatedAt = time.Time{}
			}
			o := step(step(mip.Order{Facts: mip.Facts{Ref: ref1}}, 0, said(c.known, nil)), 10, news)
			assert.Equal(t, c.taken, o.State == mip.StateCancelled)

			o = step(mip.Order{Facts: mip.Facts{Ref: ref1}}, 0, said(c.known, cancelled))
			again := step(o, 10, said(c.news, nil))
			assert.Equal(t, c.taken, again.State == mip.StatePendingReview, "wanted again, and a person is asked")
			assert.Equal(t, again, step(again, 11, said(c.news, nil)), "the same again is no news")
		})
	}
}
