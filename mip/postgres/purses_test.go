package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest"
	"github.com/openmip/openmip/mip/postgres"
	"github.com/openmip/openmip/wallet"
)

func TestTwoStoresNeverOverdrawOneLedger(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	require.NoError(t, miptest.LedgersTogether(t.Context(), "main", open(t, cfg), open(t, cfg)))
}

// hundred is a purse of 100 euros.
type hundred struct{}

func (hundred) Balance(context.Context) (mip.Money, error) { return mip.EUR(100_00), nil }

// buyerURL names the database to a process that TestTwoProcesses… starts.
const buyerURL = "OPENMIP_TEST_BUYER"

// TestBuyer is one of those processes: 64 goroutines that want 3 euros each.
func TestBuyer(t *testing.T) {
	t.Parallel()
	url, name, child := strings.Cut(os.Getenv(buyerURL), "|")
	if !child {
		return // nobody asked for one
	}
	s := open(t, postgres.Config{URL: url})
	w, err := wallet.New(wallet.Config{Balance: hundred{}, Ledger: s})
	require.NoError(t, err)
	var won atomic.Int64
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			err := w.Reserve(t.Context(), mip.Reservation{Key: fmt.Sprintf("%s-%d", name, i), Amount: mip.EUR(3_00)})
			if err == nil {
				won.Add(1)
			} else if !errors.Is(err, mip.ErrUnfunded) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	fmt.Printf("granted %d\n", won.Load())
}

func TestTwoProcessesOf64GoroutinesNeverOverdraw(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	var all sync.WaitGroup
	for _, name := range []string{"one", "two"} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestBuyer$", "-test.v")
		cmd.Env = append(os.Environ(), buyerURL+"="+cfg.URL+"|"+name)
		all.Go(func() {
			out, err := cmd.CombinedOutput()
			assert.NoError(t, err, "%s", out)
			assert.Contains(t, string(out), "granted ")
		})
	}
	all.Wait()
	rows, err := open(t, cfg).Reservations(t.Context(), "wallet", time.Time{})
	require.NoError(t, err)
	assert.Len(t, rows, 33, "100.00 holds 33 times 3.00")
}
