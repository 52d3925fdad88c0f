package channels_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels"
	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/mip"
)

// in runs a test in virtual time with the worker running beside it.
func in(t *testing.T, test func(t *testing.T, w world), change ...func(*channels.WebhooksConfig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := open(t, change...)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- w.hooks.Run(ctx) }()
		synctest.Wait()
		test(t, w)
		stop()
		require.NoError(t, <-ended)
	})
}

func push(t *testing.T, w world, id, body string) {
	t.Helper()
	require.Equal(t, 200, post(w.hooks, "/hook/demo", "demo", id, body).Code)
	synctest.Wait()
}

func TestWhatADeliveryNamesIsFetchedAsItIsNow(t *testing.T) {
	in(t, func(t *testing.T, w world) {
		w.shop.Withdraw(mip.Ref{Channel: "demo", ID: "1001"})
		began := time.Now()
		push(t, w, "d1", "1001 1002")
		require.Equal(t, []string{"1001", "1002"}, w.desk.ids())
		assert.Equal(t, mip.DemandCancel, w.desk.got[0].Demand)
		assert.Zero(t, time.Since(began), "at once")
		assert.Zero(t, w.pending(t))
	})
}

func TestABurstIsFetchedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		for i := range 50 {
			push(t, w, fmt.Sprint(i), "1001")
		}
		n, err := w.hooks.Drain(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 50, n)
		assert.Equal(t, []string{"1001"}, w.desk.ids())
		assert.Equal(t, 1, w.shop.Requests())
	})
}

// An order that cannot be taken has more messages than one pass looks at.
func TestMessagesThatFailKeepNoOtherBack(t *testing.T) {
	var w world
	in(t, func(t *testing.T, opened world) {
		w = opened
		for i := range 600 {
			push(t, w, fmt.Sprint(i), "1001")
		}
		push(t, w, "last", "1002")
		time.Sleep(time.Minute)
		assert.Equal(t, []string{"1002"}, w.desk.ids())
	}, func(c *channels.WebhooksConfig) {
		c.Ingest = func(ctx context.Context, f mip.Facts) error {
			if f.Ref.ID == "1001" {
				return &mip.Error{Op: "ingest", Ref: f.Ref, Kind: mip.ErrInvalid}
			}
			return w.desk.ingest(ctx, f)
		}
	})
}

func TestDrainGoesOnUntilNothingIsDue(t *testing.T) {
	w := open(t)
	for i := range 600 {
		require.Equal(t, 200, post(w.hooks, "/hook/demo", "demo", fmt.Sprint(i), "1001").Code)
	}
	n, err := w.hooks.Drain(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 600, n)
}

func TestAStoredDeliverySurvivesTheProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		push(t, w, "d1", "1001") // nobody works, and the process is killed
		w = w.again(t)
		_, err := w.hooks.Drain(t.Context())
		require.NoError(t, err)
		assert.Equal(t, []string{"1001"}, w.desk.ids())
	})
}

func TestAShopThatIsDownIsLeftAloneAndThenCaughtUp(t *testing.T) {
	for _, status := range []int{503, 401} { // asked again and again with a bad key, a shop locks the account
		leftAlone(t, status)
	}
}

func leftAlone(t *testing.T, status int) {
	in(t, func(t *testing.T, w world) {
		w.shop.Fail(channeltest.Fault{Status: status, Times: -1})
		for i := range 40 {
			push(t, w, fmt.Sprint(i), []string{"1001", "1002"}[i%2])
			time.Sleep(time.Second)
		}
		time.Sleep(time.Hour)
		assert.Less(t, w.shop.Requests(), 100, "a shop that is down is not hammered")
		assert.Empty(t, w.desk.ids())
		assert.Equal(t, 40, w.pending(t))
		w.shop.Fail()
		time.Sleep(time.Hour)
		assert.Zero(t, w.pending(t))
		assert.ElementsMatch(t, []string{"1001", "1002"}, unique(w.desk.ids()))
		assert.NotEmpty(t, failed(w))
	})
}

func polled(w world) []mip.Ref { all, _ := w.desk.now(); return all }
func failed(w world) []string  { _, all := w.desk.now(); return all }
func last(all []string) string { return all[len(all)-1] }

func unique(ids []string) []string {
	seen, out := map[string]bool{}, []string{}
	for _, id := range ids {
		if !seen[id] {
			out = append(out, id)
		}
		seen[id] = true
	}
	return out
}

func TestAnOrderThatAlwaysFailsKeepsNoOtherBackAndIsGivenUp(t *testing.T) {
	in(t, func(t *testing.T, w world) {
		w.desk.fail(&mip.Error{Op: "ingest", Kind: mip.ErrContract})
		push(t, w, "d1", "1001")
		w.desk.fail(nil)
		push(t, w, "d2", "1002")
		assert.Equal(t, []string{"1002"}, w.desk.ids())
		w.desk.fail(errors.New("nobody knows why"))
		time.Sleep(96 * time.Hour)
		assert.Zero(t, w.pending(t), "left to polling after three days or forty tries")
		assert.Equal(t, 1, w.hooks.Stats()["demo"].GivenUp)
		assert.Equal(t, "demo/1001 "+mip.ErrUnknown.Error()+" true", last(failed(w)))
	})
}

