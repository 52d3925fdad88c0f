//go:build race

package shopify_test

// usualWorlds is in how many of its shops TestChannel runs at most: the race
// detector is slow.
const usualWorlds = 1

// usualSeeds is how many shops are simulated.
const usualSeeds = 6
