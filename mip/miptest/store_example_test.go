package miptest_test

import (
	"context"
	"fmt"

	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/mip/miptest"
)

// The checks run anywhere, each on an empty store of its own. In a test,
// [miptest.TestStore] does the same in one call.
func ExampleStoreChecks() {
	broken := 0
	for _, c := range miptest.StoreChecks() {
		if err := c.Run(context.Background(), memstore.New()); err != nil {
			fmt.Println(c.Name, "–", c.Why, "–", err)
			broken++
		}
	}
	fmt.Println("promises broken:", broken)
	// Output:
	// promises broken: 0
}
