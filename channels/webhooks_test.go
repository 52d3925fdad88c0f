package channels_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels"
	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
)

// pushing is a shop that pushes: the body lists order ids, the header X-Word
// has to be the shop's name, X-ID is the delivery's.
type pushing struct{ *channeltest.Shop }

var _ channels.Pushed = pushing{}

func (p pushing) Webhook(h http.Header, body []byte) (mip.Delivery, error) {
	if !hmac.Equal([]byte(h.Get("X-Word")), []byte(p.Name())) {
		return mip.Delivery{}, &mip.Error{Op: "webhook", Kind: mip.ErrUnauthorized}
	}
	if bytes.HasPrefix(body, []byte("{")) {
		return mip.Delivery{}, &mip.Error{Op: "webhook", Kind: mip.ErrContract}
	}
	d := mip.Delivery{ID: h.Get("X-ID"), Topic: "orders"}
	for id := range strings.FieldsSeq(string(body)) {
		channel, id, other := strings.Cut(id, "/")
		if !other {
			channel, id = p.Name(), channel
		}
		d.Refs = append(d.Refs, mip.Ref{Channel: channel, ID: id})
	}
	return d, nil
}

// desk is where orders are ingested and failures are told.
type desk struct {
	mu     sync.Mutex
	got    []mip.Facts
	gone   []mip.Ref
	polled []mip.Ref
	failed []string
	err    error
}

func (d *desk) ingest(_ context.Context, f mip.Facts) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err == nil {
		d.got = append(d.got, f)
	}
	return d.err
}

func (d *desk) leave(_ context.Context, ref mip.Ref) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.gone = append(d.gone, ref)
	return nil
}

// now is a copy to look at.
func (d *desk) now() (polled []mip.Ref, failed []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.polled), slices.Clone(d.failed)
}

func (d *desk) fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.err = err
}

func (d *desk) ids() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := []string{}
	for _, f := range d.got {
		out = append(out, f.Ref.ID)
	}
	return out
}

func (d *desk) hooks() channels.WebhookHooks {
	return channels.WebhookHooks{
		OnlyPolled: func(_ context.Context, ref mip.Ref) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.polled = append(d.polled, ref)
		},
		Failure: func(_ context.Context, ref mip.Ref, err error, final bool) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.failed = append(d.failed, fmt.Sprintf("%s %v %t", ref, mip.KindOf(err), final))
		},
	}
}

