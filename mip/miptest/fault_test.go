package miptest_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/mip/miptest"
)

// always lets every call meet the same mishap.
func always(t *testing.T, m miptest.Mishap) *miptest.Process {
	t.Helper()
	return miptest.NewProcess(t.Context(), func(miptest.Point) miptest.Mishap { return m })
}

func TestMishapsOfAStore(t *testing.T) {
	ref := mip.Ref{Channel: "shop", ID: "1"}
	arrived := mip.Event{Kind: mip.EventImported, Facts: &mip.Facts{Ref: ref, Demand: mip.DemandShip, UpdatedAt: time.Now()}}
	for _, c := range []struct {
		claim  string
		mishap miptest.Mishap
		kind   error // of the answer
		stored bool  // the call took effect
		dead   bool
	}{
		{"nothing", miptest.Fine, nil, true, false},
		{"a lost call", miptest.LostBefore, mip.ErrUnknown, false, false},
		{"a lost answer", miptest.LostAfter, mip.ErrUnknown, true, false},
		{"a call that arrives twice", miptest.Repeated, mip.ErrIgnored, true, false},
		{"a crash before the call", miptest.CrashBefore, mip.ErrUnavailable, false, true},
		{"a crash after the call", miptest.CrashAfter, mip.ErrUnavailable, true, true},
		{"a crash while it is on its way", miptest.CrashLate, mip.ErrUnavailable, false, true},
	} {
		t.Run(c.claim, func(t *testing.T) {
			store, p := memstore.New(), always(t, c.mishap)
			_, err := p.Store(store).Apply(t.Context(), ref, arrived, time.Now())
			assert.Equal(t, c.kind, mip.KindOf(err))
			_, err = store.Order(t.Context(), ref)
			assert.Equal(t, c.stored, err == nil)
			assert.Equal(t, c.dead, p.Dead())
			assert.Equal(t, c.dead, p.Context().Err() != nil)
			p.Deliver(t.Context())
			_, err = store.Order(t.Context(), ref)
			assert.Equal(t, c.stored || c.mishap == miptest.CrashLate, err == nil, "delivered late")
			p.Kill()
			_, err = p.Store(store).Order(t.Context(), ref)
			assert.Equal(t, mip.ErrUnavailable, mip.KindOf(err), "a dead process learns nothing")
			for _, err = range p.Store(store).Orders(t.Context(), mip.Query{}) {
				assert.Equal(t, mip.ErrUnavailable, mip.KindOf(err))
			}
			p.Deliver(t.Context())
		})
	}
}

func TestAStoreSeenThroughAProcessIsAStore(t *testing.T) {
	miptest.TestStore(t, func(t testing.TB) mip.Store {
		return miptest.NewProcess(t.Context(), nil).Store(miptest.NewWitness(memstore.New(), nil))
	})
}

type wire func(*http.Request) (*http.Response, error)

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) { return w(r) }

func TestMishapsOnTheWire(t *testing.T) {
	for _, c := range []struct {
		claim   string
		mishap  miptest.Mishap
		arrived int
		answer  bool
	}{
		{"nothing", miptest.Fine, 1, true}, {"a lost request", miptest.LostBefore, 0, false}, {"a lost answer", miptest.LostAfter, 1, false},
		{"a request that arrives twice", miptest.Repeated, 2, true}, {"a crash before", miptest.CrashBefore, 0, false},
		{"a crash after", miptest.CrashAfter, 1, false}, {"a crash, arriving late", miptest.CrashLate, 0, false},
	} {
		t.Run(c.claim, func(t *testing.T) {
			var bodies []string
			p := always(t, c.mishap)
			rt := p.Transport("server", wire(func(r *http.Request) (*http.Response, error) {
				body, err := io.ReadAll(r.Body)
				bodies = append(bodies, string(body))
				return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("ok"))}, err
			}))
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://server.test/x", strings.NewReader("body"))
			require.NoError(t, err)
			resp, err := rt.RoundTrip(r)
			if resp != nil {
				require.NoError(t, resp.Body.Close())
			}
			assert.Equal(t, c.answer, err == nil)
			if err != nil {
				var broken *net.OpError
				require.ErrorAs(t, err, &broken)
			}
			assert.Len(t, bodies, c.arrived)
			p.Deliver(context.Background())
			if c.mishap == miptest.CrashLate {
				assert.Len(t, bodies, 1)
			}
			for _, body := range bodies {
				assert.Equal(t, "body", body)
			}
		})
	}
}

func TestChaosRepeatsItself(t *testing.T) {
	draw := func(c *miptest.Chaos) (out []miptest.Mishap) {
		for range 200 {
			out = append(out, c.Mishap(4, miptest.LostBefore, miptest.LostAfter, miptest.CrashAfter))
		}
		return out
	}
	one := miptest.NewChaos(7)
	first := draw(one)
	assert.Equal(t, first, draw(miptest.NewChaos(7)), "one seed, one history")
	assert.NotEqual(t, first, draw(miptest.NewChaos(8)))
	assert.Subset(t, first, []miptest.Mishap{miptest.Fine, miptest.LostBefore, miptest.LostAfter, miptest.CrashAfter})
	one.Turn(0)
	assert.Equal(t, first, draw(one), "a turn does not depend on what came before")
	one.Stop()
	assert.NotContains(t, draw(one), miptest.LostAfter)
	assert.False(t, miptest.NewChaos(7).Chance(0))
}

func TestShrinkFindsTheShortestHistory(t *testing.T) {
	history := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	tries := 0
	fails := func(h []int) bool {
		tries++
		sum := 0
		for _, n := range h {
			if n == 3 || n == 8 {
				sum++
			}
		}
		return sum == 2
	}
	assert.Equal(t, []int{3, 8}, miptest.Shrink(history, 1000, fails))
	tries = 0
	miptest.Shrink(history, 5, fails)
	assert.LessOrEqual(t, tries, 5)
}
