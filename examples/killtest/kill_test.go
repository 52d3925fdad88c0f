//go:build unix

package killtest_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

const (
	kills  = 60 // and not fewer than 50, however slow the machine is
	orders = 60
)

// process is one life of the program.
type process struct {
	cmd   *exec.Cmd
	said  bytes.Buffer  // on standard error
	ready chan struct{} // closed once the engine runs
	gone  chan struct{} // closed once it is dead
	end   error         // how, afterwards
}

func (o *outside) start(t *testing.T, file string, all int) *process {
	exe, err := os.Executable()
	require.NoError(t, err)
	p := &process{cmd: exec.Command(exe), ready: make(chan struct{}), gone: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), "KILLTEST_FILE="+file, "KILLTEST_SHOP="+o.shopURL, "KILLTEST_BIGBUY="+o.bigbuyURL,
		"KILLTEST_ALL="+strconv.Itoa(all), "GORACE=halt_on_error=1")
	p.cmd.Stderr = &p.said
	out, err := p.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	t.Cleanup(p.kill)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if lines.Text() == "ready" {
				close(p.ready)
			}
		}
		p.end = p.cmd.Wait()
		close(p.gone)
	}()
	return p
}

// kill is what no program can see coming.
func (p *process) kill() { _ = p.cmd.Process.Signal(syscall.SIGKILL) } // it may be dead already

// lives waits, unless it dies before.
func (p *process) lives(d time.Duration) {
	select {
	case <-p.gone:
	case <-time.After(d):
	}
}

func (p *process) dead() bool {
	select {
	case <-p.gone:
		return true
	default:
		return false
	}
}

// died waits for the end and returns what it was, nil if it was our kill.
func (p *process) died() error {
	<-p.gone
	if exit, ok := errors.AsType[*exec.ExitError](p.end); ok {
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() && status.Signal() == syscall.SIGKILL {
			return nil
		}
	}
	return fmt.Errorf("the program ended by itself: %w", errors.Join(p.end, errors.New(p.said.String())))
}

// TestKills lets sixty orders arrive at a program that is killed sixty times,
// and looks at everything afterwards.
func TestKills(t *testing.T) {
	if testing.Short() {
		t.Skip("killing real processes takes a minute: not with -short")
	}
	seed := uint64(time.Now().UnixNano())
	if s, err := strconv.ParseUint(os.Getenv("KILLTEST_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Logf("KILLTEST_SEED=%d", seed)
	began := time.Now()
	rnd := rand.New(rand.NewPCG(seed, 2))
	o := newOutside(t, seed)
	file := filepath.Join(t.TempDir(), "orders.db")

	lives := 0
	for ; lives < kills || o.unseen(); lives++ {
		require.Less(t, lives, 2*kills, "some of the worst moments never come: %v", o.struckAt)
		p := o.start(t, file, 0)
		for len(o.sales) < min(orders, lives*orders*3/(2*kills)) || lives >= kills && len(o.sales) <= lives {
			o.sell()
		}
		if lives == kills/2 {
			o.supplier.TopUp(mip.EUR(10_000_00))
		}
		o.strike(p, rnd, lives >= kills)
		require.NoError(t, p.died(), "life %d", lives+1)
		assert.NotContains(t, p.said.String(), canary, "a log line names a customer")
	}
	killing := time.Since(began)

	o.calm()
	o.finish(t, file)
	o.lookUp(t, file)
	o.finish(t, file)
	o.judge(t, file)
	t.Logf("killed at the worst moments %v; %d kills in %s, at rest after %s", o.struckAt, lives, killing.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
}

// finish lets the program work until all orders are at rest.
func (o *outside) finish(t *testing.T, file string) {
	p := o.start(t, file, len(o.sales))
	if p.lives(time.Minute); !p.dead() {
		p.kill()
		<-p.gone
		o.unrest(t, file)
	}
	require.NoError(t, p.end, p.said.String())
}

// strike kills the program: while it starts, a while after it is ready, or at
// the next bad moment, if that comes before. A late program may live longer:
// it is there for moments that have not come yet.
func (o *outside) strike(p *process, rnd *rand.Rand, late bool) {
	wait := time.Duration(20+rnd.IntN(350)) * time.Millisecond
	kinds := 3 // the third is neither
	if late {
		wait, kinds = 3*time.Second, 2
	}
	if rnd.IntN(8) == 0 {
		p.lives(wait / 8)
		p.kill()
		return
	}
	select {
	case <-p.ready:
		o.arm(rnd.IntN(kinds), p.kill)
		p.lives(wait)
		o.arm(0, nil)
		p.kill()
	case <-p.gone:
	}
}
