//go:build !race

package clustertest_test

// few is how many orders make a test.
const few = 80
