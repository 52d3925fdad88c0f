package paypaltest_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/openmip/openmip/paypal/internal/contract"
	"github.com/openmip/openmip/paypal/paypaltest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// specs is PayPal's OpenAPI files; nil if they are not there.
var specs = sync.OnceValues(func() (*contract.Specs, error) {
	if contract.Dir() == "" {
		return nil, errors.New("OPENMIP_SPECS is not set: PayPal's OpenAPI files are not checked")
	}
	return contract.Validator(contract.Dir())
})

// app is a client without any cleverness. Whatever it is answered is held
// against PayPal's files, and so is what it sends, where that is not refused.
type app struct {
	*paypaltest.Server
	t        *testing.T
	client   *http.Client
	token    string
	seen     []contract.Violation
	unlisted bool // answers that PayPal does not document are expected
}

func newApp(t *testing.T, c paypaltest.Config) *app {
	t.Helper()
	a := &app{Server: paypaltest.New(c), t: t}
	a.client = a.Client()
	a.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if s, err := specs(); err == nil {
		a.client.Transport = s.Transport(a.client.Transport, func(v contract.Violation) { a.seen = append(a.seen, v) })
	}
	a.login()
	return a
}

func (a *app) login() {
	a.t.Helper()
	r, err := http.NewRequestWithContext(a.t.Context(), http.MethodPost, paypaltest.URL+"/v1/oauth2/token", strings.NewReader("grant_type=client_credentials"))
	require.NoError(a.t, err)
	r.SetBasicAuth(paypaltest.ClientID, paypaltest.Secret)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := a.send(r)
	require.NoError(a.t, err)
	require.Equal(a.t, 200, got.status, got.raw)
	a.token = got.text("access_token")
}

type answer struct {
	status int
	header http.Header
	raw    string
	body   any
}

func (a *app) send(r *http.Request) (answer, error) {
	a.t.Helper()
	a.seen = nil
	resp, err := a.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	raw, err := io.ReadAll(resp.Body)
	require.NoError(a.t, err)
	_ = resp.Body.Close()
	got := answer{status: resp.StatusCode, header: resp.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &got.body)
	for _, v := range a.seen {
		replayed := resp.StatusCode == 200 && strings.Contains(v.What, "status 200 is not described")
		if !a.unlisted && !replayed && (v.Answer || resp.StatusCode < 400) {
			assert.Fail(a.t, v.String(), got.raw)
		}
	}
	return got, nil
}

// try makes a call; headers are names and values in turn.
func (a *app) try(call, body string, headers ...string) (answer, error) {
	a.t.Helper()
	method, path, _ := strings.Cut(call, " ")
	r, err := http.NewRequestWithContext(a.t.Context(), method, paypaltest.URL+path, strings.NewReader(body))
	require.NoError(a.t, err)
	r.Header.Set("Authorization", "Bearer "+a.token)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return a.send(r)
}

func (a *app) do(call, body string, headers ...string) answer {
	a.t.Helper()
	got, err := a.try(call, body, headers...)
	require.NoError(a.t, err)
	return got
}

// key is the headers of a write that wants to see everything.
func key(id string) []string {
	return []string{"PayPal-Request-Id", id, "Prefer", "return=representation"}
}

// at follows a path of keys and indexes through the body.
func (a answer) at(path string) any {
	v := a.body
	for _, part := range strings.Split(path, ".") {
		switch node := v.(type) {
		case map[string]any:
			v = node[part]
		case []any:
			i := int(part[0] - '0')
			if i >= len(node) {
				return nil
			}
			v = node[i]
		default:
			return nil
		}
	}
	return v
}

func (a answer) text(path string) string { s, _ := a.at(path).(string); return s }

func (a answer) issue() string { return a.text("details.0.issue") }

// link returns the address of a link.
func (a answer) link(rel string) string {
	links, _ := a.at("links").([]any)
	for _, l := range links {
		if m, _ := l.(map[string]any); m["rel"] == rel {
			return m["href"].(string)
		}
	}
	return ""
}

func euros(value string) string { return `{"currency_code":"EUR","value":"` + value + `"}` }

// plain is an order that a person approves.
func plain(value, invoice string) string {
	return `{"intent":"CAPTURE","purchase_units":[{"invoice_id":"` + invoice + `","custom_id":"shop-1","amount":` + euros(value) + `}],` +
		`"payment_source":{"paypal":{"experience_context":{"return_url":"https://shop.test/back?state=x","cancel_url":"https://shop.test/stop","user_action":"PAY_NOW"}}}}`
}

// vaulted is an order that a saved account pays at once.
func vaulted(value, invoice, token string) string {
	return `{"intent":"CAPTURE","purchase_units":[{"invoice_id":"` + invoice + `","custom_id":"shop-1","amount":` + euros(value) + `}],` +
		`"payment_source":{"paypal":{"vault_id":"` + token + `","stored_credential":{"payment_initiator":"MERCHANT","usage":"SUBSEQUENT","usage_pattern":"IMMEDIATE"}}}}`
}

// approved creates an order that the payer has agreed to.
func (a *app) approved(value, invoice string) string {
	a.t.Helper()
	got := a.do("POST /v2/checkout/orders", plain(value, invoice), key("create-"+invoice)...)
	require.Equal(a.t, 201, got.status, got.raw)
	require.NoError(a.t, a.Approve(got.text("id")))
	return got.text("id")
}

// paid is an order whose money was captured; it returns the capture's id.
func (a *app) paid(value, invoice string) (orderID, captureID string) {
	a.t.Helper()
	id := a.approved(value, invoice)
	got := a.do("POST /v2/checkout/orders/"+id+"/capture", "", key("capture-"+invoice)...)
	require.Equal(a.t, 201, got.status, got.raw)
	return id, got.text("purchase_units.0.payments.captures.0.id")
}

func TestAnswersAreHeldAgainstPayPalsFiles(t *testing.T) {
	s, err := specs()
	if err != nil {
		t.Skip(err.Error())
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, paypaltest.URL+"/v2/checkout/orders/5O190127TN364715T", nil)
	require.NoError(t, err)
	wrong := s.Answer(r, 200, http.Header{"Content-Type": {"application/json"}}, []byte(`{"status":"PAID"}`))
	assert.NotEmpty(t, wrong, "an answer that PayPal does not give is noticed")
}
