//go:build !race

package woocommerce_test

// usualSeeds is how many shops are simulated unless -seeds says otherwise.
const usualSeeds = 40

// usualWorlds is in how many of its shops TestChannel runs at most.
const usualWorlds = 9
