//go:build unix

package clustertest_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
)

var (
	orders    = flag.Int("orders", few, "how many orders there are, at most 3,000")
	processes = flag.Int("processes", 3, "how many processes share them")
	hurry     = flag.Int("hurry", 10, "how many times shorter BigBuy's windows are")
	seed      = flag.Uint64("seed", 0, "of chance; 0 = another one each time")
)

// still is after how long without any change nothing will change any more.
const still = 45 * time.Second

// cluster is what the chaos is made of.
type cluster struct {
	*testing.T
	*outside
	*database
	processes []*process
	rnd       *rand.Rand
	began     time.Time
	lost      int // jobs

	looked time.Time
	moved  time.Time // when something changed last
	last   int
}

func TestNothingIsLostAndNothingIsDoneTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("chaos on real processes takes a minute: not with -short")
	}
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-seed %d", *seed)
	c := newCluster(t)
	c.sellUntil(*orders / 2)
	c.await("somebody buys", func() bool { return len(c.supplier.Orders()) > 4 })
	p := c.freeze()
	c.crash(p)
	c.sellUntil(*orders)
	c.await("jobs wait", func() bool { c.lost += max(0, c.loseJobs(t.Context())); return c.lost > 4 })
	for c.finished(t.Context()) < *orders*3/4 {
		c.strike()
	}
	c.strike()
	c.calm()
	c.await("everything comes to rest", c.rests)
	settled := time.Since(c.began)
	kills := 0
	for _, p := range c.processes {
		p.end()
		kills += p.kills
	}
	c.judge()
	t.Logf("%d orders in %d processes at rest after %s: %d kills, %d lost jobs, one freeze, one crash of the database, %d calls to BigBuy, %d refused",
		*orders, *processes, settled.Round(time.Second), kills, c.lost, c.supplier.Requests(bigbuytest.AnyRoute), c.supplier.Throttled())
}

func newCluster(t *testing.T) *cluster {
	c := &cluster{T: t, outside: newOutside(t, *seed, *hurry, *orders), database: newDatabase(t),
		rnd: rand.New(rand.NewPCG(*seed, 2)), began: time.Now(), moved: time.Now()}
	c.outside.attempts = c.database.attempts
	for i := range *processes {
		p := &process{name: fmt.Sprintf("worker-%d", i)}
		p.env = []string{"CLUSTERTEST_DATABASE=" + c.url + "&application_name=" + p.name, "CLUSTERTEST_SHOP=" + c.shopURL,
			"CLUSTERTEST_BIGBUY=" + c.bigbuy(t, p), "CLUSTERTEST_HURRY=" + strconv.Itoa(*hurry), "GORACE=halt_on_error=1"}
		p.live()
		t.Cleanup(p.end)
		c.processes = append(c.processes, p)
	}
	return c
}

func (c *cluster) sellUntil(n int) {
	for len(c.sales) < n {
		c.sell()
	}
}

// look stops the test at what must never be, and where nothing happens any
// more.
func (c *cluster) look() {
	if time.Since(c.looked) < 2*time.Second {
		return
	}
	c.looked = time.Now()
	b, faults := c.seen()
	require.Empty(c, append(faults, b.wrong()...))
	if n := c.written(c.Context()); n != c.last {
		c.last, c.moved = n, time.Now()
	}
	limit := 90*time.Second + time.Duration(*orders)*time.Second
	if time.Since(c.moved) > still || time.Since(c.began) > limit {
		c.unrest()
	}
}

// seen returns the books as they are without the database, and what the
// processes did that they must not.
func (c *cluster) seen() (b books, faults []string) {
	b = c.books()
	b.apart = second/time.Duration(*hurry) + margin
	for _, p := range c.processes {
		faults = append(faults, p.wrong()...)
	}
	return b, faults
}

func (c *cluster) await(what string, until func() bool) {
	c.Logf("%3.0f s: until %s", time.Since(c.began).Seconds(), what)
	for !until() {
		c.look()
		time.Sleep(300 * time.Millisecond)
	}
}

// strike kills one process after a while.
func (c *cluster) strike() {
	time.Sleep(time.Duration(300+c.rnd.IntN(4000)) * time.Millisecond)
	c.processes[c.rnd.IntN(len(c.processes))].kill()
	c.look()
}

// freeze stops a process between its decision to buy and its call, until
// others have found out what became of that purchase.
func (c *cluster) freeze() *process {
	for {
		name, release, err := c.blockedBuyer(c.Context())
		if release != nil {
			i := slices.IndexFunc(c.processes, func(p *process) bool { return p.name == name })
			frozen := err == nil && i >= 0 && c.processes[i].freeze()
			release()
			if frozen {
				at := time.Now()
				c.await("others take over from "+name, func() bool {
					return time.Since(at) > lease && c.undecided(c.Context(), at) == 0
				})
				return c.processes[i]
			}
		}
		c.look()
	}
}

// crash ends the database without notice, after it let a frozen process go on
// into the middle of it, and starts it again.
func (c *cluster) crash(frozen *process) {
	frozen.thaw()
	time.Sleep(500 * time.Millisecond)
	require.NoError(c, c.server.Crash())
	time.Sleep(300 * time.Millisecond)
	require.NoError(c, c.server.Start())
}

// rests reports whether nothing will happen any more, unless a person decides.
func (c *cluster) rests() bool {
	held := 0
	for _, s := range c.sales {
		if s.held {
			held++
		}
	}
	if c.finished(c.Context()) < len(c.sales) {
		return false
	}
	for o, err := range c.store.Orders(c.Context(), mip.Query{}) {
		if err != nil || !rests(o) {
			return false
		}
		if o.State == mip.StatePendingReview {
			held--
		}
	}
	return held == 0
}

func rests(o mip.Order) bool {
	unsettled := slices.ContainsFunc(o.Attempts, func(a mip.Attempt) bool { return !a.InFlight() && !a.Settled && !a.SentAt.IsZero() })
	told := o.Status().State == "" || o.Status().Equal(o.Reported)
	checking := slices.ContainsFunc(o.Findings, func(f mip.Finding) bool { return f.Code == mip.CodeChecking })
	return told && !unsettled && !checking && (o.State == mip.StateDelivered || o.State == mip.StatePendingReview)
}

// unrest fails with what does not come to rest.
func (c *cluster) unrest() {
	for o, err := range c.store.Orders(c.Context(), mip.Query{}) {
		require.NoError(c, err)
		if !rests(o) {
			waiting, err := c.store.Waiting(c.Context(), o.Ref)
			c.Errorf("%s does not come to rest: %s for %v\nwaiting: %+v %v\nattempts: %+v", o.Ref, o.State, mip.Codes(o.Findings), waiting, err, o.Attempts)
		}
	}
	require.FailNow(c, "not everything comes to rest", "%d of %d orders have come so far; nothing changed for %s",
		c.finished(c.Context()), len(c.sales), time.Since(c.moved).Round(time.Second))
}

// judge compares the database, BigBuy's books and the shop.
func (c *cluster) judge() {
	b, faults := c.seen()
	c.complete(c.T, &b)
	require.Len(c, b.calls, c.supplier.Requests(bigbuytest.AnyRoute), "BigBuy remembers all calls")
	assert.Empty(c, append(faults, b.wrong()...))
	assert.Empty(c, b.missing())
}
