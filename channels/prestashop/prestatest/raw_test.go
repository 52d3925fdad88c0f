package prestatest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/prestashop/prestatest"
)

// raw speaks plain HTTP to a shop, so that the tests share no mistake with
// any client.
type raw struct {
	t    *testing.T
	shop *prestatest.Server
}

type reply struct {
	status int
	header http.Header
	body   string
}

// in runs a test inside a bubble, where time is the shop's and costs nothing.
func in(t *testing.T, c prestatest.Config, test func(t *testing.T, r raw)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, raw{t, prestatest.New(c)}) })
}

func (r raw) send(method, path, body string, change func(*http.Request)) reply {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.shop.URL()+"/api/"+path, strings.NewReader(body))
	require.NoError(r.t, err)
	req.SetBasicAuth(prestatest.DefaultKey, "")
	if change != nil {
		change(req)
	}
	resp, err := r.shop.Transport().RoundTrip(req)
	require.NoError(r.t, err)
	b, err := io.ReadAll(resp.Body)
	require.NoError(r.t, err)
	return reply{resp.StatusCode, resp.Header, string(b)}
}

// get reads in JSON; query is written as name=value with unescaped brackets.
func (r raw) get(path, query string) reply {
	r.t.Helper()
	q := url.Values{"output_format": {"JSON"}}
	for pair := range strings.SplitSeq(query, "&") {
		if k, v, ok := strings.Cut(pair, "="); ok {
			q.Set(k, v)
		}
	}
	return r.send("GET", path+"?"+q.Encode(), "", nil)
}

// write sends a resource in XML.
func (r raw) write(method, path, node, fields string) reply {
	r.t.Helper()
	return r.send(method, path, "<prestashop><"+node+">"+fields+"</"+node+"></prestashop>", nil)
}

// rows are those of a list in JSON.
func (p reply) rows(t *testing.T, list string) []map[string]any {
	t.Helper()
	require.Equal(t, http.StatusOK, p.status, p.body)
	if p.body == "[]" {
		return nil
	}
	var out map[string][]map[string]any
	require.NoError(t, json.Unmarshal([]byte(p.body), &out), p.body)
	require.NotEmpty(t, out[list])
	return out[list]
}

// code is that of a refusal in JSON.
func (p reply) code(t *testing.T) int {
	t.Helper()
	var out struct {
		Errors []struct {
			Code    int
			Message string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(p.body), &out), p.body)
	require.Len(t, out.Errors, 1)
	require.NotEmpty(t, out.Errors[0].Message)
	return out.Errors[0].Code
}
