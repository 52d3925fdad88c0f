//go:build race

package clustertest_test

// few is how many orders make a test: the race detector is slow.
const few = 40
