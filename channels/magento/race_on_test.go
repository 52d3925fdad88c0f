//go:build race

package magento_test

// usualSeeds: the race detector is slow.
const usualSeeds = 6
