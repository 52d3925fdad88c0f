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
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels"
	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/mip"
)

// pushing is a shop that pushes: the body lists order ids, the header X-Word
// has to be the shop's name.
type pushing struct{ *channeltest.Shop }

var _ channels.Pushed = pushing{}

func (p pushing) Webhook(h http.Header, body []byte) (mip.Delivery, error) {
	if !hmac.Equal([]byte(h.Get("X-Word")), []byte(p.Name())) {
		return mip.Delivery{}, &mip.Error{Op: "webhook", Kind: mip.ErrUnauthorized}
	}
	if bytes.HasPrefix(body, []byte("{")) {
		return mip.Delivery{}, &mip.Error{Op: "webhook", Kind: mip.ErrContract}
	}
	d := mip.Delivery{ID: "d1", Topic: "orders"}
	for id := range strings.FieldsSeq(string(body)) {
		channel, id, other := strings.Cut(id, "/")
		if !other {
			channel, id = p.Name(), channel
		}
		d.Refs = append(d.Refs, mip.Ref{Channel: channel, ID: id})
	}
	return d, nil
}

// inbox is where orders are ingested.
type inbox struct {
	mu   sync.Mutex
	got  []mip.Facts
	gone []mip.Ref
	err  error
}

func (i *inbox) ingest(_ context.Context, f mip.Facts) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.err == nil {
		i.got = append(i.got, f)
	}
	return i.err
}

func (i *inbox) leave(_ context.Context, ref mip.Ref) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.gone = append(i.gone, ref)
	return nil
}

func (i *inbox) ids() []string {
	var out []string
	for _, f := range i.got {
		out = append(out, f.Ref.ID)
	}
	return out
}

func post(h http.Handler, word, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/hook", strings.NewReader(body))
	r.Header.Set("X-Word", word)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func receiver(t *testing.T, change func(*channels.ReceiverConfig)) (*channeltest.Shop, *inbox, http.Handler) {
	t.Helper()
	shop, in := channeltest.NewShop("demo"), &inbox{}
	shop.Buy(channeltest.Order(1))
	shop.Buy(channeltest.Order(2))
	c := channels.ReceiverConfig{Channel: pushing{shop}, Ingest: in.ingest}
	if change != nil {
		change(&c)
	}
	rc, err := channels.NewReceiver(c)
	require.NoError(t, err)
	return shop, in, rc
}

func TestReceiver(t *testing.T) {
	for _, c := range []struct {
		name, word, body string
		prepare          func(*channeltest.Shop, *inbox)
		status           int
		ids              []string
	}{
		{name: "what a delivery names is fetched and ingested", word: "demo", body: "1001", status: 200, ids: []string{"1001"}},
		{name: "several orders in one delivery all arrive", word: "demo", body: "1002 1001", status: 200, ids: []string{"1002", "1001"}},
		{name: "a ping is acknowledged", word: "demo", body: "", status: 200},
		{name: "a wrong signature is 401", word: "guess", body: "1001", status: 401},
		{name: "an order that is gone is acknowledged", word: "demo", body: "77", status: 200},
		{name: "a body that cannot be read is to be repeated", word: "demo", body: "{", status: 500},
		{name: "another account's order is not ingested", word: "demo", body: "other/1001", status: 500},
		{name: "one bad name keeps no order back", word: "demo", body: "other/1001 1002", status: 500, ids: []string{"1002"}},
		{name: "an ingest that fails is to be repeated", word: "demo", body: "1001", status: 500,
			prepare: func(_ *channeltest.Shop, in *inbox) { in.err = errors.New("disk full") }},
		{name: "a store that is away is to be repeated", word: "demo", body: "1001", status: 503,
			prepare: func(_ *channeltest.Shop, in *inbox) { in.err = &mip.Error{Op: "store", Kind: mip.ErrUnavailable} }},
		{name: "a known order is acknowledged", word: "demo", body: "1001", status: 200,
			prepare: func(_ *channeltest.Shop, in *inbox) { in.err = mip.ErrIgnored }},
		{name: "our own bad key is not the sender's fault", word: "demo", body: "1001", status: 500,
			prepare: func(s *channeltest.Shop, _ *inbox) { s.Fail(channeltest.Answers(401)...) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			shop, in, h := receiver(t, nil)
			if c.prepare != nil {
				c.prepare(shop, in)
			}
			assert.Equal(t, c.status, post(h, c.word, c.body).Code)
			assert.Equal(t, c.ids, in.ids())
		})
	}
}

func TestReceiverTakesWhatTheShopHasNowNotWhatWasSent(t *testing.T) {
	shop, in, h := receiver(t, nil)
	shop.Withdraw(mip.Ref{Channel: "demo", ID: "1001"})
	require.Equal(t, 200, post(h, "demo", "1001").Code)
	assert.Equal(t, mip.DemandCancel, in.got[0].Demand)
}

func TestReceiverTellsOfOrdersThatAreGone(t *testing.T) {
	var seen *inbox
	_, in, h := receiver(t, func(c *channels.ReceiverConfig) {
		seen = &inbox{}
		c.Gone = seen.leave
	})
	require.Equal(t, 200, post(h, "demo", "77 1001").Code)
	assert.Equal(t, []mip.Ref{{Channel: "demo", ID: "77"}}, seen.gone)
	assert.Equal(t, []string{"1001"}, in.ids())
}

func TestReceiverLimits(t *testing.T) {
	t.Run("a long body is 413 and goes no further", func(t *testing.T) {
		_, in, h := receiver(t, func(c *channels.ReceiverConfig) { c.MaxBody = 8 })
		assert.Equal(t, 413, post(h, "demo", "1001 1002 1001").Code)
		assert.Equal(t, 200, post(h, "demo", "    1001").Code)
		assert.Equal(t, []string{"1001"}, in.ids())
	})
	t.Run("only POST", func(t *testing.T) {
		_, _, h := receiver(t, nil)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/hook", nil))
		assert.Equal(t, 405, w.Code)
		assert.Equal(t, "POST", w.Header().Get("Allow"))
	})
	t.Run("a shop that does not answer is given up", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			shop, in, h := receiver(t, func(c *channels.ReceiverConfig) { c.Timeout = 3 * time.Second })
			shop.Fail(channeltest.Fault{Hang: true})
			began := time.Now()
			assert.Equal(t, 503, post(h, "demo", "1001").Code)
			assert.Equal(t, 3*time.Second, time.Since(began))
			assert.Empty(t, in.got)
		})
	})
	t.Run("the shop's wish to wait is passed on", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			shop, _, h := receiver(t, func(c *channels.ReceiverConfig) { c.Timeout = time.Hour })
			shop.Fail(channeltest.Fault{Status: 429, RetryAfter: 7 * time.Second, Times: -1})
			w := post(h, "demo", "1001")
			assert.Equal(t, 503, w.Code)
			assert.Equal(t, "7", w.Header().Get("Retry-After"))
		})
	})
	t.Run("a sender that hangs up does not stop the commit", func(t *testing.T) {
		_, in, h := receiver(t, nil)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		r := httptest.NewRequest(http.MethodPost, "/hook", strings.NewReader("1001")).WithContext(ctx)
		r.Header.Set("X-Word", "demo")
		h.ServeHTTP(httptest.NewRecorder(), r)
		assert.Equal(t, []string{"1001"}, in.ids())
	})
	t.Run("many deliveries at once are all taken", func(t *testing.T) {
		_, in, h := receiver(t, nil)
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() { assert.Equal(t, 200, post(h, "demo", "1001").Code) })
		}
		wg.Wait()
		assert.Len(t, in.got, 20)
	})
}

