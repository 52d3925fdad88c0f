package miptest

import (
	"testing"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/wallet"
)

// Engine returns an engine over a store in memory that reads the channels,
// buys at the supplier with the standard rules, and pays from the supplier's
// own balance. It fails the test if it cannot be made. Drive it with
// [engine.Engine.Sync]; it starts nothing by itself.
func Engine(t testing.TB, supplier interface {
	mip.Supplier
	mip.Balancer
}, channels ...mip.Channel) *engine.Engine {
	t.Helper()
	store := memstore.New()
	purse, err := wallet.New(wallet.Config{Balance: supplier, Ledger: store})
	if err != nil {
		t.Fatal("wallet:", err)
	}
	eng, err := engine.New(engine.Config{Channels: channels, Supplier: supplier, Payments: []mip.Payment{purse}, Store: store})
	if err != nil {
		t.Fatal("engine:", err)
	}
	return eng
}
