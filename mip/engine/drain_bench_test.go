package engine_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/mip/sqlite"
)

// BenchmarkDrain reports how long 1,000 held orders take after a top-up, as a
// ratio to BigBuy's limit of one order each second, in virtual time. The real
// time per operation is what all of it costs, importing included.
func BenchmarkDrain(b *testing.B) {
	for _, file := range []bool{false, true} {
		b.Run(map[bool]string{false: "memory", true: "file"}[file], func(b *testing.B) {
			n, ratio := 1000, 0.0
			if testing.Short() {
				n = 100
			}
			for i := range b.N {
				path := filepath.Join(b.TempDir(), fmt.Sprint(i))
				drained := testing.RunTests(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: b.Name(),
					F: func(t *testing.T) { ratio = drainCase{held: n, paid: n, file: file}.play(t, path) }}})
				require.True(b, drained)
			}
			b.ReportMetric(ratio, "x-limit")
		})
	}
}

// BenchmarkLook is one look at an empty purse while 2,000 orders wait for
// money, and what 8,000 others add to it. With -short there are fewer.
func BenchmarkLook(b *testing.B) {
	file, err := sqlite.Open(sqlite.Config{Path: filepath.Join(b.TempDir(), "mip.db")})
	require.NoError(b, err)
	defer func() { require.NoError(b, file.Close()) }()
	scale := 1
	if testing.Short() {
		scale = 20
	}
	for name, store := range map[string]mip.Store{"memory": memstore.New(), "file": file} {
		held := mip.Finding{Code: mip.CodeInsufficientFunds, Severity: mip.Blocking, AutoClear: true,
			Params: map[string]string{"available": "0.00", "needed": "10.00", "currency": "EUR"}}
		supply := &warehouse{balance: mip.EUR(0)}
		pays := &purse{name: "wallet", w: supply, ledger: store}
		eng := must(engine.New(engine.Config{Supplier: supply, Payments: []mip.Payment{pays}, Store: store}))
		put := func(n int, state string) {
			for i := range n {
				f := (&drain{}).fill(mip.Facts{Ref: mip.Ref{Channel: "shop", ID: fmt.Sprint(state, i)}, Demand: mip.DemandShip, Total: mip.EUR(60_00)})
				_, err := store.Apply(b.Context(), f.Ref, mip.Event{Kind: mip.EventImported, Facts: &f}, time.Now())
				require.NoError(b, err)
				e := mip.Event{Kind: mip.EventHeld, Version: 1, Quote: &mip.Quote{Total: mip.EUR(10_00)}, Findings: []mip.Finding{held}}
				if state == "gone" {
					e = mip.Event{Kind: mip.EventCancel, Actor: "ana", Why: "gone"}
				}
				_, err = store.Apply(b.Context(), f.Ref, e, time.Now())
				require.NoError(b, err)
			}
		}
		look := func(b *testing.B) {
			for b.Loop() {
				_, err := eng.Recheck(b.Context())
				require.NoError(b, err)
			}
		}
		put(2_000/scale, "held")
		b.Run(name+"/2,000 waiting", look)
		put(8_000/scale, "gone")
		b.Run(name+"/2,000 waiting, 8,000 others", look)
	}
}
