package shopifytest

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Server is one shop. All methods are safe for concurrent use.
type Server struct {
	cfg Config

	mu        sync.Mutex // guards what follows
	skew      time.Duration
	lastID    int64
	orders    map[int64]*Order
	tokens    map[string]time.Time // until when each is good
	available int                  // thousandths of points
	filled    time.Time
	hooks     []*hook
	outbox    []Delivery
	rotated   time.Time
	oldSecret string
	faults    []Fault
	counts    map[string]int
	calls     []Call
}

// Call is one GraphQL request the shop understood.
type Call struct {
	Name   string // the operation's name
	Writes bool
	Vars   map[string]any
	Code   string // of the first error, empty if there was none
	Cost   int
	At     time.Time
}

// URL is the shop's address.
func (s *Server) URL() string { return s.cfg.URL }

func (s *Server) host() string {
	u, err := url.Parse(s.cfg.URL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// now is the shop's clock, in whole seconds as on the wire.
func (s *Server) now() time.Time { return time.Now().Add(s.skew).UTC().Truncate(time.Second) }

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 16<<20))
	if err != nil {
		return
	}
	f := s.fault(r)
	if f.Delay > 0 && !pause(r, f.Delay) {
		panic(http.ErrAbortHandler)
	}
	if f.Lost == Before {
		f.lose(r)
	}
	a := answer{header: http.Header{}}
	if f.Status == 0 || f.Applied {
		a = s.answer(r, body)
	}
	if f.Lost == After {
		f.lose(r)
	}
	f.spoil(&a)
	for k, v := range a.header {
		w.Header()[k] = v
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

func (s *Server) say(status int, v any) answer {
	b, err := json.Marshal(v)
	if err != nil {
		panic("shopifytest: " + err.Error())
	}
	return answer{status, http.Header{"Content-Type": {"application/json; charset=utf-8"}, "Date": {s.now().Format(http.TimeFormat)}}, b}
}

func (s *Server) answer(r *http.Request, body []byte) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick()
	version, ok := strings.CutPrefix(r.URL.Path, "/admin/api/")
	version, found := strings.CutSuffix(version, "/graphql.json")
	switch {
	case r.Method != http.MethodPost:
		return s.say(http.StatusNotFound, map[string]any{"errors": "Not Found"})
	case r.URL.Path == "/admin/oauth/access_token":
		return s.grant(r, body)
	case !ok || !found:
		return s.say(http.StatusNotFound, map[string]any{"errors": "Not Found"})
	case !s.knows(r.Header.Get("X-Shopify-Access-Token")):
		return s.say(http.StatusUnauthorized, map[string]any{"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"})
	}
	a := s.say(http.StatusOK, s.graphQL(body))
	if s.cfg.Version != "" {
		version = s.cfg.Version
	}
	a.header.Set("X-Shopify-API-Version", version)
	return a
}

func (s *Server) knows(token string) bool {
	until, ok := s.tokens[token]
	return token == s.cfg.Token || ok && time.Now().Before(until)
}

// grant gives a token for the client credentials, sent as a form or JSON.
func (s *Server) grant(r *http.Request, body []byte) answer {
	var in map[string]string
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		_ = json.Unmarshal(body, &in)
	} else if form, err := url.ParseQuery(string(body)); err == nil {
		in = map[string]string{}
		for k := range form {
			in[k] = form.Get(k)
		}
	}
	if in["grant_type"] != "client_credentials" || in["client_id"] != s.cfg.ClientID || in["client_secret"] != s.cfg.Secret {
		return s.say(http.StatusBadRequest, map[string]any{"error": "invalid_request", "error_description": "The client is not known"})
	}
	s.counts["token"]++
	token := "shpat_granted_" + strconv.FormatInt(s.newID(), 10)
	s.tokens[token] = time.Now().Add(s.cfg.TokenLife)
	return s.say(http.StatusOK, map[string]any{"access_token": token, "scope": strings.Join(s.cfg.Scopes, ","),
		"expires_in": int(s.cfg.TokenLife / time.Second)})
}

// Revoke makes every token granted so far worthless.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens = map[string]time.Time{}
}

// SetScopes changes what the app may do; a merchant approves or withdraws.
func (s *Server) SetScopes(scopes ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.Scopes = scopes
}

// may reports whether the app has a scope; the right to write includes reading.
func (s *Server) may(scope string) bool {
	return slices.Contains(s.cfg.Scopes, scope) ||
		strings.HasPrefix(scope, "read_") && slices.Contains(s.cfg.Scopes, "write_"+scope[len("read_"):])
}

// mayRoute reports whether the app may read or write fulfillment orders at all.
func (s *Server) mayRoute(what string) bool {
	for _, kind := range []string{"merchant_managed", "assigned", "third_party"} {
		if s.may(what + "_" + kind + "_fulfillment_orders") {
			return true
		}
	}
	return false
}

// Skew lets the shop's clock run d ahead of package time.
func (s *Server) Skew(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.skew = d
}

// Count returns how many operations of this name the shop carried out or
// refused; "token" counts the tokens granted.
func (s *Server) Count(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[name]
}

// Calls returns every request the shop understood, oldest first.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Writes returns the mutations among [Server.Calls].
func (s *Server) Writes() []Call {
	return slices.DeleteFunc(s.Calls(), func(c Call) bool { return !c.Writes })
}

// Listen serves the shop on a loopback port until stop is called.
func (s *Server) Listen() (url string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	srv := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = srv.Serve(l) }()
	return "http://" + l.Addr().String(), func() { _ = srv.Close() }, nil
}

// Transport returns a round tripper that calls the shop directly, without a
// socket or a goroutine.
func (s *Server) Transport() http.RoundTripper { return direct{s} }

// Handler makes a handler a target for [Server.Deliver].
func Handler(h http.Handler) http.RoundTripper { return direct{h} }

type direct struct{ http.Handler }

func (t direct) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	in.Host, in.RequestURI = r.URL.Host, r.URL.RequestURI()
	if r.Body == nil {
		in.Body = http.NoBody
	} else {
		defer func() { _ = r.Body.Close() }()
	}
	defer func() {
		if v := recover(); v == http.ErrAbortHandler { //nolint:errorlint // panics carry the very value
			if err = r.Context().Err(); err == nil {
				err = &net.OpError{Op: "read", Net: "tcp", Err: io.ErrUnexpectedEOF}
			}
			resp = nil
		} else if v != nil {
			panic(v)
		}
	}()
	rec := &recorder{header: http.Header{}, status: http.StatusOK}
	t.ServeHTTP(rec, in)
	return &http.Response{Status: http.StatusText(rec.status), StatusCode: rec.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: rec.header, Body: io.NopCloser(&rec.body), ContentLength: int64(rec.body.Len()), Request: r}, nil
}

type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }
