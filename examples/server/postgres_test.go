//go:build unix

package main

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip/postgres/pgtest"
)

// shared puts the orders into a PostgreSQL that several daemons share.
func (w *world) shared() {
	w.config["store"] = map[string]any{"url": "${DATABASE_URL}"}
	w.config["river"] = map[string]any{"user": "ops", "password": "${RIVER_PASSWORD}"}
	w.env = append(w.env, "DATABASE_URL="+pgtest.Database(w.t))
}

func TestTwoDaemonsShareADatabase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.shared()
	one, two := w.start(), w.start()
	ids := []int64{w.buy(), w.buy(), w.buy()}
	for i, id := range ids {
		one.until("the purchase", func() bool { return w.bought(id) == 1 })
		if i == 0 {
			code := one.terminate() // its duties go to the other one
			assert.Zero(t, code, one.story())
			one = two
		}
	}
	for _, id := range ids {
		w.ship(id, "TRK")
		two.until("tracking", func() bool { return w.tracked(id, "TRK") })
		assert.Equal(t, 1, w.bought(id))
	}
	_, body := two.get("/readyz")
	assert.JSONEq(t, `{"ready":true,"why":[]}`, body)
	code := two.terminate()
	assert.Zero(t, code, two.story())
	silent(t, "log", two.log())
}

func TestTerminationLetsAPurchaseEndOnPostgreSQLToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.shared()
	p := w.start()
	w.supplier.Fail(bigbuytest.RouteReference, bigbuytest.NoServer, -1) // nothing can be looked up
	id := w.slowly(p)
	code := p.terminate()
	assert.Zero(t, code, p.story())
	assert.Contains(t, p.log(), `"event":"placed"`)
	assert.Equal(t, 1, w.bought(id))
}

func TestRiversPagesNeedThePassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.shared()
	p := w.start()
	id := w.buy()
	p.until("the purchase", func() bool { return w.bought(id) == 1 })
	ask := func(method, path string, change func(*http.Request)) (int, string) {
		r, err := http.NewRequest(method, "http://"+p.address+path, nil)
		require.NoError(t, err)
		change(r)
		answer, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		return answer.StatusCode, string(body)
	}
	known := func(r *http.Request) { r.SetBasicAuth("ops", riverSecret) }
	for path, want := range map[string]string{"/river/": `id="root"`, "/river/api/queues": "main-submit", "/river/api/jobs?state=completed": "openmip_effect"} {
		status, body := ask(http.MethodGet, path, known)
		assert.Equal(t, http.StatusOK, status, path)
		assert.Contains(t, body, want)
		silent(t, path, body)
		status, _ = ask(http.MethodGet, path, func(*http.Request) {})
		assert.Equal(t, http.StatusUnauthorized, status, path)
		status, _ = ask(http.MethodGet, path, func(r *http.Request) { r.SetBasicAuth("ops", "guess") })
		assert.Equal(t, http.StatusUnauthorized, status, path)
	}
	status, _ := ask(http.MethodPut, "/river/api/queues/main-submit/pause", func(r *http.Request) {
		known(r)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
	})
	assert.Equal(t, http.StatusForbidden, status, "another site's page must not use the password")
}
