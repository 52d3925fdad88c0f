package bigbuytest

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/openmip/openmip/mip"
)

const (
	// Token is the key the server accepts unless [Config.Token] names another.
	Token = "bigbuytest-key"
	// URL is a base URL for clients that use [Server.Transport], which takes
	// requests for any host. The paths below it begin with /rest.
	URL = "https://bigbuy.test"
)

// maxBody bounds what is read of a request.
const maxBody = 16 << 20

// Config describes a world. The zero value is a useful one.
type Config struct {
	Token    string    // empty = [Token]
	Balance  mip.Money // of the purse, EUR; no amount = €10,000.00
	Products []Product // nil = [Catalogue]
	Carriers []Carrier // nil = [Carriers]
	Switches Switches
}

// Server is one account at BigBuy. It is safe for concurrent use.
type Server struct {
	token     string
	endpoints []endpoint

	mu       sync.Mutex
	sw       Switches
	balance  decimal.Decimal
	products []*product
	carriers []Carrier
	orders   []*order // in the order they were made: ids rise
	byRef    map[string][]*order
	open     []*order // of them, what can still change by itself
	nextID   int
	late     []lateCommit
	windows  map[Route]window
	plans    map[Route][]plan
	counts   map[Route]int
	limited  int
	calls    []Call
	seq      int
	hook     func(Call) Fault

	hookMu sync.Mutex // one call of the hook at a time; never taken under mu
}

var _ http.Handler = (*Server)(nil)

// New returns a server. It panics if c contradicts itself (two products with
// one SKU, an amount that is not in euros): a test cannot go on then.
func New(c Config) *Server {
	s := &Server{
		token: c.Token, endpoints: endpoints(), sw: c.Switches, nextID: 15_000_001,
		byRef:   map[string][]*order{},
		windows: map[Route]window{}, plans: map[Route][]plan{}, counts: map[Route]int{},
	}
	if s.token == "" {
		s.token = Token
	}
	if c.Balance.Currency() == "" {
		c.Balance = mip.EUR(10_000_00)
	}
	s.balance = euros(c.Balance)
	if c.Products == nil {
		c.Products = Catalogue()
	}
	for _, p := range c.Products {
		s.addProduct(p)
	}
	if c.Carriers == nil {
		c.Carriers = Carriers()
	}
	s.carriers = c.Carriers
	return s
}

// ServeHTTP implements [http.Handler]. A lost answer closes the connection: at
// once for [Reset] and [Unreachable], when the client leaves for [Timeout] and
// [Hang].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, lost := s.serve(r)
	switch lost {
	case Timeout, Hang:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case Reset, Unreachable:
		panic(http.ErrAbortHandler)
	}
	for name, values := range answer.header {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.status)
	_, _ = w.Write(answer.body) // the client may be gone; there is nobody to tell
}

// request is what a handler sees. Handlers run under the server's mutex.
type request struct {
	*endpoint
	args  []string // the variable parts of the path
	query map[string][]string
	body  []byte
	now   time.Time
	fault Fault
}

// param returns a query parameter, empty if it is missing.
func (q *request) param(name string) string {
	if v := q.query[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// serve answers one request. lost is [None], or what became of the answer.
func (s *Server) serve(r *http.Request) (answer reply, lost Fault) {
	body, err := io.ReadAll(io.LimitReader(orNoBody(r.Body), maxBody))
	if err != nil {
		return badRequest(), None
	}
	q := &request{query: r.URL.Query(), body: body}
	q.endpoint, q.args = s.match(r.Method, r.URL.EscapedPath())
	answer, headers, call, done := s.admit(r, q)
	if !done {
		answer, lost = s.attempt(q, call)
		if lost == None && !answer.gateway {
			answer.merge(headers)
		}
	}
	s.finish(call, answer, lost)
	s.pause(r)
	return answer, lost
}

// orNoBody lets callers that leave the body out be read like the others.
func orNoBody(body io.ReadCloser) io.ReadCloser {
	if body == nil {
		return http.NoBody
	}
	return body
}

// admit counts a request and lets it pass the firewall and the limiter. done
// says that answer is final.
func (s *Server) admit(r *http.Request, q *request) (answer reply, headers http.Header, call Call, done bool) {
	now := s.enter()
	defer s.mu.Unlock()
	call = s.record(r, q, now)
	switch {
	case q.endpoint == nil:
		return badRequest(), nil, call, true
	case r.Header.Get("Authorization") != "Bearer "+s.token:
		return jsonReply(http.StatusUnauthorized, messageBody{"Invalid Token"}), nil, call, true
	case r.Method == http.MethodPost && !isJSON(r.Header.Get("Content-Type")):
		return codeReply(http.StatusUnsupportedMediaType, "Unsupported media type"), nil, call, true
	}
	headers, ok := s.allow(q.endpoint, now)
	if !ok {
		answer = tooMany()
		answer.merge(headers)
		return answer, headers, call, true
	}
	return reply{}, headers, call, false
}

// attempt does what the request asks for, and spoils it as planned.
func (s *Server) attempt(q *request, call Call) (reply, Fault) {
	fault, prepared := s.planned(q.route, call)
	q.fault = fault
	if prepared != nil {
		return *prepared, None
	}
	if !fault.executes() {
		if fault&LateCommit != 0 && fault.Loses() {
			s.postpone(q)
		}
		return fault.spoil(reply{})
	}
	now := s.enter()
	defer s.mu.Unlock()
	q.now = now
	answer := q.handle(s, q)
	if s.sw.TypeFlips {
		answer.flip()
	}
	return fault.spoil(answer)
}

// pause waits out the switch Latency, or until the client gives up.
func (s *Server) pause(r *http.Request) {
	s.mu.Lock()
	d := s.sw.Latency
	s.mu.Unlock()
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}

// enter locks the server and lets happen what is due by now. The caller
// unlocks.
func (s *Server) enter() time.Time {
	s.mu.Lock()
	now := time.Now()
	s.commitLate(now)
	s.progress(now)
	return now
}

// euros returns the bare amount. Only euros are known here.
func euros(m mip.Money) decimal.Decimal {
	if m.Currency() != "EUR" {
		panic(fmt.Sprintf("bigbuytest: want an amount in EUR, got %q", m.Currency()))
	}
	return m.Amount()
}

// money puts an amount back into the vocabulary of the library.
func money(d decimal.Decimal) mip.Money {
	m, err := mip.MoneyOf(d, "EUR")
	if err != nil {
		panic("bigbuytest: " + err.Error()) // EUR is a currency
	}
	return m
}
