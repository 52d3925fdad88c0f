package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/sqlite"
)

func ExampleOpen() {
	dir, err := os.MkdirTemp("", "orders")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "orders.db")

	store, err := sqlite.Open(sqlite.Config{Path: path})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = store.Close() }()

	_, err = sqlite.Open(sqlite.Config{Path: path})
	fmt.Println("a second one:", errors.Is(err, mip.ErrConflict))

	ref := mip.Ref{Channel: "shop", ID: "1001"}
	facts := mip.Facts{Ref: ref, Demand: mip.DemandShip, Lines: []mip.Line{{ID: "1", SKU: "S1", Quantity: 2}}}
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	_, err = store.Apply(context.Background(), ref, mip.Event{Kind: mip.EventImported, Facts: &facts}, at)
	if err != nil {
		log.Fatal(err)
	}
	for o, err := range store.Orders(context.Background(), mip.Query{States: []mip.State{mip.StateReceived}}) {
		fmt.Println(o.Ref, o.State, err)
	}
	// Output:
	// a second one: true
	// shop/1001 received <nil>
}
