package simtest

import (
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/mip/miptest"
)

var (
	worlds = flag.Int("worlds", 2000/share, "how many worlds to simulate")
	seed   = flag.Uint64("seed", 1, "the first world's seed")
)

// TestSimulation plays random histories. One that breaks a promise is
// shortened, and told in full.
func TestSimulation(t *testing.T) {
	simulate(t, inMemory, *worlds)
}

// open returns an empty store for one world.
type open func() miptest.QueuedStore

func inMemory() miptest.QueuedStore { return memstore.New() }

func simulate(t *testing.T, o open, worlds int) {
	var next atomic.Uint64
	t.Run("no history breaks a promise", func(t *testing.T) {
		for worker := range runtime.GOMAXPROCS(0) {
			t.Run(fmt.Sprint("worker ", worker), func(t *testing.T) {
				t.Parallel()
				for !t.Failed() {
					n := next.Add(1) - 1
					if n >= uint64(worlds) {
						return
					}
					p := draw(*seed + n)
					if err := play(t, o, p, nil); err != nil {
						explain(t, o, p, err)
					}
				}
			})
		}
	})
	if worlds == 1 && testing.Verbose() {
		_ = play(t, o, draw(*seed), t.Logf)
	}
}

// play runs one world in a bubble of its own, and returns what broke.
func play(t *testing.T, o open, p plan, tell func(string, ...any)) (err error) {
	synctest.Test(t, func(t *testing.T) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			}
		}()
		time.Sleep(time.Until(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)))
		w := newWorld(t.Context(), o(), p)
		if tell != nil {
			w.tell = tell
		}
		for _, a := range p.actions {
			w.step(a)
			if err = w.failure(); err != nil {
				break
			}
		}
		if err == nil {
			w.settle()
			w.final()
			err = w.failure()
		}
		w.end()
	})
	return err
}

// kind is what is broken, without which order and how much.
func kind(err error) string {
	if err == nil {
		return ""
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return strings.Join(strings.FieldsFunc(first, func(r rune) bool { return !unicode.IsLetter(r) }), " ")
}

// explain shortens a failing history and tells it.
func explain(t *testing.T, o open, p plan, cause error) {
	t.Helper()
	short := p
	fails := func(actions []action) bool {
		again := p
		again.actions = actions
		return kind(play(t, o, again, nil)) == kind(cause)
	}
	short.actions = miptest.Shrink(p.actions, 150, fails)
	for i := range short.actions {
		calm := slices.Clone(short.actions)
		calm[i].during = nil
		if fails(calm) {
			short.actions = calm
		}
	}
	var story strings.Builder
	err := play(t, o, short, func(format string, args ...any) { _, _ = fmt.Fprintf(&story, format+"\n", args...) })
	if err == nil {
		err = fmt.Errorf("%w (not every time: its engines run side by side)", cause)
	}
	t.Errorf("world %d breaks a promise:\n%v\n\nthe shortest history that does:\n%s", p.seed, err, story.String())
}
