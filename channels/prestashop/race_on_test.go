//go:build race

package prestashop_test

// The race detector is slow.
const shops, nights = 6, 1

// usualWorlds is in how many of its shops TestChannel runs at most.
const usualWorlds = 1
