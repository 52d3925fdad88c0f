//go:build !race

package woocommerce_test

// usualSeeds is how many shops are simulated unless -seeds says otherwise.
const usualSeeds = 40
