//go:build unix

package clustertest_test

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip/postgres"
	"github.com/openmip/openmip/mip/postgres/pgtest"
)

var (
	orders   = flag.Int("orders", 90, "how many orders there are")
	workers  = flag.Int("processes", 3, "how many processes share them")
	hurry    = flag.Int("hurry", 10, "how many times shorter BigBuy's windows are")
	duration = flag.Duration("duration", 75*time.Second, "when everything must be at rest")
	chaos    = flag.Bool("chaos", false, "run it")
	seed     = flag.Uint64("seed", 0, "of chance; 0 = another one each time")
)

// process is one of the processes, through all its lives.
type process struct {
	env  []string
	cmd  *exec.Cmd
	said *bytes.Buffer // on standard error, this life
	gone chan struct{}
}

func (p *process) start(t *testing.T) {
	exe, err := os.Executable()
	require.NoError(t, err)
	p.cmd, p.said, p.gone = exec.Command(exe), &bytes.Buffer{}, make(chan struct{})
	p.cmd.Env, p.cmd.Stderr = append(os.Environ(), p.env...), p.said
	require.NoError(t, p.cmd.Start())
	cmd, gone := p.cmd, p.gone
	go func() {
		_ = cmd.Wait()
		close(gone)
	}()
}

// kill ends a life and looks at what it said. Only a kill ends one.
func (p *process) kill(t *testing.T) {
	select {
	case <-p.gone:
		assert.Fail(t, "a process ended by itself", p.said.String())
	default:
		_ = p.cmd.Process.Signal(syscall.SIGKILL)
		<-p.gone
	}
	assert.NotContains(t, p.said.String(), canary, "a log line names a customer")
}

// cluster is what the chaos is made of.
type cluster struct {
	*outside
	database  *pgtest.Server
	store     *postgres.Store
	processes []*process
	rnd       *rand.Rand
	kills     int
	thaws     []time.Time
}

func TestChaos(t *testing.T) {
	if !*chaos {
		t.Skip("takes a minute and a PostgreSQL: asked for by -chaos")
	}
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-seed %d", *seed)
	began := time.Now()
	c := &cluster{outside: newOutside(t, *seed, *hurry, *orders), database: pgtest.NewServer(t), rnd: rand.New(rand.NewPCG(*seed, 2))}
	cfg := postgres.Config{URL: c.database.Database(t)}
	require.NoError(t, postgres.Migrate(t.Context(), cfg))
	var err error
	c.store, err = postgres.Open(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(c.store.Close)
	for range *workers {
		p := &process{env: []string{"CLUSTERTEST_DATABASE=" + cfg.URL, "CLUSTERTEST_SHOP=" + c.shopURL,
			"CLUSTERTEST_BIGBUY=" + c.bigbuyURL, "CLUSTERTEST_HURRY=" + strconv.Itoa(*hurry), "GORACE=halt_on_error=1"}}
		p.start(t)
		c.processes = append(c.processes, p)
		t.Cleanup(func() { _ = p.cmd.Process.Signal(syscall.SIGKILL) })
	}

	for len(c.sales) < *orders/2 {
		c.sell()
	}
	c.crash(t, c.freeze(t))
	for len(c.sales) < *orders {
		c.sell()
	}
	for c.open(t) > *orders/4 && time.Since(began) < *duration/2 {
		c.strike(t)
	}
	c.strike(t)
	c.calm()
	for !c.rest(t) {
		if time.Since(began) > *duration {
			c.unrest(t)
		}
		time.Sleep(300 * time.Millisecond)
	}
	settled := time.Since(began)
	for _, p := range c.processes {
		p.kill(t)
	}
	c.judge(t)
	t.Logf("%d orders in %d processes at rest after %s: %d kills, %d freezes, one crash of the database, %d calls to BigBuy, %d of them refused",
		*orders, *workers, settled.Round(time.Millisecond), c.kills, len(c.thaws), c.supplier.Requests(""), c.supplier.Throttled())
}

// strike kills one process after a while and starts it again.
func (c *cluster) strike(t *testing.T) {
	time.Sleep(time.Duration(300+c.rnd.IntN(2500)) * time.Millisecond)
	p := c.processes[c.rnd.IntN(len(c.processes))]
	p.kill(t)
	c.kills++
	p.start(t)
}

// freeze stops a process at work, and the returned function lets it go on
// where it was. Meanwhile its leases end.
func (c *cluster) freeze(t *testing.T) (thaw func()) {
	require.Eventually(t, func() bool { return c.open(t) < *orders/2 }, *duration/3, 50*time.Millisecond, "nobody works")
	p := c.processes[c.rnd.IntN(len(c.processes))]
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGSTOP))
	time.Sleep(lease + lease/2)
	return func() {
		c.thaws = append(c.thaws, time.Now())
		require.NoError(t, p.cmd.Process.Signal(syscall.SIGCONT))
	}
}

// crash ends the database without notice, thaws whoever is frozen into the
// middle of it, and starts it again.
func (c *cluster) crash(t *testing.T, thaw func()) {
	thaw()
	time.Sleep(500 * time.Millisecond)
	require.NoError(t, c.database.Crash())
	time.Sleep(300 * time.Millisecond)
	require.NoError(t, c.database.Start())
}
