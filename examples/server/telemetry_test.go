//go:build unix

package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
)

// collector keeps what is sent by OTLP.
type collector struct {
	mu   sync.Mutex
	got  bytes.Buffer
	path string
}

func (c *collector) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		if unpacked, err := gzip.NewReader(r.Body); err == nil {
			body = unpacked
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.path = r.URL.Path
	_, _ = io.Copy(&c.got, body)
}

func (c *collector) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.got.String()
}

func TestMetricsAndTracesTellWhatHappensAndNotToWhom(t *testing.T) {
	w := newWorld(t)
	c := &collector{}
	sink := httptest.NewServer(c)
	t.Cleanup(sink.Close)
	p := w.start("OTEL_EXPORTER_OTLP_ENDPOINT="+sink.URL, "OTEL_BSP_SCHEDULE_DELAY=100")

	id := w.buy()
	p.until("the purchase", func() bool { return w.bought(id) == 1 })
	w.supplier.SetActive(bigbuytest.SKULamp, false) // the next one is held
	w.buy()
	p.until("a held order", func() bool { return p.shows(`openmip_orders_held{code="product.inactive"} 1`) })
	w.supplier.Fail(bigbuytest.RouteTrackingOrders, bigbuytest.NoServer, 6)
	p.until("a failure", func() bool { return p.shows(`openmip_failures_total{kind="unavailable"}`) })

	_, page := p.get("/metrics")
	for _, line := range []string{
		`openmip_orders{state="pending_review"} 1`,
		`openmip_transitions_total{event="imported",from="new",to="received"} 2`,
		`openmip_vendor_call_duration_seconds_count{account="bigbuy",call="POST order/create/multishipping.json",result="ok"} 1`,
		`openmip_vendor_call_duration_seconds_count{account="shop",call="GET /wp-json/wc/v3/orders",result="ok"}`,
		`openmip_purse_available{currency="EUR"} 99`,
	} {
		assert.Contains(t, page, line)
	}
	code := p.terminate()
	assert.Zero(t, code, p.story())
	assert.Equal(t, "/v1/traces", c.path)
	for _, word := range []string{"order submitted", "order pending_review", "bigbuy POST order/create/multishipping.json", "openmip.order", "failure"} {
		assert.Contains(t, c.text(), word)
	}
	silent(t, "metrics", page)
	silent(t, "traces", c.text())
	silent(t, "log", p.log())
}

func TestNothingIsTracedUnlessTheEnvironmentSaysWhere(t *testing.T) {
	for name, env := range map[string]map[string]string{
		"no endpoint": {}, "switched off": {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "true"},
	} {
		provider, err := tracing(t.Context(), func(name string) string { return env[name] })
		require.NoError(t, err)
		_, span := provider.Tracer("").Start(t.Context(), "x")
		assert.False(t, span.IsRecording(), name)
	}
}

func TestAllSpansOfAnOrderAreOneTrace(t *testing.T) {
	a, b := mip.Ref{Channel: "shop", ID: "1"}, mip.Ref{Channel: "shop", ID: "2"}
	first, one := byOrder{}.NewIDs(about(t.Context(), a))
	again, two := byOrder{}.NewIDs(about(t.Context(), a))
	other, _ := byOrder{}.NewIDs(about(t.Context(), b))
	none, _ := byOrder{}.NewIDs(t.Context())
	assert.Equal(t, first, again)
	assert.NotEqual(t, one, two)
	assert.NotEqual(t, first, other)
	assert.True(t, none.IsValid() && none != first)
}

func TestTheTableOfMetricsIsComplete(t *testing.T) {
	w := newWorld(t)
	p := w.start()
	p.until("metrics", func() bool { return p.shows("openmip_purse_available") })
	_, page := p.get("/metrics")
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	named := regexp.MustCompile("(?m)^\\| `(openmip_[a-z_]+)").FindAllStringSubmatch(string(text), -1)
	known := []string{}
	for _, n := range named {
		known = append(known, n[1])
	}
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (openmip_\w+)`).FindAllStringSubmatch(page, -1) {
		assert.True(t, slices.Contains(known, m[1]), "%s is not in the table", m[1])
	}
	source := ""
	for _, file := range []string{"telemetry.go", "watch.go"} {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		source += string(raw)
	}
	for _, name := range known {
		plain := strings.NewReplacer("_total", "", "_seconds", "").Replace(name)
		assert.Contains(t, strings.ReplaceAll(source, ".", "_"), `"`+plain+`"`, "the table has it, the program has not")
	}
}
