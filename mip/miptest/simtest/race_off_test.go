//go:build !race

package simtest

// share of the worlds that fit into the time: all.
const share = 1
