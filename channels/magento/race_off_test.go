//go:build !race

package magento_test

// usualSeeds is how many shops are simulated unless -seeds says otherwise.
const usualSeeds = 15
