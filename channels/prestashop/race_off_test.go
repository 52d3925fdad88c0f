//go:build !race

package prestashop_test

// How many shops are simulated, and how many nights for each zone and edge.
const shops, nights = 40, 3