func TestReceiverSaysNothingPersonal(t *testing.T) {
	var log bytes.Buffer
	shop, in, h := receiver(t, func(c *channels.ReceiverConfig) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	f := channeltest.Order(3)
	f.ShipTo.LastName = "Canarylast"
	ref := shop.Buy(f)
	in.err = errors.New("disk full")
	for _, w := range []*httptest.ResponseRecorder{
		post(h, "demo", ref.ID), post(h, "word-of-a-stranger", ref.ID), post(h, "demo", "{Canarylast"), post(h, "demo", "77"),
	} {
		assert.NotContains(t, w.Body.String(), "Canarylast")
		assert.NotContains(t, w.Body.String(), "disk full")
	}
	assert.Contains(t, log.String(), "disk full")
	assert.NotContains(t, log.String(), "Canarylast")
	assert.NotContains(t, log.String(), "stranger")
}

func TestNewReceiver(t *testing.T) {
	shop, in := pushing{channeltest.NewShop("demo")}, &inbox{}
	for name, c := range map[string]channels.ReceiverConfig{
		"no channel":         {Ingest: in.ingest},
		"no ingest":          {Channel: shop},
		"a negative limit":   {Channel: shop, Ingest: in.ingest, MaxBody: -1},
		"a negative timeout": {Channel: shop, Ingest: in.ingest, Timeout: -1},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			_, err := channels.NewReceiver(c)
			assert.ErrorIs(t, err, mip.ErrInvalid)
		})
	}
}

// Whatever is posted, the answer is one of the documented ones.
func FuzzReceiver(f *testing.F) {
	f.Add("demo", "1001")
	f.Add("", "1001 1002")
	f.Add("demo", "{\x00")
	f.Add("demo", "demo/1001 other/")
	shop, in := channeltest.NewShop("demo"), &inbox{}
	shop.Buy(channeltest.Order(1))
	h, err := channels.NewReceiver(channels.ReceiverConfig{Channel: pushing{shop}, Ingest: in.ingest})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, word, body string) {
		code := post(h, word, body).Code
		assert.Contains(t, []int{200, 401, 413, 500, 503}, code)
		if word != "demo" {
			assert.Equal(t, 401, code)
		}
	})
}

// A platform posts to /webhooks/demo; the order it names is fetched and stored.
func ExampleReceiver() {
	shop := channeltest.NewShop("demo")
	ref := shop.Buy(channeltest.Order(1))
	receiver, err := channels.NewReceiver(channels.ReceiverConfig{
		Channel: pushing{shop},
		Ingest: func(_ context.Context, f mip.Facts) error {
			fmt.Println("ingested", f.Ref)
			return nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/webhooks/demo", receiver)

	delivery := httptest.NewRequest(http.MethodPost, "/webhooks/demo", strings.NewReader(ref.ID))
	delivery.Header.Set("X-Word", "demo")
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, delivery)
	fmt.Println(w.Code)
	// Output:
	// ingested demo/1001
	// 200
}
