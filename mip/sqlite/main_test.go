package sqlite_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/sqlite"
	"github.com/stretchr/testify/require"
)

// TestMain lets the test binary be a second process: what it does then is in
// CHILD, the file in CHILD_PATH.
func TestMain(m *testing.M) {
	if role := os.Getenv("CHILD"); role != "" {
		if err := children[role](os.Getenv("CHILD_PATH")); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// children are the roles of a second process.
var children = map[string]func(path string) error{
	// open tells whether the file can be opened.
	"open": func(path string) error {
		s, err := sqlite.Open(sqlite.Config{Path: path})
		if errors.Is(err, mip.ErrConflict) {
			fmt.Println("conflict")
			return nil
		}
		if err == nil {
			fmt.Println("opened")
			err = s.Close()
		}
		return err
	},
	// script applies the script, leases an effect, and is killed.
	"script": func(path string) error {
		s, err := sqlite.Open(sqlite.Config{Path: path})
		if err != nil {
			return err
		}
		for i, e := range script() {
			if _, err := s.Apply(context.Background(), e.ref, e.event, at(i)); err != nil {
				return err
			}
		}
		if _, err := s.Lease(context.Background(), at(1000), at(9000), 1); err != nil {
			return err
		}
		return suicide()
	},
	// flood imports orders for ever and tells of each once it is stored.
	"flood": func(path string) error {
		s, err := sqlite.Open(sqlite.Config{Path: path})
		for i := 0; err == nil; i++ {
			e := imported(ref(i), i)
			if _, err = s.Apply(context.Background(), e.ref, e.event, at(i)); err == nil {
				fmt.Println(i)
			}
		}
		return err
	},
}

// suicide ends the process without any cleaning up.
func suicide() error {
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	if err := self.Kill(); err != nil {
		return err
	}
	select {}
}

// child starts a second process; its output is read line by line.
func child(t *testing.T, role, path string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "CHILD="+role, "CHILD_PATH="+path)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // may have ended
		_ = cmd.Wait()
	})
	return cmd, bufio.NewScanner(out)
}

func at(n int) time.Time {
	return time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Minute)
}

func ref(n int) mip.Ref { return mip.Ref{Channel: "shop", ID: fmt.Sprint(1000 + n)} }

type entry struct {
	ref   mip.Ref
	event mip.Event
}

// imported is an order of one line; news makes it differ from older news.
func imported(r mip.Ref, news int) entry {
	return entry{r, mip.Event{Kind: mip.EventImported, Actor: mip.ActorChannel, Facts: &mip.Facts{
		Ref: r, Demand: mip.DemandShip, UpdatedAt: at(news), Note: fmt.Sprintf("news %d", news),
		ShipTo: mip.Address{FirstName: "Ana", LastName: "Example", Line1: "1 Test Street", City: "Valencia", Postcode: "46001", Country: "ES"},
		Lines:  []mip.Line{{ID: "l1", SKU: "S1", Quantity: 1, Total: mip.EUR(19_99)}},
	}}}
}

// script is the life of two orders; every event of it changes something.
func script() []entry {
	a, b := ref(1), ref(2)
	placement := mip.Placement{ID: "P1", Reference: "r", Items: []mip.Item{{SKU: "S1", Quantity: 1}}, Cost: mip.EUR(12_00)}
	return []entry{
		imported(a, 0), imported(b, 0), imported(a, 1),
		{a, mip.Event{Kind: mip.EventNoted, Findings: []mip.Finding{{Code: "note"}}}},
		{a, mip.Event{Kind: mip.EventApproved, Version: 3, Payment: "wallet", Quote: &mip.Quote{Total: mip.EUR(12_00)}}},
		{a, mip.Event{Kind: mip.EventSending, Attempt: 1, Payment: "wallet", Amount: mip.EUR(12_00)}},
		imported(b, 1),
		{a, mip.Event{Kind: mip.EventUnknown, Attempt: 1, Next: at(60)}},
		{a, mip.Event{Kind: mip.EventPlaced, Attempt: 1, Placements: []mip.Placement{placement}}},
		{b, mip.Event{Kind: mip.EventCancel, Actor: "p1"}},
		{a, mip.Event{Kind: mip.EventTracked, Tracking: []mip.Tracking{{ID: "P1", Status: mip.PlacementShipped, Parcels: []mip.Parcel{{ID: "1", Number: "T1"}}}}}},
		{a, mip.Event{Kind: mip.EventSettled, Attempt: 1}},
	}
}

// picture is all a store says of the script's orders.
func picture(t *testing.T, s interface {
	mip.Store
	mip.Queue
}) string {
	t.Helper()
	var all []any
	for _, r := range []mip.Ref{ref(1), ref(2)} {
		o, err := s.Order(t.Context(), r)
		if errors.Is(err, mip.ErrNotFound) {
			continue
		}
		require.NoError(t, err)
		h, err := s.History(t.Context(), r)
		require.NoError(t, err)
		w, err := s.Waiting(t.Context(), r)
		require.NoError(t, err)
		all = append(all, o, h, w)
	}
	b, err := json.Marshal(all)
	require.NoError(t, err)
	return string(b)
}
