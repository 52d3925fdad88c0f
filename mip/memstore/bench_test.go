package memstore_test

import (
	"context"
	"testing"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
)

func BenchmarkApply(b *testing.B) {
	s, ref := memstore.New(), mip.Ref{Channel: "shop", ID: "1"}
	f := mip.Facts{Ref: ref, Demand: mip.DemandShip, Lines: []mip.Line{{ID: "1", SKU: "S", Quantity: 1, Total: mip.EUR(9_99)}}}
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for b.Loop() {
		f.UpdatedAt = f.UpdatedAt.Add(time.Second)
		if _, err := s.Apply(context.Background(), ref, mip.Event{Kind: mip.EventImported, Facts: &f}, at); err != nil {
			b.Fatal(err)
		}
	}
}
