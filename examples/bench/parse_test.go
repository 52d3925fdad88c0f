package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

const printed = `goos: linux
goarch: amd64
pkg: example.test/a
cpu: AMD EPYC
BenchmarkStep/clean-2         	 3963519	       105.8 ns/op	         0.5 x-floor	       200 floor-ns/op	       0 B/op	       1 allocs/op
BenchmarkStep/clean-2         	 3963519	       100.8 ns/op	         0.7 x-floor	       210 floor-ns/op	       0 B/op	       2 allocs/op
some log line
BenchmarkPage-2               	      10	  1000000 ns/op	  12.50 MB/s
BenchmarkPage-2               	      10	  1100000 ns/op	  11.00 MB/s
--- BENCH: BenchmarkPage-2
BenchmarkNothing-2
PASS
`

func TestParseReadsWhatGoTestPrints(t *testing.T) {
	runs, cpu := parse(printed, 2)
	assert.Equal(t, "AMD EPYC", cpu)
	assert.Len(t, runs, 2)
	assert.Len(t, runs["BenchmarkStep/clean"], 2)
	assert.Equal(t, values{"ns/op": 1_000_000, "MB/s": 12.5}, runs["BenchmarkPage"][0])
}

func TestMergeTakesTheLeastTheGreatestRateAndTheMedianRatio(t *testing.T) {
	runs, _ := parse(printed, 2)
	step := merge(runs["BenchmarkStep/clean"])
	assert.InDelta(t, 0.6, step["x-floor"], 1e-9)
	assert.Equal(t, 100.8, step["ns/op"])
	assert.Equal(t, 200.0, step["floor-ns/op"])
	assert.Equal(t, 1.0, step["allocs/op"])
	assert.Equal(t, 12.5, merge(runs["BenchmarkPage"])["MB/s"])
}

func TestOneProcessorAddsNothingToTheName(t *testing.T) {
	runs, _ := parse("BenchmarkTop-2 1 5 ns/op\n", 1)
	assert.Contains(t, runs, "BenchmarkTop-2")
}
