package benchtest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/mip/miptest/benchtest"
)

func TestARatioIsOursByTheirs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // where a sleep takes exactly as long as it says
		r := testing.Benchmark(func(b *testing.B) {
			benchtest.Compare(b, func() { time.Sleep(4 * time.Millisecond) },
				benchtest.Peer{Name: "floor", Do: func() { time.Sleep(time.Millisecond) }},
				benchtest.Peer{Name: "slow", Do: func() { time.Sleep(40 * time.Millisecond) }})
		})

		assert.Equal(t, map[string]float64{
			"ns/op": 4_000_000, "x-floor": 4, "floor-ns/op": 1_000_000,
			"x-slow": 0.1, "slow-ns/op": 40_000_000,
		}, r.Extra)
	})
}

func TestTheBestTurnCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		r := testing.Benchmark(func(b *testing.B) {
			benchtest.Compare(b, func() { time.Sleep(2 * time.Millisecond) },
				benchtest.Peer{Name: "floor", Do: func() {
					time.Sleep(time.Millisecond)
					if runs++; runs%1000 == 0 { // somebody else needs the machine
						time.Sleep(time.Second)
					}
				}})
		})
		assert.EqualValues(t, 2, r.Extra["x-floor"])
	})
}
