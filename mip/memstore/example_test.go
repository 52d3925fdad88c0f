package memstore_test

import (
	"context"
	"fmt"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
)

func Example() {
	ctx, store := context.Background(), memstore.New()
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	ref := mip.Ref{Channel: "shop", ID: "1001"}
	facts := mip.Facts{Ref: ref, Demand: mip.DemandShip, Lines: []mip.Line{{ID: "1", SKU: "S1", Quantity: 2}}}

	res, err := store.Apply(ctx, ref, mip.Event{Kind: mip.EventImported, Actor: mip.ActorChannel, Facts: &facts}, at)
	fmt.Println(res.Order.State, err)

	leases, err := store.Lease(ctx, at, at.Add(time.Minute), 10)
	for _, l := range leases {
		fmt.Println(l.Kind, l.Ref, err)
		fmt.Println(store.Done(ctx, l))
	}
	// Output:
	// received <nil>
	// check shop/1001 <nil>
	// <nil>
}
