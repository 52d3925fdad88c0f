package postgres_test

import (
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/miptest"
	"github.com/openmip/openmip/mip/postgres"
)

var crashes = flag.Int("crashes", 6, "at how many points of all a process dies")

// mayDie has leases that end soon.
func mayDie(c *engine.Config) {
	c.Timing.Call, c.Timing.Lease = time.Second, 2*time.Second
	c.Timing.Track, c.Timing.Grace, c.Timing.AbsentAfter = 400*time.Millisecond, 200*time.Millisecond, 2*time.Second
	c.Hooks = engine.Hooks{}
}

// commits are the points at which something has just been, or is about to be,
// committed, by a part of a statement or the name of a call.
var commits = map[string]struct {
	part  string
	after bool
	nth   int
}{
	"after the job is fetched":                  {"JobGetAvailable", true, 1},
	"after the claim of the first effect":       {"UPDATE $.effects e SET token = 1 + ", true, 1},
	"after the claim, before the work":          {"perform", false, 2},
	"before the money is set aside":             {"commit", false, 1},
	"after the money is set aside":              {"commit", true, 1},
	"before the purchase":                       {"place", false, 1},
	"after the purchase, before its event":      {"place", true, 1},
	"after the import is committed":             {"INSERT INTO $.orders", true, 1},
	"after the first change is committed":       {"UPDATE $.orders SET", true, 1},
	"after the second change is committed":      {"UPDATE $.orders SET", true, 2},
	"after the third change is committed":       {"UPDATE $.orders SET", true, 3},
	"after the event, before the effect's end":  {"perform", true, 2},
	"after the effect's end, before the job's":  {"DELETE FROM $.effects", true, 2},
	"before the job's end":                      {"JobSetStateIfRunningMany", false, 1},
	"after the job's end":                       {"JobSetStateIfRunningMany", true, 1},
	"while it reads the channel":                {"poll", false, 1},
	"after it told the channel":                 {"report", true, 1},
	"after it asked where the parcels are":      {"track", true, 1},
	"after it took over the sweep of the rest":  {"INSERT INTO $.duties", true, 2},
	"after the reservation is settled":          {"UPDATE $.reservations", true, 1},
	"before the effect's end":                   {"DELETE FROM $.effects", false, 1},
	"before the first change, with its effects": {"UPDATE $.orders SET", false, 1},
}

// patient is the wait for a job that was fetched and not begun: River gives it
// up only ten seconds after the lease, looks every thirty, and may have to
// elect a leader first.
const patient = 2 * time.Minute

func TestAProcessDiesAndAnotherGoesOn(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	var all []point
	t.Run("nowhere", func(t *testing.T) { all = survive(t, cfg, "none", nil) })
	slices.SortFunc(all, func(a, b point) int { return strings.Compare(a.what, b.what) })
	room := make(chan struct{}, 16) // more at once would starve each other
	in := func(name string, ends func(point) bool) {
		account := strings.ToLower(regexp.MustCompile(`[^a-zA-Z0-9]`).ReplaceAllString(name, ""))
		account = account[max(0, len(account)-24):]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			room <- struct{}{}
			defer func() { <-room }()
			survive(t, cfg, account, ends)
		})
	}
	for name, c := range commits {
		require.True(t, slices.ContainsFunc(all, func(p point) bool { return strings.Contains(p.what, c.part) }), "%s: nothing like %q is done", name, c.part)
		n := 0
		in(name, func(p point) bool {
			if strings.Contains(p.what, c.part) && p.after == c.after {
				n++
			}
			return n == c.nth
		})
	}
	each := max(len(all)/max(*crashes, 1), 1)
	for i := each / 2; i < len(all); i += each {
		in(fmt.Sprint("at point ", i), func(p point) bool { return p == all[i] })
	}
}

// survive lets a process do an order until it ends, and another one the rest.
// It returns the first one's points.
func survive(t *testing.T, cfg postgres.Config, account string, ends func(point) bool) []point {
	t.Helper()
	cfg.Account = account
	front, d := newShop(1), newDepot()
	start := func(who string, ends func(point) bool) (*lifetime, func()) {
		l := newLife(ends)
		s := l.store(t, cfg)
		return l, run(t, process(t, s, mortalDepot{d, l}, mortalShop{counter{front, who}, l}, mayDie))
	}
	first, stop := start("a", ends)
	done := func() bool { return front.told(mip.StateShipped) == 1 }
	if ends != nil {
		select {
		case <-first.over:
		case <-time.After(20 * time.Second):
			require.True(t, done(), "it neither died nor did its work")
			t.Log("it did its work and did not come there")
		}
		stop()
		_, stop = start("b", nil)
	}
	witness := open(t, cfg)
	require.Eventually(t, done, patient, 20*time.Millisecond, "the shop is told")
	assert.Eventually(t, func() bool {
		all, err := witness.Reservations(t.Context(), "wallet", time.Time{})
		states := map[mip.ReservationState]int{}
		for _, r := range all {
			states[r.State]++
		}
		return err == nil && states[mip.ReservationSettled] == 1 && states[mip.ReservationOpen] == 0
	}, patient, 20*time.Millisecond, "the money is settled once, and given back where nothing was bought")
	d.mu.Lock()
	assert.Equal(t, 1, d.calls, "bought once")
	d.mu.Unlock()
	stop()
	assert.NoError(t, miptest.NewWitness(witness, nil).Forgotten(t.Context()))
	first.mu.Lock()
	defer first.mu.Unlock()
	return slices.Clone(first.all)
}
