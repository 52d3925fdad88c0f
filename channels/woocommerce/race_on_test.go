//go:build race

package woocommerce_test

// usualSeeds: the race detector is slow.
const usualSeeds = 8

// usualWorlds is in how many of its shops TestChannel runs at most.
const usualWorlds = 1
