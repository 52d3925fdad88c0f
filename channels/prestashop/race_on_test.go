//go:build race

package prestashop_test

// The race detector is slow.
const shops, nights = 6, 1
