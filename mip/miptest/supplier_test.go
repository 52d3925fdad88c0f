package miptest_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest"
)

func TestDepotIsASupplier(t *testing.T) {
	miptest.TestSupplier(t, func(testing.TB) miptest.Vendor { return newDepot("").vendor() })
}

// complaints runs the suite over depots with one bug and returns the checks
// that found it, with what they found.
func complaints(t *testing.T, bug string) []string {
	t.Helper()
	var out []string
	for _, c := range miptest.SupplierChecks() {
		synctest.Test(t, func(t *testing.T) {
			if err := c.Run(t.Context(), newDepot(bug).vendor()); err != nil {
				out = append(out, fmt.Sprintf("%s: %v", c.Name, err))
			}
		})
	}
	return out
}

func TestSupplierSuite(t *testing.T) {
	t.Run("a supplier without a bug passes", func(t *testing.T) {
		assert.Empty(t, complaints(t, ""))
	})
	for _, bug := range []string{
		"a check buys", "a check uses the reference up", "a check changes the purchase", "a refused check is an error", "a check hides its failure",
		"no total", "a part without tax", "shipping comes on top", "costs nothing",
		"a refusal without a code", "a refusal without a path", "a refusal that holds nothing", "money never clears",
		"money under another code", "sells on credit", "sells what it refuses",
		"takes any payment", "takes no reference", "an invalid purchase is refused",
		"a lost answer is an outage", "a lost answer is a refusal", "a lost answer is a success", "a lost answer is tried again",
		"a failure is no doubt", "no connection is doubt", "a rate limit is an outage", "a wrong key is a refusal", "deaf to its context",
		"a leak in an error", "the key in an error", "an error of its own",
		"forgets references", "known is refused", "known is fresh", "known under another id",
		"the second id is lost", "an id twice", "parts are refused as a whole", "parts are bought in silence", "its own reference",
		"every part has all pieces", "the last quantity counts", "one of each", "made is sent",
		"loses the telephone number", "loses the second line", "cuts the street",
		"finds by the beginning", "a failed look-up finds nothing", "nothing is an error", "finds something", "finds nothing",
		"vouches for nothing", "half is complete", "finds other pieces",
		"no ids are all ids", "failed tracking is no news", "the first fifty only", "a stranger stops all", "a stranger is delivered",
		"twice asked, twice told", "knows no placement", "asked is sent", "never ends",
		"no carrier", "no number", "a parcel is its number", "one parcel for all", "parcels without the order's id", "one parcel each",
		"looks, then sells", "answers go astray",
		"an outage is no money", "the balance of yesterday", "a carrier without a name", "unknown products are left out", "every product is known",
		"opens without its pieces", "opens what is not there",
	} {
		t.Run("it finds: "+bug, func(t *testing.T) {
			assert.NotEmpty(t, complaints(t, bug))
		})
	}
	t.Run("what a vendor does not have is not asked of it", func(t *testing.T) {
		unsupported := 0
		for _, c := range miptest.SupplierChecks() {
			synctest.Test(t, func(t *testing.T) {
				v := newDepot("").vendor()
				plain := miptest.Vendor{Supplier: struct{ mip.Supplier }{v.Supplier}, Purchase: v.Purchase, Sold: v.Sold}
				if err := c.Run(t.Context(), plain); errors.Is(err, errors.ErrUnsupported) {
					unsupported++
				} else {
					assert.NoError(t, err, c.Name)
				}
			})
		}
		assert.Equal(t, len(miptest.SupplierChecks())-15, unsupported, "fifteen checks need no hook")
	})
}
