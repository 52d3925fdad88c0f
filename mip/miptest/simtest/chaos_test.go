package simtest

import (
	"net/http"
	"strings"
	"time"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip/miptest"
)

// mishap decides what happens to one call of a program, and lets others act
// before it.
func (w *world) mishap(p *program, at miptest.Point) miptest.Mishap {
	w.interrupt(p, at)
	if p.Dead() {
		return miptest.Fine
	}
	if w.fate != nil {
		return w.onTheLine(at, w.fate(at))
	}
	m := miptest.Fine
	if at.Port == "store" {
		m = w.chaos.Mishap(w.storeFaults, miptest.LostBefore, miptest.LostAfter, miptest.Repeated)
	}
	if m == miptest.Fine {
		m = w.chaos.Mishap(w.crashes, miptest.CrashBefore, miptest.CrashAfter, miptest.CrashLate, miptest.CrashAfter)
	}
	if adds := at.Port != "bigbuy" && strings.HasPrefix(at.Call, "POST"); m == miptest.Fine && at.Port != "store" && !adds {
		m = w.chaos.Mishap(w.storeFaults*4, miptest.Repeated)
	}
	if m == miptest.Repeated || m == miptest.CrashLate {
		w.loosen(at)
		w.mu.Lock()
		w.doubled = w.doubled || at.Port == "bigbuy"
		w.mu.Unlock()
	}
	if m != miptest.Fine {
		w.tell("    %s: %s %s: %s", p.name, at.Port, at.Call, mishaps[m])
	}
	return w.onTheLine(at, m)
}

// onTheLine lets a call be lost by a connection that breaks, where there are
// any: then the store itself has to say what it knows of the outcome.
func (w *world) onTheLine(at miptest.Point, m miptest.Mishap) miptest.Mishap {
	if w.lines == nil || at.Port != "store" {
		return m
	}
	switch m {
	case miptest.LostBefore, miptest.LostAfter:
		w.lines.Break(at.Number)
		return miptest.Fine
	case miptest.CrashLate:
		w.lines.Break(at.Number)
		return miptest.CrashAfter
	default:
		return m
	}
}

// loosen notes that a call may hit the rate limit through no fault of ours.
func (w *world) loosen(at miptest.Point) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.loose = w.loose || at.Port == "bigbuy"
}

var mishaps = map[miptest.Mishap]string{
	miptest.LostBefore: "lost before", miptest.LostAfter: "lost after", miptest.Repeated: "repeated",
	miptest.CrashBefore: "crash before", miptest.CrashAfter: "crash after", miptest.CrashLate: "crash, arrives late",
}

// interrupt lets somebody act before this call, if the plan says so.
func (w *world) interrupt(p *program, at miptest.Point) {
	if w.free {
		return
	}
	due := p.due()
	for _, d := range due {
		w.loosen(at) // its turn passes meanwhile
		w.tell("    %s: before call %d: %s", p.name, d.at, d.action)
		w.act(p, d.action)
	}
	if len(due) > 0 {
		p.rest()
	}
}

// bankFault decides what goes wrong with a call at BigBuy.
func (w *world) bankFault(c bigbuytest.Call) bigbuytest.Fault {
	w.arrived(c)
	if !w.chaos.Chance(w.bankFaults) {
		return bigbuytest.None
	}
	all := bigbuytest.Faults()
	f := all[w.chaos.Pick(len(all))]
	switch w.chaos.Pick(3) {
	case 1:
		f |= bigbuytest.AfterCommit
	case 2:
		f |= bigbuytest.LateCommit
	}
	w.mu.Lock()
	if f.Kind() == bigbuytest.Throttle {
		w.injected++
	}
	if reference := w.making(c); reference != "" {
		w.spoilt[reference] = true
	}
	w.mu.Unlock()
	w.tell("    bigbuy %s %s: %s", c.Method, c.Path, f)
	return f
}

// shopFault decides what goes wrong with a call at a shop.
func (w *world) shopFault(r *http.Request) wootest.Fault {
	if !w.chaos.Chance(w.shopFaults) {
		return wootest.Fault{}
	}
	all := []wootest.Fault{
		wootest.LoseBefore(), wootest.LoseAfter(), wootest.HangBefore(), wootest.HangAfter(), wootest.HTML(200), wootest.HTML(403),
		wootest.HTML(500), wootest.HTMLAfter(200), wootest.HTMLAfter(500), wootest.Throttle(429, "5"), wootest.Throttle(503, "2"),
		wootest.BOM(), wootest.Notice(), wootest.Slow(5 * time.Second),
	}
	i := w.chaos.Pick(len(all))
	w.tell("    shop %s %s: fault %d", r.Method, r.URL.Path, i)
	return all[i]
}
