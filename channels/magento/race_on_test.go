//go:build race

package magento_test

// usualSeeds: the race detector is slow.
const usualSeeds = 6

// usualWorlds is in how many of its shops TestChannel runs at most.
const usualWorlds = 1
