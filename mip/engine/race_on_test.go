//go:build race

package engine_test

// share divides the queues that are drained: the race detector is slow.
const share = 5