func TestTheOrderThatFailsIsTheOneThatIsTold(t *testing.T) {
	in(t, func(t *testing.T, w world) {
		push(t, w, "d1", "1001 1002")
		require.NotEmpty(t, failed(w))
		assert.Contains(t, failed(w)[0], "demo/1002 ")
	}, func(c *channels.WebhooksConfig) {
		c.Ingest = func(_ context.Context, f mip.Facts) error {
			if f.Ref.ID == "1002" {
				return &mip.Error{Op: "ingest", Kind: mip.ErrContract}
			}
			return nil
		}
	})
}

func TestAnOrderThatIsGoneIsHandled(t *testing.T) {
	in(t, func(t *testing.T, w world) {
		push(t, w, "d1", "77 1001")
		assert.Equal(t, []string{"1001"}, w.desk.ids())
		assert.Zero(t, w.pending(t))
		assert.Empty(t, failed(w))
	})
	var told desk
	in(t, func(t *testing.T, w world) {
		push(t, w, "d1", "77")
		assert.Equal(t, []mip.Ref{{Channel: "demo", ID: "77"}}, told.gone)
	}, func(c *channels.WebhooksConfig) { c.Gone = told.leave })
}

func TestAnOrderThatIsKnownIsHandled(t *testing.T) {
	in(t, func(t *testing.T, w world) {
		w.desk.fail(mip.ErrIgnored)
		push(t, w, "d1", "1001")
		assert.Zero(t, w.pending(t))
		assert.Empty(t, failed(w))
	})
}

func TestIdsAreForgottenAfterAMonthAndNotBefore(t *testing.T) {
	in(t, func(t *testing.T, w world) {
		push(t, w, "d1", "1001")
		time.Sleep(29 * 24 * time.Hour)
		push(t, w, "d1", "1001")
		assert.Len(t, w.desk.ids(), 1)
		time.Sleep(2 * 24 * time.Hour)
		push(t, w, "d1", "1001")
		assert.Len(t, w.desk.ids(), 2)
	})
}

func TestOrdersThatOnlyPollingFoundAreTold(t *testing.T) {
	in(t, func(t *testing.T, w world) {
		ctx, fresh := t.Context(), mip.Change{To: mip.StateReceived}
		ref := func(id string) mip.Ref { return mip.Ref{Channel: "demo", ID: id} }
		w.hooks.Arrived(ctx, ref("old"), fresh) // of the first reading
		time.Sleep(20 * time.Minute)

		push(t, w, "early", "1001")
		w.hooks.Arrived(ctx, ref("1001"), fresh)                                // stored before polling found it
		w.hooks.Arrived(ctx, ref("1002"), fresh)                                // its webhook comes a little later
		w.hooks.Arrived(ctx, ref("moved"), mip.Change{From: mip.StateReceived}) // not new
		w.hooks.Arrived(ctx, mip.Ref{Channel: "third", ID: "1"}, fresh)         // pushes nothing
		w.hooks.Arrived(ctx, ref("lost"), fresh)                                // its webhook never comes
		time.Sleep(10 * time.Minute)
		push(t, w, "late", "1002")
		assert.Empty(t, polled(w))
		time.Sleep(10 * time.Minute)
		assert.Equal(t, []mip.Ref{ref("lost")}, polled(w))
		assert.Equal(t, 1, w.hooks.Stats()["demo"].OnlyPolled)
		time.Sleep(time.Hour)
		assert.Len(t, polled(w), 1, "once")
	})
}

func TestWhatADeliveryBroughtDoesNotCountAsPolled(t *testing.T) {
	var w world
	in(t, func(t *testing.T, opened world) {
		w = opened
		time.Sleep(time.Hour)
		push(t, w, "d1", "1001")
		time.Sleep(time.Hour)
		assert.Empty(t, polled(w))
	}, func(c *channels.WebhooksConfig) {
		c.Ingest = func(ctx context.Context, f mip.Facts) error { // as the engine does
			time.Sleep(20 * time.Minute)
			w.hooks.Arrived(ctx, f.Ref, mip.Change{To: mip.StateReceived})
			return nil
		}
		c.Call = time.Hour
	})
}

// A sender that never finishes its delivery does not hold the door open.
func TestASlowSenderIsSentAway(t *testing.T) {
	w := open(t, func(c *channels.WebhooksConfig) { c.Patience = 50 * time.Millisecond })
	srv := httptest.NewServer(w.hooks)
	defer srv.Close()
	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = io.WriteString(conn, "POST /hook/demo HTTP/1.1\r\nHost: x\r\nX-Word: demo\r\nContent-Length: 10\r\n\r\n10")
	require.NoError(t, err)
	_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	head := make([]byte, 12)
	_, err = io.ReadFull(conn, head)
	require.NoError(t, err)
	assert.True(t, strings.HasSuffix(string(head), fmt.Sprint(http.StatusRequestTimeout)), string(head))
	assert.Zero(t, w.pending(t))
}
