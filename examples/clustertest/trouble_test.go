//go:build unix

package clustertest_test

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
)

// fate is what happens to the first purchase under a reference.
type fate int

const (
	lucky   fate = iota
	unheard      // bought, and the process dies before it hears so
	shaken       // bought, and the process dies while it writes that down
	late         // bought only after it was proven absent, when it is about to be bought again
	blind        // bought, the answer is lost, and look-ups fail for a while
	undone       // the connection breaks before anything was bought
	spoilt       // the answer is bad, whether bought or not
)

// misfortunes are a deck's, besides luck. Each deck is dealt to its end before
// the next one, so that no run goes without.
var misfortunes = []fate{unheard, shaken, shaken, late, blind, undone, spoilt, spoilt}

// story is what happened under a reference so far.
type story struct {
	fate  fate
	fails int // of a blind one's look-ups
}

// blindUntil is how many look-ups fail: three questions of three tries.
const blindUntil = 9

// purchaseFaults spoil answers, with and without effect.
var purchaseFaults = []bigbuytest.Fault{
	bigbuytest.Reset | bigbuytest.AfterCommit, bigbuytest.ServerError, bigbuytest.ServerError | bigbuytest.AfterCommit,
	bigbuytest.Embedded | bigbuytest.AfterCommit, bigbuytest.Truncated,
}

var readFaults = []bigbuytest.Fault{bigbuytest.ServerError, bigbuytest.NoServer, bigbuytest.Truncated, bigbuytest.Empty, bigbuytest.Reset}

// deal returns the next fate of the deck.
func (o *outside) deal() fate {
	if len(o.deck) == 0 {
		o.deck = append(slices.Clone(misfortunes), make([]fate, o.luck)...)
		o.rnd.Shuffle(len(o.deck), func(i, j int) { o.deck[i], o.deck[j] = o.deck[j], o.deck[i] })
	}
	f := o.deck[0]
	o.deck = o.deck[1:]
	return f
}

// supplierTrouble decides what happens to a call that BigBuy admits.
func (o *outside) supplierTrouble(c bigbuytest.Call) bigbuytest.Fault {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.quiet:
		return bigbuytest.None
	case c.Route == bigbuytest.RouteCreateMulti:
		return o.purchaseTrouble(reference(c.Body))
	case c.Route == bigbuytest.RouteReference:
		s := o.stories[lookedUp(c.Path)]
		switch {
		case s != nil && s.fate == late:
			return bigbuytest.None
		case s != nil && s.fate == blind && s.fails < blindUntil:
			s.fails++
			return bigbuytest.ServerError
		}
	}
	if o.rnd.IntN(40) == 0 {
		return readFaults[o.rnd.IntN(len(readFaults))]
	}
	return bigbuytest.None
}

// purchaseTrouble deals a fate to the first purchase under a reference.
func (o *outside) purchaseTrouble(reference string) bigbuytest.Fault {
	if o.stories[reference] != nil {
		return bigbuytest.None
	}
	s := &story{fate: o.deal()}
	o.stories[reference] = s
	switch s.fate {
	case late:
		return bigbuytest.GatewayTimeout | bigbuytest.LateCommit
	case blind:
		return bigbuytest.Reset | bigbuytest.AfterCommit
	case undone:
		return bigbuytest.Reset
	case spoilt:
		return purchaseFaults[o.rnd.IntN(len(purchaseFaults))]
	}
	return bigbuytest.None
}

// lookedUp is the reference that a look-up asks for.
func lookedUp(address string) string {
	last, _, _ := strings.Cut(path.Base(address), "?")
	return strings.TrimSuffix(last, ".json")
}

// door is where one process finds BigBuy.
func (o *outside) door(p *process) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		buys := strings.HasSuffix(r.URL.Path, "/create/multishipping.json")
		if buys {
			o.approach(reference(body))
		} else if strings.Contains(r.URL.Path, "/reference/") {
			o.approach(lookedUp(r.URL.Path))
		}
		answer := httptest.NewRecorder()
		o.supplier.ServeHTTP(answer, r)
		if buys && answer.Code == http.StatusOK {
			o.strike(p, reference(body))
		}
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // the process may be dead
	})
}

// approach lets a late purchase happen at the first call about it after a
// second attempt was decided. That call must be a look-up.
func (o *outside) approach(reference string) {
	o.mu.Lock()
	s := o.stories[reference]
	waits := s != nil && s.fate == late
	o.mu.Unlock()
	if !waits || o.attempts(reference) < 2 {
		return
	}
	o.mu.Lock()
	s.fate = lucky
	o.mu.Unlock()
	o.supplier.CommitLate()
}

// strike kills the process that has just bought, if that is its fate.
func (o *outside) strike(p *process, reference string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	s := o.stories[reference]
	if s == nil || o.quiet {
		return
	}
	was := s.fate
	s.fate = lucky
	switch was {
	case unheard:
		p.kill()
		panic(http.ErrAbortHandler)
	case shaken:
		time.AfterFunc(time.Duration(o.rnd.IntN(8000))*time.Microsecond, p.kill)
	case late, blind:
		s.fate = was
	}
}

// shopTrouble loses answers of writes more often than of reads, and keeps some
// tracking numbers waiting longer than a sweep takes.
func (o *outside) shopTrouble(r *http.Request) wootest.Fault {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.quiet {
		return wootest.Fault{}
	}
	odds := 40
	if r.Method != http.MethodGet {
		odds = 10
	}
	if r.Method == http.MethodPost && strings.Contains(r.URL.Path, "shipment-trackings") {
		if o.numbers++; o.numbers%6 == 3 {
			return wootest.Slow(call / 2)
		}
	}
	if o.rnd.IntN(odds) != 0 {
		return wootest.Fault{}
	}
	faults := []wootest.Fault{wootest.LoseBefore(), wootest.LoseAfter(), wootest.HTML(500), wootest.HTMLAfter(500)}
	return faults[o.rnd.IntN(len(faults))]
}
