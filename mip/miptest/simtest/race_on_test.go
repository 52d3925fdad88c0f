//go:build race

package simtest

// share of the worlds that fit into the time: the race detector is slow.
const share = 40
