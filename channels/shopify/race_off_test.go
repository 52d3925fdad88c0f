//go:build !race

package shopify_test

// usualWorlds is in how many of its shops TestChannel runs at most.
const usualWorlds = 9

// usualSeeds is how many shops are simulated.
const usualSeeds = 25
