//go:build race

package woocommerce_test

// usualSeeds: the race detector is slow.
const usualSeeds = 8
