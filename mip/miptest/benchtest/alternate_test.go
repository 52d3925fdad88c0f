package benchtest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/mip/miptest/benchtest"
)

func TestSidesThatAlternateAreComparedByTheirMedians(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		r := testing.Benchmark(func(b *testing.B) {
			benchtest.Alternate(b, func() {
				time.Sleep(4 * time.Millisecond)
				if runs++; runs%10 == 0 { // the disk is busy
					time.Sleep(time.Second)
				}
			}, benchtest.Peer{Name: "floor", Do: func() { time.Sleep(2 * time.Millisecond) }})
		})
		assert.Equal(t, map[string]float64{"x-floor": 2, "floor-ns/op": 2_000_000}, r.Extra)
		assert.Greater(t, r.NsPerOp(), int64(4_000_000), "the operation's own time is the mean")
	})
}
