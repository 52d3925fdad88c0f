//go:build !race

package engine_test

// share divides the queues that are drained.
const share = 1