func post(h http.Handler, path, word, id, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("X-Word", word)
	r.Header.Set("X-ID", id)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// world is a shop with two orders, its desk and its handler.
type world struct {
	shop  *channeltest.Shop
	desk  *desk
	store *memstore.Store
	hooks *channels.Webhooks
}

func open(t testing.TB, change ...func(*channels.WebhooksConfig)) world {
	t.Helper()
	w := world{shop: channeltest.NewShop("demo"), desk: &desk{}, store: memstore.New()}
	w.shop.Buy(channeltest.Order(1))
	w.shop.Buy(channeltest.Order(2))
	return w.again(t, change...)
}

// again is another process at the same store.
func (w world) again(t testing.TB, change ...func(*channels.WebhooksConfig)) world {
	t.Helper()
	c := channels.WebhooksConfig{Channels: []channels.Pushed{pushing{w.shop}, pushing{channeltest.NewShop("second")}},
		Inbox: w.store, Ingest: w.desk.ingest, Hooks: w.desk.hooks()}
	for _, f := range change {
		f(&c)
	}
	var err error
	w.hooks, err = channels.NewWebhooks(c)
	require.NoError(t, err)
	return w
}

func (w world) pending(t testing.TB) int {
	t.Helper()
	all, err := w.store.Pending(t.Context(), "demo", 1000)
	require.NoError(t, err)
	return len(all)
}

func TestWebhooksAnswers(t *testing.T) {
	for _, c := range []struct {
		name, path, word, body string
		status, pending        int
		stats                  channels.WebhookStats
	}{
		{"what names an order is stored", "/hook/demo", "demo", "1001", 200, 1, channels.WebhookStats{Stored: 1}},
		{"several orders in one delivery are one message", "/hook/demo", "demo", "1002 1001", 200, 1, channels.WebhookStats{Stored: 1}},
		{"a ping is acknowledged and counted", "/hook/demo", "demo", "", 200, 0, channels.WebhookStats{Ignored: 1}},
		{"a wrong signature is 401", "/hook/demo", "guess", "1001", 401, 0, channels.WebhookStats{Unauthorized: 1}},
		{"another channel's signature is 401", "/hook/demo", "second", "1001", 401, 0, channels.WebhookStats{Unauthorized: 1}},
		{"a channel that nobody has is 404", "/hook/third", "third", "1001", 404, 0, channels.WebhookStats{}},
		{"an address without a channel is 404", "/", "demo", "1001", 404, 0, channels.WebhookStats{}},
		{"what is signed and not understood is acknowledged and counted", "/hook/demo", "demo", "{", 200, 0, channels.WebhookStats{Unreadable: 1}},
		{"another account's order is not stored", "/hook/demo", "demo", "second/1001", 200, 0, channels.WebhookStats{Ignored: 1}},
		{"one bad name keeps no order back", "/hook/demo", "demo", "second/1001 1002", 200, 1, channels.WebhookStats{Stored: 1}},
		{"what is too long is 413", "/hook/demo", "demo", strings.Repeat("1", 2001), 413, 0, channels.WebhookStats{Incomplete: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := open(t, func(c *channels.WebhooksConfig) { c.MaxBody = 2000 })
			before := w.shop.Requests()
			assert.Equal(t, c.status, post(w.hooks, c.path, c.word, "d1", c.body).Code)
			assert.Equal(t, c.pending, w.pending(t))
			assert.Equal(t, before, w.shop.Requests(), "nobody is asked before the answer")
			stats := w.hooks.Stats()["demo"]
			assert.Equal(t, c.stats.Stored+c.stats.Ignored > 0, !stats.Last.IsZero())
			stats.Last = time.Time{}
			assert.Equal(t, c.stats, stats)
		})
	}
}

func TestWebhooksTakePostsOnly(t *testing.T) {
	w := httptest.NewRecorder()
	open(t).hooks.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/hook/demo", nil))
	assert.Equal(t, 405, w.Code)
	assert.Equal(t, "POST", w.Header().Get("Allow"))
}

// full is an inbox that stores nothing.
type full struct{ mip.Inbox }

func (full) Keep(context.Context, mip.Message) (bool, error) { return false, errors.New("disk full") }

func TestADeliveryIsStoredBeforeItIsAcknowledged(t *testing.T) {
	w := open(t, func(c *channels.WebhooksConfig) { c.Inbox = full{memstore.New()} })
	a := post(w.hooks, "/hook/demo", "demo", "d1", "1001")
	assert.Equal(t, 503, a.Code)
	assert.NotEmpty(t, a.Header().Get("Retry-After"))
	assert.Equal(t, 1, w.hooks.Stats()["demo"].NotStored)
}

func TestARepetitionIsStoredOnce(t *testing.T) {
	w := open(t)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { assert.Equal(t, 200, post(w.hooks, "/hook/demo", "demo", "d1", "1001").Code) })
	}
	wg.Wait()
	assert.Equal(t, 1, w.pending(t))
	assert.Equal(t, 19, w.hooks.Stats()["demo"].Repeated)
	_, err := w.hooks.Drain(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"1001"}, w.desk.ids())

	w = w.again(t) // after a restart it is known as well
	require.Equal(t, 200, post(w.hooks, "/hook/demo", "demo", "d1", "1001").Code)
	n, err := w.hooks.Drain(t.Context())
	require.NoError(t, err)
	assert.Zero(t, n)
	assert.Equal(t, []string{"1001"}, w.desk.ids())
}

func TestADeliveryWithoutAUsableIDIsKnownByItsDigest(t *testing.T) {
	for name, id := range map[string]string{"none": "", "too long": strings.Repeat("x", 300), "not printable": "a\x01b"} {
		w := open(t)
		for _, body := range []string{"1001", "1001", "1002"} {
			require.Equal(t, 200, post(w.hooks, "/hook/demo", "demo", id, body).Code)
		}
		want := 2
		if id != "" {
			want = 1 // the platform says that it is one delivery
		}
		assert.Equal(t, want, w.pending(t), name)
	}
}

func TestAWebhooksConfigThatCannotWorkIsRefused(t *testing.T) {
	shop := pushing{channeltest.NewShop("demo")}
	ingest := func(context.Context, mip.Facts) error { return nil }
	for name, c := range map[string]channels.WebhooksConfig{
		"nothing":         {},
		"no inbox":        {Channels: []channels.Pushed{shop}, Ingest: ingest},
		"no ingest":       {Channels: []channels.Pushed{shop}, Inbox: memstore.New()},
		"two of one name": {Channels: []channels.Pushed{shop, shop}, Inbox: memstore.New(), Ingest: ingest},
		"a negative size": {Channels: []channels.Pushed{shop}, Inbox: memstore.New(), Ingest: ingest, MaxBody: -1},
	} {
		_, err := channels.NewWebhooks(c)
		assert.ErrorIs(t, err, mip.ErrInvalid, name)
	}
}

func FuzzWebhooks(f *testing.F) {
	f.Add("demo", "d1", "1001 1002")
	f.Add("guess", "", "x")
	f.Add("demo", "\x00", "{")
	var logs bytes.Buffer
	w := open(f, func(c *channels.WebhooksConfig) { c.Rate = 1e9; c.Logger = slog.New(slog.NewTextHandler(&logs, nil)) })
	f.Fuzz(func(t *testing.T, word, id, body string) {
		code := post(w.hooks, "/hook/demo", word, id, body).Code
		assert.Contains(t, []int{200, 401, 413}, code)
		if word != "demo" {
			assert.Equal(t, 401, code)
		}
	})
}
