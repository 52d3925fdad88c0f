//go:build !race

package prestashop_test

// How many shops are simulated, and how many nights for each zone and edge.
const shops, nights = 40, 3

// usualWorlds is in how many of its shops TestChannel runs at most.
const usualWorlds = 9
